"""How many leads of each stage a person has: counted, so that it need not be.

A row of `cargas` is a sum. What has changed since stands in `cargas_delta`, to which every writer
of leads appends, so that no two wait for each other over a sum. Derived rows without foreign keys.
"""

from typing import cast

from sqlalchemy import BigInteger, String, Table
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant
from models.types import Key


class Load(Tenant, Base):
    __tablename__ = "cargas"

    usuario_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    etapa: Mapped[str] = mapped_column(String(40), primary_key=True)
    n: Mapped[int]


class LoadChange(Tenant, Base):
    __tablename__ = "cargas_delta"

    id: Mapped[Key]
    usuario_id: Mapped[int] = mapped_column(BigInteger)
    etapa: Mapped[str] = mapped_column(String(40))
    n: Mapped[int]


LOAD_CHANGES = cast(Table, LoadChange.__table__)
