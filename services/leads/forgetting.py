"""Leads that are to be gone for good, with all that follows from them and was done about them. The
history keeps that they were there: it holds no personal value."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Table, delete

from models.activity import ACTIVITIES
from models.db.messages.queries import Query, compile_query
from models.derived.lead_score import SCORES
from models.derived.lead_search import SEARCH_TEXTS
from models.derived.queue_entry import QUEUE
from models.derived.stay import STAYS
from models.lead import LEADS
from models.lead_contact import CONTACTS
from models.scoring.review import OVERRIDES, REVIEWS
from models.scoring.snapshot import SNAPSHOTS
from services.leads.deriving import loads
from services.leads.deriving.derive import these

# What hangs on a lead, in the order of locks.
_HANGS: tuple[Table, ...] = (
    SCORES,
    QUEUE,
    SEARCH_TEXTS,
    CONTACTS,
    ACTIVITIES,
    STAYS,
    SNAPSHOTS,
    REVIEWS,
    OVERRIDES,
)


@cache
def forgetting() -> Sequence[Query]:
    """What deletes the leads `ids` of `equipe_id`, which are held."""
    gone = compile_query(delete(LEADS).where(these(LEADS.c.equipe_id, LEADS.c.id)))
    # Whose they were is told by their scores.
    counted = compile_query(loads.again(these))
    hangs = [
        compile_query(delete(table).where(these(table.c.equipe_id, table.c.lead_id)))
        for table in _HANGS
    ]
    return [gone, counted, *hangs]
