"""After other settings a queue is brought into line with them: at once where an equipe has few
leads and nobody is writing them, else by the job that the caller of refit() asks for."""

from sqlalchemy import text

from models.db import db
from services.leads.deriving.derive import queue_again

MOST_AT_ONCE = 1_000
# Settings that the rows of a queue follow from; the others are looked at when somebody asks.
PLACING = ("gama", "tentativas", "esperas_h", "intervalo_min")
_LIVE = "from leads where equipe_id = :equipe_id and excluido_em is null"
_COUNT = f"select count(*) from (select 1 {_LIVE} limit :mais) alguns"
# Whoever changes the settings holds the gestores, for whom a writer of leads may be waiting.
_HOLD = f"select id {_LIVE} order by id for no key update skip locked"


def refit(equipe_id: int) -> bool:
    """Bring the queue into line; False where a job has to."""
    asked = {"equipe_id": equipe_id, "mais": MOST_AT_ONCE + 1}
    count = db.session.scalar(text(_COUNT), asked) or 0
    if count > MOST_AT_ONCE:
        return False
    held = list(db.session.scalars(text(_HOLD), {"equipe_id": equipe_id}))
    queue_again(lambda equipe, lead: (equipe == equipe_id) & lead.in_(held))
    return len(held) >= count
