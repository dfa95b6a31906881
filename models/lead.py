"""A prospect of a tenant, from first contact to won or lost."""

from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Numeric,
    String,
    Table,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant, team_fk
from models.stage import FIRST_STAGE
from models.types import CreatedAt, Key

MAX_SEARCH = 330  # characters of `busca`
TAG_LENGTH = 40  # characters of one label
MONEY_DIGITS, MONEY_PLACES = 14, 2


def _live_index(*columns: str, where: str | None = None) -> Index:
    """An index over live leads; `where` narrows it to the rows that have the value."""
    condition = f"excluido_em is null and {where}" if where else "excluido_em is null"
    return Index(None, "equipe_id", *columns, postgresql_where=text(condition))


class Lead(Tenant, Base):
    __tablename__ = "leads"
    __table_args__ = (
        *team_fk(
            ForeignKeyConstraint(
                ["equipe_id", "responsavel_id"], ["usuarios.equipe_id", "usuarios.id"]
            ),
            ForeignKeyConstraint(["equipe_id", "etapa"], ["etapas.equipe_id", "etapas.chave"]),
        ),
        CheckConstraint("versao > 0", name="versao"),
        # Every order of the list has its index; each is read backwards for the other direction.
        _live_index("criado_em", "id"),
        _live_index("atualizado_em", "id"),
        _live_index("valor", "id", where="valor is not null"),
        _live_index("proximo_contato_em", "id", where="proximo_contato_em is not null"),
        _live_index("etapa", "criado_em", "id"),
        _live_index("responsavel_id", "criado_em", "id", where="responsavel_id is not null"),
        Index(
            None,
            "equipe_id",
            "excluido_em",
            "id",
            postgresql_where=text("excluido_em is not null"),
        ),
        # The duplicate search of every create.
        _live_index("documento", where="documento is not null"),
        _live_index("email", where="email is not null"),
        _live_index("telefone_chave", where="telefone_chave is not null"),
        Index(
            None,
            "equipe_id",
            "id_externo",
            unique=True,
            postgresql_where=text("excluido_em is null and id_externo is not null"),
        ),
    )

    id: Mapped[Key]
    nome: Mapped[str] = mapped_column(String(160))
    email: Mapped[str | None] = mapped_column(String(254))
    telefone: Mapped[str | None] = mapped_column(String(20))
    telefone_chave: Mapped[str | None] = mapped_column(String(20))
    documento: Mapped[str | None] = mapped_column(String(14))
    empresa: Mapped[str | None] = mapped_column(String(160))
    cidade: Mapped[str | None] = mapped_column(String(120))
    uf: Mapped[str | None] = mapped_column(String(2))
    produto: Mapped[str | None] = mapped_column(String(80))
    valor: Mapped[Decimal | None] = mapped_column(Numeric(MONEY_DIGITS, MONEY_PLACES))
    renda_mensal: Mapped[Decimal | None] = mapped_column(Numeric(MONEY_DIGITS, MONEY_PLACES))
    origem: Mapped[str | None] = mapped_column(String(80))
    campanha: Mapped[str | None] = mapped_column(String(120))
    etiquetas: Mapped[list[str]] = mapped_column(
        ARRAY(String(TAG_LENGTH)), server_default="{}", default=list
    )
    etapa: Mapped[str] = mapped_column(String(40), server_default=FIRST_STAGE, default=FIRST_STAGE)
    motivo_perda: Mapped[str | None] = mapped_column(String(200))
    responsavel_id: Mapped[int | None] = mapped_column(BigInteger)
    proximo_contato_em: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ultimo_contato_em: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    fechado_em: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    atributos: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}", default=dict)
    id_externo: Mapped[str | None] = mapped_column(String(120))
    # Name and company folded to lower-case ASCII: what `q` searches.
    busca: Mapped[str] = mapped_column(String(MAX_SEARCH), server_default="")
    versao: Mapped[int] = mapped_column(server_default="1", default=1)
    criado_em: Mapped[CreatedAt]
    atualizado_em: Mapped[CreatedAt]
    excluido_em: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


LEADS = cast(Table, Lead.__table__)
