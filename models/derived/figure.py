"""The figures of a tenant, counted as its leads change: sums in cells, and what changed since.

Triggers on `leads`, `lead_pontuacao` and `permanencias` append to `metricas_delta`: a row is what a
lead, or a stay of one, adds to the figures (`sinal` 1) or no longer adds (-1), as it stood. A fold
takes these rows and adds them to the cells; figures are the cells and the rows not folded yet.
Derived rows without foreign keys. Migration 0024 has the functions that write them.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import cast

from sqlalchemy import (
    BigInteger,
    DateTime,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    String,
    Table,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant
from models.types import Key

# Of a tenant's origens, and of its produtos, so many have cells of their own: those that came
# first. The others share one, under a key that no folded text is.
NAMED = 200
OTHERS = "\x01"
# Of moments that no calendar of ours has, and of months that nobody has said.
NO_DAY = -2_147_483_648
_Moment = Mapped[datetime | None]


def _moment() -> Mapped[datetime | None]:
    return mapped_column(DateTime(timezone=True))


def _text(length: int) -> Mapped[str]:
    return mapped_column(String(length), primary_key=True)


class FigureChange(Tenant, Base):
    __tablename__ = "metricas_delta"

    id: Mapped[Key]
    sinal: Mapped[int] = mapped_column(SmallInteger)
    # Whether it is a stay of a lead; `etapa` is then that of the stay, and `tipo` still the lead's.
    de_permanencia: Mapped[bool]
    etapa: Mapped[str] = mapped_column(String(40))
    tipo: Mapped[str] = mapped_column(String(8))
    faixa: Mapped[str | None] = mapped_column(String(8))
    responsavel_id: Mapped[int | None] = mapped_column(BigInteger)
    origem: Mapped[str | None] = mapped_column(String(80))
    origem_chave: Mapped[str | None] = mapped_column(String(320))
    produto: Mapped[str | None] = mapped_column(String(80))
    produto_chave: Mapped[str | None] = mapped_column(String(320))
    valor_centavos: Mapped[int | None] = mapped_column(BigInteger)
    probabilidade: Mapped[float | None]
    criado_em: _Moment = _moment()
    fechado_em: _Moment = _moment()
    previsto_para: Mapped[date | None]
    primeira_resposta_em: _Moment = _moment()
    proximo_contato_em: _Moment = _moment()
    entrou_em: _Moment = _moment()
    saiu_em: _Moment = _moment()
    primeira: Mapped[bool | None]
    # Whether the lead was lost when it left the stage.
    perdido: Mapped[bool | None]


class FigureCell(Tenant, Base):
    """A sum. `grao` says which of responsável (1), origem (2) and produto (4) it is of; those it is
    not of are 0 or empty, as is the key of leads that have none. `quando`: a day, an hour or a
    month, as a number; `balde`: a duration's bucket, or months since creation."""

    __tablename__ = "metricas_celulas"
    __table_args__ = (
        # Half of its pages' changes are of sums alone, and stay on their page.
        {"postgresql_with": {"fillfactor": 80}},
    )

    fato: Mapped[str] = _text(16)
    grao: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    responsavel_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    origem: Mapped[str] = _text(320)
    produto: Mapped[str] = _text(320)
    quando: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    chave: Mapped[str] = _text(40)
    tipo: Mapped[str] = _text(8)
    balde: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(BigInteger)
    valor: Mapped[Decimal] = mapped_column(Numeric)
    # Open leads that have a probability, the sum of v·p, and that of v²·p·(1 − p).
    pesados: Mapped[int] = mapped_column(BigInteger)
    ponderado: Mapped[Decimal] = mapped_column(Numeric)
    variancia: Mapped[Decimal] = mapped_column(Numeric)


class FigureName(Tenant, Base):
    """An origem or a produto by its folded text, as it was first written; `n`: of how many leads.
    `dentro`: whether it has cells of its own."""

    __tablename__ = "metricas_nomes"
    __table_args__ = (
        Index(
            "ix_metricas_nomes_fora",
            "equipe_id",
            "campo",
            postgresql_where=text("not dentro and n > 0"),
        ),
    )

    campo: Mapped[str] = _text(8)
    chave: Mapped[str] = _text(320)
    nome: Mapped[str] = mapped_column(String(80))
    dentro: Mapped[bool]
    n: Mapped[int] = mapped_column(BigInteger)


class FigureBase(Tenant, Base):
    """How many changes were folded, and by which calendar: that of the tenant's zone when all its
    leads were last counted."""

    __tablename__ = "metricas_base"

    fuso: Mapped[str] = mapped_column(String(64))
    lei: Mapped[int]
    dobrados: Mapped[int] = mapped_column(BigInteger, server_default="0")


class ZoneDays(Base):
    """The calendar of a time zone: days of 24 hours in a row, from an instant on. Global table. A
    change of its law is another calendar, `lei`: what was counted by one is not read by another.

    PostgreSQL has time zones of its own, which may be older or newer than ours.
    """

    __tablename__ = "fusos_dias"

    fuso: Mapped[str] = _text(64)
    lei: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    de: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    # The number of the first of these days, since 1970, and how many there are.
    dia: Mapped[int]
    dias: Mapped[int]


BASES = cast(Table, FigureBase.__table__)
ZONE_DAYS = cast(Table, ZoneDays.__table__)
