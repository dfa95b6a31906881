"""The statements of a claim. Each range of the queue is walked along an index from its best row to
the first one that is free, which is locked; rows that others hold locked are passed over.

The lease is written into the row that was locked, in no column of an index: it stays on its page.
Parameters: equipe_id, usuario_id, hoje (when the equipe's day began), qualquer_hora, fechadas.
"""

from functools import cache

from models.db.messages.prepared import BY_INDEX
from models.db.messages.queries import Query
from models.derived.queue_entry import FREE_FROM, SOMEBODYS
from services.queue.hours import NOWHERE

MOST_WOKEN = 100
_OF_TEAM = "f.equipe_id = %(equipe_id)s"
MINE = f"{_OF_TEAM} and f.dono = %(usuario_id)s"
NOBODYS = f"{_OF_TEAM} and f.dono = 0"
READY = "f.retorno_em is null and f.livre_em is null"
# As the indexes of promises have it.
FREE = f"(f.reservado_ate is null or f.reservado_ate <= now()) and {FREE_FROM} <= now()"
# After how long a promise is offered to others, by the tenant's row `c` of `configuracao`.
RETAKEN = "interval '1 minute' * (c.fila->>'retomada_min')::int"
# By their owners, for longer than this, which is an SQL interval.
MISSED = f"{SOMEBODYS} and f.retorno_em <= now() - {{0}}"
# Looked up by the key of each lead, so that the way through the queue stays its order.
_OPEN = (
    f" and (select coalesce(l.uf, '{NOWHERE}') from leads l where l.equipe_id = f.equipe_id "
    "and l.id = f.lead_id) <> all(cast(%(fechadas)s as text[]))"
)
_TODAY = "f.retorno_em >= %(hoje)s and f.retorno_em <= now()"
_OLDER = "f.retorno_em < %(hoje)s"
_OLDEST, _NEWEST = "f.retorno_em, f.lead_id", "f.retorno_em desc, f.lead_id desc"
_BEST = "f.ordem desc, f.lead_id"
_NONE = "'-infinity'::float8"

# Range → where it is and in which order, the first that has a free row gives the lead.
PROMISES = {
    "minhas_de_hoje": (f"{MINE} and {_TODAY}", _OLDEST),
    "minhas_antigas": (f"{MINE} and {_OLDER}", _NEWEST),
    "livres_de_hoje": (f"{NOBODYS} and {_TODAY}", _OLDEST),
    "livres_antigas": (f"{NOBODYS} and {_OLDER}", _NEWEST),
    # Own ones were offered before, if any was free.
    "perdidas": (f"{_OF_TEAM} and {MISSED.format('(select retomada from pode)')}", _OLDEST),
}
_HELD = (
    "exists (select from reservas r join fila f on f.equipe_id = r.equipe_id "
    "and f.lead_id = r.lead_id and f.reservado_por = r.usuario_id and f.reservado_ate > now() "
    "where r.equipe_id = %(equipe_id)s and r.usuario_id = %(usuario_id)s)"
)
# One row if the caller may be given a lead, with the settings that this takes.
_MAY = (
    f"select {RETAKEN} as retomada, "
    "interval '1 minute' * (c.fila->>'reserva_min')::int as reserva "
    "from configuracao c where c.equipe_id = %(equipe_id)s "
    f"and (%(qualquer_hora)s or c.fila->>'horario' is null) and not {_HELD}"
)

