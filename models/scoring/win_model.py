"""What was learned from a tenant's closed leads, one row per training."""

from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import BigInteger, DateTime, Integer, String, Table
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant, team_fk


class ModelState(StrEnum):
    EM_USO = "em_uso"
    SUBSTITUIDO = "substituido"
    # Trained, and not adopted: worse than the one in use, or too little to learn from.
    RECUSADO = "recusado"


class WinModel(Tenant, Base):
    __tablename__ = "modelos"
    __table_args__ = team_fk()

    versao: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    estado: Mapped[str] = mapped_column(String(12))
    treinado_em: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    # Closed leads that it has seen, and how many of them were won.
    n: Mapped[int]
    ganhos: Mapped[int]
    # What the training was asked for.
    parametros: Mapped[dict[str, Any]] = mapped_column(JSONB)
    # The points by which leads are scored, None where nothing could be learned.
    cartao: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    # How good it is, on leads that it had not seen: what GET /scores/model shows.
    relatorio: Mapped[dict[str, Any]] = mapped_column(JSONB)
    trabalho_id: Mapped[int | None] = mapped_column(BigInteger)


MODELS = cast(Table, WinModel.__table__)
