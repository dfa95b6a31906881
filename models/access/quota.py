"""Counters of attempts, shared by every process of the installation."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base
from models.types import Instant


class Quota(Base):
    """Unlogged: losing the counters in a crash is cheaper than one fsync per attempt."""

    __tablename__ = "limites"
    __table_args__ = {"prefixes": ["UNLOGGED"]}  # noqa: RUF012

    chave: Mapped[str] = mapped_column(String(200), primary_key=True)
    contador: Mapped[int]
    expira_em: Mapped[Instant]
