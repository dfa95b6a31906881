"""Whose turn it is to import: at most one live row per tenant, valid until `ate`.

A lock would hold a connection for as long as a body takes to arrive. A lease holds none.
"""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant
from models.types import Instant


class ImportTurn(Tenant, Base):
    """Unlogged: a crash of the server ends every import, and so every turn."""

    __tablename__ = "importacao_vez"
    __table_args__ = {"prefixes": ["UNLOGGED"]}  # noqa: RUF012

    titular: Mapped[str] = mapped_column(String(32))
    ate: Mapped[Instant]
