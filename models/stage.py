"""The columns of a tenant's funnel."""

from datetime import datetime
from typing import cast

from sqlalchemy import CheckConstraint, DateTime, SmallInteger, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant, team_fk
from models.types import Folded, Key, StageKind
from utils.text import fold

# chave, nome, tipo: what every new tenant starts with, in order.
DEFAULT_STAGES = (
    ("novo", "Novo", StageKind.ABERTA),
    ("contatado", "Contatado", StageKind.ABERTA),
    ("qualificado", "Qualificado", StageKind.ABERTA),
    ("proposta", "Proposta", StageKind.ABERTA),
    ("ganho", "Ganho", StageKind.GANHA),
    ("perdido", "Perdido", StageKind.PERDIDA),
)
MAX_KEY, MAX_NAME = 40, 80  # characters


class Stage(Tenant, Base):
    __tablename__ = "etapas"
    __table_args__ = (
        *team_fk(),
        UniqueConstraint("equipe_id", "chave"),
        CheckConstraint("tipo in ('aberta', 'ganha', 'perdida')", name="tipo"),
    )

    id: Mapped[Key]
    # What a stage is known by; it never changes, and its name may.
    chave: Mapped[str] = mapped_column(String(MAX_KEY))
    nome: Mapped[str] = mapped_column(String(MAX_NAME))
    nome_chave: Mapped[Folded]
    tipo: Mapped[str] = mapped_column(String(8))
    ordem: Mapped[int] = mapped_column(SmallInteger)
    # Days that a lead should stay at the most.
    prazo_dias: Mapped[int | None] = mapped_column(SmallInteger)
    arquivada_em: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @staticmethod
    def defaults() -> "list[Stage]":
        return [
            Stage(chave=chave, nome=nome, nome_chave=fold(nome), tipo=tipo, ordem=ordem)
            for ordem, (chave, nome, tipo) in enumerate(DEFAULT_STAGES, start=1)
        ]


STAGES = cast(Table, Stage.__table__)