# Whatever was analyzed since they were prepared.
FIRST = Query(BY_INDEX.removesuffix("; "), {})
# Two claims of one person come one after the other.
LOCK = Query(
    "insert into reservas (equipe_id, usuario_id, lead_id, ate) "
    "values (%(equipe_id)s, %(usuario_id)s, 0, now()) "
    "on conflict (equipe_id, usuario_id) do update set ate = excluded.ate where false",
    {},
    hot=True,
)
# Leads that have rested; those that nobody may call yet rest on.
WAKE = Query(
    "with frias as materialized (select f.lead_id from fila f "
    f"where {_OF_TEAM} and f.dono in (%(usuario_id)s, 0::bigint) and f.livre_em <= now() "
    f"limit {MOST_WOKEN} for update skip locked) "
    "update fila f set livre_em = case when f.nao_antes_de > now() then f.nao_antes_de end "
    f"where {_OF_TEAM} and f.lead_id = any(array(select lead_id from frias))",
    {},
    hot=True,
)


# Not a join, nor is the one above: among many small tenants PostgreSQL expects a few leads of each,
# and would look for the one in all of a large one's.
_LEASE = (
    "update fila f set reservado_por = %(usuario_id)s, "
    "reservado_ate = now() + (select reserva from pode) "
    f"where {_OF_TEAM} and f.lead_id = (select lead_id from escolhido limit 1) "
    "returning f.lead_id, f.reservado_ate"
)
_REMEMBERED = (
    "update reservas r set lead_id = dado.lead_id, ate = dado.reservado_ate from dado "
    "where r.equipe_id = %(equipe_id)s and r.usuario_id = %(usuario_id)s"
)


@cache
def claim(filtered: bool) -> Query:
    """Lease the next lead to the caller, whose row of `reservas` is locked, unless they hold one.
    `filtered`: none where it is closed."""
    extra = _OPEN if filtered else ""
    promised = _promised(extra)
    ready = _ready(extra, list(promised))
    looked_in = [name for name in (*promised, *ready) if name != "meu"]
    chosen = " union all ".join(f"select lead_id from {name}" for name in looked_in)
    parts = {"pode": _MAY, **promised, **ready, "escolhido": chosen, "dado": _LEASE}
    ctes = ", ".join(f"{name} as materialized ({sql})" for name, sql in parts.items())
    return Query(f"with {ctes} {_REMEMBERED}", {"fechadas": []}, hot=True)


def _promised(extra: str) -> dict[str, str]:
    """Each range of promises, looked in where those before it have none that is free."""
    parts: dict[str, str] = {}
    for name, (where, order) in PROMISES.items():
        parts[name] = _locked(_none_in(*parts), where + extra, order)
    return parts


def _ready(extra: str, before: list[str]) -> dict[str, str]:
    """Of the ready leads the caller's own and nobody's compete by their order.

    The best own one is looked at without a lock; nobody's must be better. Others may be about to
    take nobody's best: the next one is looked for, and only where none is as good it is the own
    one's turn. If that was taken meanwhile, it is nobody's turn after all.
    """
    mine, free = (f"{whose} and {READY}{extra}" for whose in (MINE, NOBODYS))
    # For PostgreSQL a COALESCE that is compared might leak: it would use no index for it.
    own = (
        f"select coalesce((select f.ordem from fila f where {_none_in(*before)} and {mine} "
        f"and {FREE} order by {_BEST} limit 1), {_NONE}) as ordem"
    )
    better = f"{free} and f.ordem > (select ordem from meu)"
    taken = f"exists (select from meu where ordem > {_NONE})"
    return {
        "meu": own,
        "melhor_livre": _locked(_none_in(*before), better, _BEST),
        "proprio": _locked(_none_in(*before, "melhor_livre"), mine, _BEST),
        "livre": _locked(
            f"{taken} and {_none_in(*before, 'melhor_livre', 'proprio')}", free, _BEST
        ),
    }


def _none_in(*earlier: str) -> str:
    """A condition that is asked once, before a range is walked."""
    return " and ".join(
        ["exists (select from pode)", *(f"not exists (select from {name})" for name in earlier)]
    )


def _locked(when: str, where: str, order: str) -> str:
    return (
        f"select f.lead_id from fila f where {when} and {where} and {FREE} "
        f"order by {order} limit 1 for update of f skip locked"
    )
