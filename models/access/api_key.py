"""A key that a machine client signs in with. Global table: a key is looked up before its tenant is
known."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    LargeBinary,
    Select,
    String,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base
from models.types import CreatedAt, Key

MAX_NAME = 80


class ApiKey(Base):
    __tablename__ = "chaves"
    __table_args__ = (
        ForeignKeyConstraint(["equipe_id", "usuario_id"], ["usuarios.equipe_id", "usuarios.id"]),
        CheckConstraint("role in ('gestor', 'vendedor')", name="role"),
    )

    id: Mapped[Key]
    equipe_id: Mapped[int] = mapped_column(BigInteger, index=True)
    # The gestor who made it; the key acts in their name.
    usuario_id: Mapped[int] = mapped_column(BigInteger)
    nome: Mapped[str] = mapped_column(String(MAX_NAME))
    role: Mapped[str] = mapped_column(String(16))
    # SHA-256 of 32 random bytes: they cannot be guessed, so the hash need not be slow.
    resumo: Mapped[bytes] = mapped_column(LargeBinary)
    criado_em: Mapped[CreatedAt]
    expira_em: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revogada_em: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @staticmethod
    def of_team(equipe_id: int) -> "Select[ApiKey]":
        """The keys of one tenant that have not been revoked, newest last."""
        return (
            select(ApiKey)
            .where(ApiKey.equipe_id == equipe_id, ApiKey.revogada_em.is_(None))
            .order_by(ApiKey.id)
        )
