"""What people say of a score: that it be looked at by a person, and what that person decides."""

from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    DateTime,
    Identity,
    Index,
    SmallInteger,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant
from models.types import CreatedAt

MAX_REASON = 2_000  # characters


class ReviewState(StrEnum):
    ABERTA = "aberta"
    # The score stays, or was set right.
    MANTIDA = "mantida"
    CORRIGIDA = "corrigida"


class Review(Tenant, Base):
    __tablename__ = "revisoes"
    __table_args__ = (
        Index(None, "equipe_id", "lead_id", "id"),
        Index(None, "equipe_id", "id", postgresql_where=text("estado = 'aberta'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    lead_id: Mapped[int] = mapped_column(BigInteger)
    estado: Mapped[str] = mapped_column(String(12), server_default=ReviewState.ABERTA.value)
    motivo: Mapped[str] = mapped_column(Text)
    # The score that is contested, with its versions and reasons.
    contestado: Mapped[dict[str, Any]] = mapped_column(JSONB)
    criado_em: Mapped[CreatedAt]
    usuario_id: Mapped[int | None] = mapped_column(BigInteger)
    chave_id: Mapped[int | None] = mapped_column(BigInteger)
    resposta: Mapped[str | None] = mapped_column(Text)
    decidida_em: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decidida_por: Mapped[int | None] = mapped_column(BigInteger)


class Override(Tenant, Base):
    """The score that a gestor gives a lead for a while; the computed one stays beside it."""

    __tablename__ = "ajustes"

    lead_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    score: Mapped[int] = mapped_column(SmallInteger)
    motivo: Mapped[str] = mapped_column(Text)
    ate: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    usuario_id: Mapped[int] = mapped_column(BigInteger)
    criado_em: Mapped[CreatedAt]


REVIEWS = cast(Table, Review.__table__)
OVERRIDES = cast(Table, Override.__table__)
