"""A person who signs in. Global table: an e-mail exists once in the whole installation."""

from datetime import datetime
from typing import cast

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    LargeBinary,
    Select,
    String,
    Table,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base
from models.types import CreatedAt, Key, Role

EMAIL_UNIQUE = "uq_usuarios_email"
MAX_NAME = 120


class User(Base):
    __tablename__ = "usuarios"
    __table_args__ = (
        # The target of (equipe_id, responsavel_id): a lead's owner is of the lead's equipe.
        UniqueConstraint("equipe_id", "id"),
        CheckConstraint("role in ('gestor', 'vendedor')", name="role"),
        CheckConstraint("email = lower(email)", name="email_minusculo"),
    )

    id: Mapped[Key]
    equipe_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("equipes.id"))
    nome: Mapped[str] = mapped_column(String(MAX_NAME))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    # None until the person has chosen one, by the code below.
    senha_hash: Mapped[str | None] = mapped_column(String(255))
    codigo_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    codigo_expira_em: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    role: Mapped[str] = mapped_column(String(16))
    ativo: Mapped[bool] = mapped_column(server_default="true", default=True)
    # How many open leads they can care for, None: any number.
    capacidade: Mapped[int | None]
    # Until then they are away, and are given no leads by themselves.
    ausente_ate: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    fundador: Mapped[bool] = mapped_column(server_default="false", default=False)
    criado_em: Mapped[CreatedAt]

    @staticmethod
    def of_team(equipe_id: int) -> "Select[User]":
        """All users of one tenant, in the order they joined."""
        return select(User).where(User.equipe_id == equipe_id).order_by(User.id)

    @staticmethod
    def in_team(equipe_id: int, usuario_id: int) -> "Select[User]":
        """One user, if they belong to this tenant."""
        return select(User).where(User.equipe_id == equipe_id, User.id == usuario_id)

    @staticmethod
    def by_email(email: str) -> "Select[User]":
        """The account of a typed e-mail."""
        return select(User).where(User.email == email.strip().lower())

    @staticmethod
    def locked(statement: "Select[User]") -> "Select[User]":
        """Lock the user, so that a login in progress finishes first or sees the change.

        Rows that only refer to the user (a lead's responsável) can still be written.
        """
        return statement.with_for_update(key_share=True)

    @staticmethod
    def active_managers(equipe_id: int) -> "Select[User]":
        return User.of_team(equipe_id).where(User.role == Role.GESTOR, User.ativo)


USERS = cast(Table, User.__table__)
