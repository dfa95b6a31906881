"""Brings the cells up to date: what has changed is folded into them, or all is counted anew."""

from models.db.messages.queries import Query
from models.db.statements import execute_here, fetch_here
from services.metrics.calendar import ensure, zone_of

_PENDING = Query("select exists (select from metricas_delta where equipe_id = %(equipe_id)s)", {})
_FOLD = Query("select metricas_dobrar(%(equipe_id)s)", {})
_RECOUNT = Query("select metricas_recontar(%(equipe_id)s, %(fuso)s, %(lei)s)", {})
# However many leads there are.
_UNLIMITED = Query("set local statement_timeout = 0", {})
# Of days that are over, and of leads that were corrected.
_DROP = Query(
    "delete from metricas_celulas where equipe_id = %(equipe_id)s and n = 0 and valor = 0 "
    "and pesados = 0 and ponderado = 0 and variancia = 0",
    {},
)


def fold(equipe_id: int) -> None:
    """Where somebody else folds just now, they do it."""
    values = {"equipe_id": equipe_id}
    ((pending,),) = fetch_here(_PENDING, values)
    if pending:
        execute_here(_FOLD, values)


def drop_empty(equipe_id: int) -> None:
    execute_here(_DROP, {"equipe_id": equipe_id})


def recount(equipe_id: int) -> int | None:
    """Count all figures anew, by the tenant's zone; how many were wrong, None where somebody folds
    just now. The transaction has to be of one moment."""
    execute_here(_UNLIMITED, {})
    zone = zone_of(equipe_id)
    values = {"equipe_id": equipe_id, "fuso": zone, "lei": ensure(zone)}
    ((wrong,),) = fetch_here(_RECOUNT, values)
    return None if wrong is None else int(wrong)
