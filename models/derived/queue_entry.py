"""Who is called next: a row for each lead that may be offered, and what each person holds of it.

Derived rows without foreign keys. A lead that is closed, deleted or not to be contacted has none.
"""

from datetime import datetime
from typing import cast

from sqlalchemy import BigInteger, DateTime, Double, Index, SmallInteger, Table, text
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant
from models.types import Folded, Instant

NO_OWNER = 0
_READY = "retorno_em is null and livre_em is null"
_PROMISED = "retorno_em is not null"
# As the condition of one person's leads does not imply it, PostgreSQL never walks all people's
# promises in search of theirs.
SOMEBODYS = f"(dono <> {NO_OWNER}) is not false"
_OWNED = f"{_PROMISED} and {SOMEBODYS}"
# From when on it may be offered. Last in an index, so that those of later are passed over there:
# of their rows each would be another page.
FREE_FROM = "GREATEST(nao_antes_de, '-infinity'::timestamp with time zone)"
_RESTING = "livre_em is not null"


class QueueEntry(Tenant, Base):
    __tablename__ = "fila"
    __table_args__ = (
        Index(
            "ix_fila_equipe_id_dono_ordem_lead_id",
            "equipe_id",
            "dono",
            text("ordem desc"),
            "lead_id",
            postgresql_where=text(_READY),
        ),
        Index(
            "ix_fila_equipe_id_dono_retorno_em_lead_id_nao_antes_de",
            "equipe_id",
            "dono",
            "retorno_em",
            "lead_id",
            text(FREE_FROM),
            postgresql_where=text(_PROMISED),
        ),
        # Those that somebody has made.
        Index(
            "ix_fila_equipe_id_retorno_em_lead_id_nao_antes_de",
            "equipe_id",
            "retorno_em",
            "lead_id",
            text(FREE_FROM),
            postgresql_where=text(_OWNED),
        ),
        Index(None, "equipe_id", "dono", "livre_em", "lead_id", postgresql_where=text(_RESTING)),
        # Half-empty pages, so that a claim, which changes no column of an index, stays on its page.
        {"postgresql_with": {"fillfactor": 80}},
    )

    lead_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    # The lead's responsável, or NO_OWNER.
    dono: Mapped[int] = mapped_column(BigInteger, server_default="0")
    ordem: Mapped[float] = mapped_column(Double)
    # The lead's next contact, as promised.
    retorno_em: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    # Until when it rests after a result; a promise is kept all the same.
    livre_em: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    # Before this nobody is offered it, whatever was promised.
    nao_antes_de: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    # How often in a row nobody answered.
    tentativas: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    # The lease. It stands in the row that a claim locks: beside it, two would get the same lead.
    reservado_por: Mapped[int | None] = mapped_column(BigInteger)
    reservado_ate: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Lease(Tenant, Base):
    """The lead that a person was given last: locked first by whoever asks for the next one. It is
    held only as long as the lead's row says so too."""

    __tablename__ = "reservas"

    usuario_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    lead_id: Mapped[int] = mapped_column(BigInteger)
    ate: Mapped[Instant]


class TypicalValue(Tenant, Base):
    """The median value of a tenant's leads of one product, and of all (an empty text): what a lead
    without a value is taken to be worth in the queue."""

    __tablename__ = "valores_tipicos"

    produto_chave: Mapped[Folded] = mapped_column(primary_key=True)
    valor_centavos: Mapped[int] = mapped_column(BigInteger)


QUEUE = cast(Table, QueueEntry.__table__)
LEASES = cast(Table, Lease.__table__)
TYPICAL = cast(Table, TypicalValue.__table__)
