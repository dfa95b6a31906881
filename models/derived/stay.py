"""A lead's stay in a stage, from when it entered until it left.

Derived from the writes, and rebuildable from `eventos`; without foreign keys.
"""

from datetime import datetime
from typing import cast

from sqlalchemy import BigInteger, DateTime, SmallInteger, String, Table, false
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant
from models.types import Instant


class Stay(Tenant, Base):
    __tablename__ = "permanencias"

    lead_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    etapa: Mapped[str] = mapped_column(String(40))
    entrou_em: Mapped[Instant]
    saiu_em: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    # Whether the lead had not been in this stage before.
    primeira: Mapped[bool]
    # Whether entrou_em was told from outside.
    informada: Mapped[bool]
    # Whether the lead left this stage to be lost, and is lost since.
    perdida: Mapped[bool] = mapped_column(server_default=false())


STAYS = cast(Table, Stay.__table__)
