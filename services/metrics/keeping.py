"""Brings the cells up to date: what has changed is folded into them, or all is counted anew."""

import time

from models.db.messages.queries import Query
from models.db.statements import execute_here, fetch, fetch_here
from services.metrics.calendar import ensure, zone_of

_PENDING = Query("select exists (select from metricas_delta where equipe_id = %(equipe_id)s)", {})
# So many at a time: a step of a second at most.
_MOST = 10_000
_FOLD = Query("select metricas_dobrar(%(equipe_id)s, %(maximo)s)", {"maximo": _MOST})
# A reader who finds more than this folds them first, for so long: each would be looked at again by
# whoever reads next.
_MANY = 2_000
_PATIENCE = 4.0  # seconds
_PAUSE = 0.1
_FOLD_AND_COUNT = Query(
    "select metricas_dobrar(%(equipe_id)s, %(maximo)s), "
    "(select count(*) from metricas_delta where equipe_id = %(equipe_id)s)",
    {"maximo": _MOST},
)
_IS_MUCH = Query(
    "select count(*) = %(maximo)s from (select from metricas_delta "
    "where equipe_id = %(equipe_id)s limit %(maximo)s) algumas",
    {"maximo": _MOST},
)
_RECOUNT = Query("select metricas_recontar(%(equipe_id)s, %(fuso)s, %(lei)s)", {})
# However many leads there are.
_UNLIMITED = Query("set local statement_timeout = 0", {})
# Of days that are over, and of leads that were corrected. Who folds writes cells, too.
_DROP = Query(
    "delete from metricas_celulas where equipe_id = %(equipe_id)s and n = 0 and valor = 0 "
    "and pesados = 0 and ponderado = 0 and variancia = 0",
    {},
)
# The lock that metricas_dobrar takes; its name stands in that function of the schema, too.
_TRY_TURN = Query(
    "select pg_try_advisory_xact_lock(hashtextextended('metricas ' || %(equipe_id)s, 0))", {}
)
# Of words that no lead has any more, those without cells, which may be very many, and those that
# hold a place that another one could have.
_UNSAID = (
    "delete from metricas_nomes m where m.equipe_id = %(equipe_id)s and m.n = 0 "
    "and not exists (select from metricas_delta d cross join lateral (values "
    "('origem', d.origem_chave), ('produto', d.produto_chave)) w(campo, chave) "
    "where d.equipe_id = %(equipe_id)s and w.campo = m.campo and w.chave = m.chave) "
)
_FORGET = (
    Query(_UNSAID + "and not m.dentro", {}),
    Query(
        _UNSAID + "and m.dentro and not exists (select from metricas_celulas c "
        "cross join lateral (values ('origem', c.origem), ('produto', c.produto)) w(campo, chave) "
        "where c.equipe_id = %(equipe_id)s and w.campo = m.campo and w.chave = m.chave)",
        {},
    ),
)


def fold(equipe_id: int) -> bool:
    """One step of it; whether nothing is left. Where somebody else folds just now, they do it."""
    values = {"equipe_id": equipe_id}
    ((pending,),) = fetch_here(_PENDING, values)
    if not pending:
        return True
    ((folded,),) = fetch_here(_FOLD, values)
    return int(folded) < _MOST


def fold_much(equipe_id: int) -> None:
    """One step, once there is enough for a whole one."""
    ((much,),) = fetch_here(_IS_MUCH, {"equipe_id": equipe_id})
    if much:
        fold(equipe_id)


def fold_before_reading(equipe_id: int, pending: int) -> None:
    """Outside any transaction: each step is one. Writers wait for none of it; where somebody else
    is at it, they are waited for."""
    until = time.monotonic() + _PATIENCE
    while pending > _MANY and time.monotonic() < until:
        ((folded, found),) = fetch(_FOLD_AND_COUNT, {"equipe_id": equipe_id}, equipe_id=equipe_id)
        pending = int(found) - int(folded)
        if not folded:
            time.sleep(_PAUSE)


def drop_empty(equipe_id: int) -> None:
    """Cells without anything in them go, and then the words that none is about. Where somebody
    folds just now, another day."""
    values = {"equipe_id": equipe_id}
    ((ours,),) = fetch_here(_TRY_TURN, values)
    if ours:
        for query in (_DROP, *_FORGET):
            execute_here(query, values)


def recount(equipe_id: int) -> int | None:
    """Count all figures anew, by the tenant's zone; how many were wrong, None where somebody folds
    just now. The transaction has to be of one moment."""
    execute_here(_UNLIMITED, {})
    zone = zone_of(equipe_id)
    values = {"equipe_id": equipe_id, "fuso": zone, "lei": ensure(zone)}
    ((wrong,),) = fetch_here(_RECOUNT, values)
    return None if wrong is None else int(wrong)
