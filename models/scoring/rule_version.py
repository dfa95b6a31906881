"""The rules of a tenant, one row per version. Version 0, which every tenant begins with, is code.

A draft has its number from the first day and is published under it. What was published is neither
changed nor deleted: scores name their version, and are explained by it.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import BigInteger, DateTime, Integer, String, Table
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant, team_fk
from models.types import CreatedAt


class RulesState(StrEnum):
    RASCUNHO = "rascunho"
    PUBLICADA = "publicada"
    SUBSTITUIDA = "substituida"


class RuleVersion(Tenant, Base):
    __tablename__ = "regras"
    __table_args__ = team_fk()

    versao: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    estado: Mapped[str] = mapped_column(String(12))
    # The version that it was begun from, or brings back.
    origem_versao: Mapped[int | None]
    definicao: Mapped[dict[str, Any]] = mapped_column(JSONB)
    criado_em: Mapped[CreatedAt]
    criado_por: Mapped[int | None] = mapped_column(BigInteger)
    atualizado_em: Mapped[CreatedAt]
    publicada_em: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    publicada_por: Mapped[int | None] = mapped_column(BigInteger)


RULES = cast(Table, RuleVersion.__table__)
