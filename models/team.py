"""The tenant: a sales team."""

from decimal import Decimal

from sqlalchemy import Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base
from models.types import CreatedAt, Key

MAX_NAME = 120
# The tenant of rows that belong to no team, such as refused logins of unknown e-mails.
NOBODY = 0
DEFAULT_ZONE = "America/Sao_Paulo"


class Team(Base):
    __tablename__ = "equipes"

    id: Mapped[Key]
    nome: Mapped[str] = mapped_column(String(MAX_NAME))
    fuso: Mapped[str] = mapped_column(String(64), server_default=DEFAULT_ZONE)
    taxa_ganho: Mapped[Decimal | None] = mapped_column(Numeric(5, 4))
    criado_em: Mapped[CreatedAt]
