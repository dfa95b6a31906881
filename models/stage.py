"""The columns of a tenant's funnel."""

from sqlalchemy import CheckConstraint, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant, team_fk
from models.types import Key, StageKind

# chave, nome, tipo: what every new tenant starts with, in order.
DEFAULT_STAGES = (
    ("novo", "Novo", StageKind.ABERTA),
    ("contatado", "Contatado", StageKind.ABERTA),
    ("qualificado", "Qualificado", StageKind.ABERTA),
    ("proposta", "Proposta", StageKind.ABERTA),
    ("ganho", "Ganho", StageKind.GANHA),
    ("perdido", "Perdido", StageKind.PERDIDA),
)
FIRST_STAGE = DEFAULT_STAGES[0][0]


class Stage(Tenant, Base):
    __tablename__ = "etapas"
    __table_args__ = (
        *team_fk(),
        UniqueConstraint("equipe_id", "chave"),
        CheckConstraint("tipo in ('aberta', 'ganha', 'perdida')", name="tipo"),
    )

    id: Mapped[Key]
    chave: Mapped[str] = mapped_column(String(40))
    nome: Mapped[str] = mapped_column(String(80))
    tipo: Mapped[str] = mapped_column(String(8))
    ordem: Mapped[int] = mapped_column(SmallInteger)

    @staticmethod
    def defaults() -> "list[Stage]":
        return [
            Stage(chave=chave, nome=nome, tipo=tipo, ordem=ordem)
            for ordem, (chave, nome, tipo) in enumerate(DEFAULT_STAGES, start=1)
        ]
