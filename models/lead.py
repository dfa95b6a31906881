"""A prospect of a tenant, from first contact to won or lost."""

from datetime import date, datetime
from typing import Any
from typing import cast as typed

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    DateTime,
    ForeignKeyConstraint,
    Index,
    String,
    Table,
    Text,
    cast,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant
from models.types import CreatedAt, Folded, Instant, Key

MAX_SEARCH = 330  # characters of `busca`
TAG_LENGTH = 40  # characters of one label
# Fields of money and their columns, which hold whole cents: PostgreSQL uses no index on `numeric`
# under row-level security. No other field is named differently on the wire and in the table.
CENTS = {"valor": "valor_centavos", "renda_mensal": "renda_centavos"}
FIELD_OF_CENTS = {column: name for name, column in CENTS.items()}
MONEY_DIGITS, MONEY_PLACES = 14, 2
# The columns of this table that give a list its order.
ORDERED = ("criado_em", "atualizado_em", "proximo_contato_em", "valor_centavos")
# Fields that are compared and grouped folded, and the columns that hold them so.
FOLDED = {"origem": "origem_chave", "produto": "produto_chave"}


def money_text(cents: ColumnElement[int]) -> ColumnElement[str]:
    """A column of CENTS as the text with two decimals that the wire carries."""
    rest = func.lpad(cast(cents % 100, Text), MONEY_PLACES, "0")
    return cast(cents // 100, Text) + "." + rest


def _live_index(*columns: str, where: str | None = None) -> Index:
    """An index over live leads; `where` narrows it to the rows that have the value."""
    condition = f"excluido_em is null and {where}" if where else "excluido_em is null"
    return Index(None, "equipe_id", *columns, postgresql_where=text(condition))


class Lead(Tenant, Base):
    __tablename__ = "leads"
    __table_args__ = (
        ForeignKeyConstraint(
            ["equipe_id", "responsavel_id"], ["usuarios.equipe_id", "usuarios.id"]
        ),
        # A stage points at its tenant, so the lead need not do it again.
        ForeignKeyConstraint(["equipe_id", "etapa"], ["etapas.equipe_id", "etapas.chave"]),
        CheckConstraint("versao > 0", name="versao"),
        # Every listed shape of the list has its index; each is read backwards for the other
        # direction. They hold the nulls too: those of an order are its second segment, and leads
        # without a responsavel are a list of their own. Orders by score are in lead_pontuacao.
        *(_live_index(name, "id") for name in ORDERED),
        *(_live_index("responsavel_id", name, "id") for name in ORDERED),
        _live_index("etapa", "criado_em", "id"),
        Index(
            None,
            "equipe_id",
            "excluido_em",
            "id",
            postgresql_where=text("excluido_em is not null"),
        ),
        Index(
            None,
            "equipe_id",
            "importacao_id",
            postgresql_where=text("importacao_id is not null"),
        ),
        # The duplicate search of every create; phones and e-mails are in lead_contatos.
        _live_index("documento", where="documento is not null"),
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
    produto_chave: Mapped[Folded | None]
    valor_centavos: Mapped[int | None] = mapped_column(BigInteger)
    renda_centavos: Mapped[int | None] = mapped_column(BigInteger)
    origem: Mapped[str | None] = mapped_column(String(80))
    origem_chave: Mapped[Folded | None]
    campanha: Mapped[str | None] = mapped_column(String(120))
    etiquetas: Mapped[list[str]] = mapped_column(ARRAY(String(TAG_LENGTH)), server_default="{}")
    etapa: Mapped[str] = mapped_column(String(40))
    etapa_desde: Mapped[Instant]
    # Whether etapa_desde was told from outside, and is not when the change was recorded.
    etapa_informada: Mapped[bool] = mapped_column(server_default="false")
    motivo_perda: Mapped[str | None] = mapped_column(String(200))
    responsavel_id: Mapped[int | None] = mapped_column(BigInteger)
    proximo_contato_em: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ultimo_contato_em: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    fechado_em: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    previsto_para: Mapped[date | None]
    primeira_resposta_em: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    nao_contatar_em: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    atributos: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    id_externo: Mapped[str | None] = mapped_column(String(120))
    importacao_id: Mapped[int | None] = mapped_column(BigInteger)
    mesclado_em_id: Mapped[int | None] = mapped_column(BigInteger)
    # Name and company folded to lower-case ASCII: what `q` looks for. lead_busca has it indexed.
    busca: Mapped[str] = mapped_column(String(MAX_SEARCH), server_default="")
    versao: Mapped[int] = mapped_column(server_default="1")
    criado_em: Mapped[CreatedAt]
    atualizado_em: Mapped[CreatedAt]
    excluido_em: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    apagado_em: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


LEADS = typed(Table, Lead.__table__)
