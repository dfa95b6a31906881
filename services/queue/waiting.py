"""When the next lead is for somebody to whom the queue gave none."""

from datetime import datetime
from typing import NamedTuple

from models.db.messages.queries import Query
from models.db.statements import fetch_here
from services.principal import Principal
from services.queue.claiming import asked
from services.queue.ranges import FREE, MINE, MISSED, NOBODYS, READY, RETAKEN

_THEIRS = "f.equipe_id = %(equipe_id)s and f.dono in (%(usuario_id)s, 0::bigint)"
_DUE = "f.retorno_em <= now()"
_MISSED = MISSED.format(f"(select {RETAKEN} from configuracao c where c.equipe_id = %(equipe_id)s)")


class Waiting(NamedTuple):
    """Whether a lead is free now, at some place where it is closed or in the hands of somebody who
    was a moment faster, and when the next one becomes free; None: no lead is theirs."""

    free: bool
    until: datetime | None


def _first(column: str, where: str, value: str | None = None) -> str:
    """Of the first by a column among the caller's own leads, and of nobody's."""
    return ", ".join(
        f"(select {value or column} from fila f where {whose} and {where} "
        f"order by {column} limit 1)"
        for whose in (MINE, NOBODYS)
    )


# Few hold a lease at a time, so leased leads are found from those who hold them.
_LEASED = (
    "(select min(f.reservado_ate) from reservas r join fila f on f.equipe_id = r.equipe_id "
    "and f.lead_id = r.lead_id and f.reservado_por = r.usuario_id "
    "where r.equipe_id = %(equipe_id)s and f.reservado_ate > now() "
    f"and (f.dono in (%(usuario_id)s, 0::bigint) and (f.retorno_em is null or {_DUE}) "
    f"or {_MISSED}))"
)
_BLOCKED = (
    f"(select min(f.nao_antes_de) from fila f where {_THEIRS} and {_DUE} "
    "and f.nao_antes_de > now())"
)
_QUERY = Query(
    "select "
    + " or ".join(
        f"exists (select from fila f where {where} and {FREE})"
        for where in (
            f"{MINE} and {READY}",
            f"{NOBODYS} and {READY}",
            f"{_THEIRS} and {_DUE}",
            f"f.equipe_id = %(equipe_id)s and {_MISSED}",
        )
    )
    + ", least("
    + ", ".join(
        (
            _LEASED,
            _BLOCKED,
            _first("f.livre_em", "f.retorno_em is null and f.livre_em > now()"),
            _first(
                "f.retorno_em", "f.retorno_em > now()", "greatest(f.retorno_em, f.nao_antes_de)"
            ),
        )
    )
    + ")",
    {},
)


def waiting(caller: Principal) -> Waiting:
    return Waiting(*fetch_here(_QUERY, asked(caller))[0])
