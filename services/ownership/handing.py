"""Gives the open leads of one person to others, or to nobody."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal

from models.db.messages.queries import Query
from models.db.statements import execute_here, fetch_here
from models.event import EventKind
from models.types import StageKind
from services.leads.unknown import unknown_member
from services.leads.writing.facts import hold_members
from services.leads.writing.many import Row, read_many, write_many
from services.leads.writing.sending import change_of
from services.ownership.loads import Loads, NobodyAvailable, read_loads, try_turn
from services.policy import cared_for_sql
from services.principal import Principal
from services.scores import current

# What may become of somebody's leads; a number is the user who gets them.
Recipient = int | Literal["manter", "liberar", "auto"]
KEEP: Literal["manter"] = "manter"
FREE: Literal["liberar"] = "liberar"
AUTO: Literal["auto"] = "auto"
# The kind of job that goes on with what is not done at once; its parameters are `de` and `para`.
JOB = "repasse"
# Leads of one transaction.
MOST = 1_000
_OWNER = "responsavel_id"
_OPEN = f"""
from leads where equipe_id = %(equipe_id)s and {cared_for_sql("leads", "%(de)s")}
  and excluido_em is null
  and etapa = any(array(
    select chave from etapas where equipe_id = %(equipe_id)s and tipo = 'aberta'))
"""  # noqa: S608 - texts of ours
_COUNT = Query(
    f"select count(*) from (select 1 {_OPEN} limit %(mais)s) alguns",  # noqa: S608 - texts of ours
    {},
)
_UNLOCKED = Query(
    f"select id {_OPEN} order by criado_em, id limit {MOST} for no key update skip locked", {}
)
_NEXT = Query(
    f"""
    select id, criado_em {_OPEN}
      and (criado_em, id) > (cast(%(apos)s as timestamptz), cast(%(apos_id)s as bigint))
    order by criado_em, id limit {MOST}
    """,
    {},
)
_END_LEASE = Query(
    """
    with sua as (
      delete from reservas where equipe_id = %(equipe_id)s and usuario_id = %(de)s
      returning lead_id
    )
    update fila set reservado_por = null, reservado_ate = null from sua
    where fila.equipe_id = %(equipe_id)s and fila.lead_id = sua.lead_id
      and fila.reservado_por = %(de)s
    """,
    {},
)


def hand_over_now(caller: Principal, person: int, to: Recipient) -> bool:
    """Give away what is open of theirs; whether something is left, for a job.

    The caller holds the equipe's gestores, and whoever writes a lead may be waiting for one of
    them: so nobody is waited for here. Leads that somebody else is writing are left, and all of
    them where they are more than MOST, somebody else distributes leads or changes how they are
    scored.
    """
    if open_leads(caller, person, most=MOST + 1) > MOST or not current.try_hold(caller.equipe_id):
        return True
    if to == AUTO and not try_turn(caller):
        return True
    found = fetch_here(_UNLOCKED, _of(caller, person))
    hand_over(caller, person, to, [lead_id for (lead_id,) in found])
    return open_leads(caller, person, most=1) > 0


def hand_over(caller: Principal, person: int, to: Recipient, ids: Sequence[int]) -> tuple[int, int]:
    """Give away those of these leads that are open and theirs: how many were given to somebody, and
    how many to nobody. Who distributes them has the turn (loads). A lead that nobody can take is
    nobody's: then the queue offers it to all."""
    leads = read_many(caller, sorted(ids), (_OWNER, "tipo"))
    theirs = [lead for lead in leads if _is_theirs(lead, person)]
    next_owner = _next_owner(caller, person, to)
    owners = [next_owner() for _ in theirs]
    if theirs:
        written = [_given(*each) for each in zip(theirs, owners, strict=True)]
        write_many(caller, written, (_OWNER,), EventKind.LEAD_ALTERADO)
    freed = owners.count(None)
    return len(owners) - freed, freed


def next_leads(caller: Principal, person: int, apos: str, apos_id: int) -> list[tuple[int, Any]]:
    """Their next MOST open leads behind one, in the order in which they were created."""
    values = {**_of(caller, person), "apos": apos, "apos_id": apos_id}
    return [(lead_id, created) for lead_id, created in fetch_here(_NEXT, values)]


def open_leads(caller: Principal, person: int, *, most: int | None = None) -> int:
    """How many they have; no more than `most` are counted."""
    ((count,),) = fetch_here(_COUNT, {**_of(caller, person), "mais": most})
    return int(count)


def end_lease(caller: Principal, person: int) -> None:
    """What somebody holds of the queue is free again."""
    execute_here(_END_LEASE, _of(caller, person))


def _next_owner(caller: Principal, person: int, to: Recipient) -> Callable[[], int | None]:
    """Whoever gets the next lead. Raises Invalid for a user who is not active any more."""
    if to == AUTO:
        return partial(_anybody, read_loads(caller, but=person))
    if not isinstance(to, int):
        return lambda: None
    if not hold_members(caller, [to]):
        raise unknown_member(caller.equipe_id)
    return lambda: to


def _anybody(loads: Loads) -> int | None:
    try:
        return loads.pick(None, opens=True)
    except NobodyAvailable:
        return None


def _is_theirs(lead: Row, person: int) -> bool:
    return bool(lead.columns[_OWNER] == person and lead.columns["tipo"] == StageKind.ABERTA)


def _given(lead: Row, owner: int | None) -> Any:
    after = {_OWNER: owner}
    return change_of(lead.id, lead.versao + 1, lead.columns, after, {_OWNER}), after


def _of(caller: Principal, person: int) -> dict[str, Any]:
    return {"equipe_id": caller.equipe_id, "de": person}
