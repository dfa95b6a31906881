"""The lease on a lead, for those who write the lead: its place in the queue is locked with it, so
that nobody is given it meanwhile; and who held it last is told that the time is over."""

from functools import cache

from sqlalchemy import bindparam, select

from models.db.messages.queries import Query, compile_query
from models.db.statements import fetch_here
from models.derived.queue_entry import LEASES, QUEUE
from services.errors import Code, Conflict
from services.leads.matching import matches
from services.policy import leased_id, scope
from services.principal import Principal


class NoLease(Conflict):
    code = Code.SEM_RESERVA
    message = "Você não tem este lead reservado, ou a reserva acabou."


@cache
def place_lock() -> Query:
    """Holds the place of the lead `id`: a claim passes it over, and who skips it or gives it back
    waits. Taken after the lead."""
    one = (QUEUE.c.equipe_id == bindparam("equipe_id")) & (QUEUE.c.lead_id == bindparam("id"))
    held = select(QUEUE.c.lead_id).where(one).with_for_update(key_share=True)
    return compile_query(held, hot=True)


@cache
def own_place_lock() -> Query:
    """The same of the lead that the caller holds, if it is one of those that matches() finds.
    Parameters: those of scope() and of matches()."""
    found = select(matches().subquery().c.id)
    one = (QUEUE.c.equipe_id == bindparam("equipe_id")) & (QUEUE.c.lead_id == leased_id())
    held = select(QUEUE.c.lead_id).where(one, QUEUE.c.lead_id.in_(found))
    return compile_query(held.with_for_update(key_share=True, of=QUEUE), hot=True)


def was_theirs(caller: Principal, lead_id: int) -> bool:
    """Whether it is the lead that the caller was given last: others are told of no lead."""
    return bool(fetch_here(_last_query(), {**scope(caller), "lead_id": lead_id}))


@cache
def _last_query() -> Query:
    mine = [LEASES.c[name] == bindparam(name) for name in ("equipe_id", "usuario_id", "lead_id")]
    return compile_query(select(LEASES.c.lead_id).where(*mine), hot=True)
