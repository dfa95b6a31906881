"""Recording an activity about a lead that is held: what it says, what it changes of the lead and
what follows from both, in one message."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import exists

from models.db.messages.queries import Part, Query, compile_query
from models.db.statements import fetch_together
from models.derived.queue_entry import QUEUE
from models.lead import LEADS
from services.activities import rows, rules
from services.activities.facts import facts_of
from services.activities.outcomes import Outcome, outcome
from services.activities.retired import keeping
from services.activities.rows import NOTHING, Activity
from services.activities.rules import Effects
from services.leads.deriving.derive import ACTIVITIES, ATTEMPTS
from services.leads.reading.singles import Single, one_lead
from services.leads.writing.changes import changed_fields
from services.leads.writing.facts import Facts as LeadFacts
from services.leads.writing.holding import Held
from services.leads.writing.sending import changing, following
from services.policy import scope
from services.principal import Principal


class Recorded(NamedTuple):
    """An activity and its lead; `left`: the result by which the lead has left the queue."""

    activity: Activity
    lead: Single
    left: str | None


class Turn(NamedTuple):
    """An activity as it will be, and what follows for its lead; `ended`: it is one of the promises
    that end with it."""

    after: Mapping[str, Any]
    effects: Effects
    lead: Outcome
    ended: bool = False


def create(
    caller: Principal, held: Held, looked_up: LeadFacts, said: Mapping[str, Any]
) -> Recorded:
    """Raises Invalid."""
    facts, instant = facts_of(held), looked_up.instant
    turn = _turn(caller, held, looked_up, NOTHING, said)
    atividade_id, *more = facts.ids
    own = rows.creating(caller, held.id, _owner(turn), atividade_id, turn.after)
    parts = _parts(caller, held, turn, atividade_id, own, more)
    activity = Activity(
        id=atividade_id,
        lead_id=held.id,
        usuario_id=caller.usuario_id,
        **turn.after,
        encerrada=False,
        criado_em=instant,
        atualizado_em=instant,
    )
    return _recorded(caller, held, parts, activity, turn)


def change(
    caller: Principal,
    held: Held,
    looked_up: LeadFacts,
    known: Activity,
    said: Mapping[str, Any],
) -> Recorded:
    """The same of one that is there; what does not change is not written. Raises Invalid."""
    facts, before = facts_of(held), known.said
    turn = _turn(caller, held, looked_up, before, said)
    fields = rules.news(before, turn.after)
    own: list[Part] = []
    if fields:
        owner = _owner(turn)
        done = turn.after["concluida_em"] is not None and not turn.ended
        if known.usuario_id is None and done:
            known = known._replace(usuario_id=caller.usuario_id)  # who keeps a promise of nobody's
        ended = turn.ended or (known.encerrada and fields <= {"tipo", "texto"})
        fields |= {"encerrada"} if ended != known.encerrada else set()
        known = known._replace(encerrada=ended)
        own = rows.changing(caller, owner, known, turn.after, fields)
        known = known._replace(**turn.after, atualizado_em=looked_up.instant)
    parts = _parts(caller, held, turn, known.id, own, facts.ids)
    return _recorded(caller, held, parts, known, turn)


def delete(caller: Principal, held: Held, looked_up: LeadFacts, known: Activity) -> None:
    """A promise that is gone is none; what was said of the lead stays."""
    effects = rules.effects(known.said, NOTHING, {})
    lead = outcome(caller, held, looked_up, {}, known.tipo, effects)
    left = rules.earliest(NOTHING, effects, facts_of(held), ends=False)
    lead.new.row["proximo_contato_em"] = left
    own = rows.deleting(caller, held.id, known.id)
    fetch_together(_parts(caller, held, Turn(NOTHING, effects, lead), known.id, own, []))


def _turn(
    caller: Principal,
    held: Held,
    looked_up: LeadFacts,
    before: Mapping[str, Any],
    said: Mapping[str, Any],
) -> Turn:
    after = rules.laid(before, said, looked_up.instant, held.row["criado_em"])
    effects = rules.effects(before, after, said)
    lead = outcome(caller, held, looked_up, said, after["tipo"], effects)
    ends = effects.ends or lead.closed
    ended = ends and rules.ended(before, after)
    if ended:
        after["concluida_em"] = looked_up.instant
    left = rules.earliest(after, effects, facts_of(held), ends=ends)
    lead.new.row["proximo_contato_em"] = left
    return Turn(after, effects, lead, ended)


def _owner(turn: Turn) -> int | None:
    owner: int | None = turn.lead.new.row["responsavel_id"]
    return owner


def _parts(
    caller: Principal, held: Held, turn: Turn, atividade_id: int, own: list[Part], ids: list[int]
) -> list[Part]:
    """All that is written, in its order: what follows from a lead finds its promises in order."""
    effects, lead = turn.effects, turn.lead
    parts: list[Part] = []
    if effects.settles or lead.closed:
        every = effects.ends or lead.closed
        parts.append(rows.settling(caller, held.id, atividade_id, effects.promise, every=every))
    parts += own
    if effects.promise is not None:
        task = rules.task(effects.promise)
        parts += rows.creating(caller, held.id, _owner(turn), ids[0], task)
    if lead.wrong is not None:
        parts.append(keeping(caller, held.id, lead.wrong))
    done = ACTIVITIES | (ATTEMPTS if effects.attempts else frozenset[str]())
    fields = changed_fields(lead.old, lead.new)
    if not fields:
        return [*parts, *following(caller, held.id, done)]
    return [*parts, *changing(caller, held, lead.old, lead.new, fields, also=done)]


def _recorded(
    caller: Principal, held: Held, parts: list[Part], activity: Activity, turn: Turn
) -> Recorded:
    values = {"id": held.id, **scope(caller)}
    *row, queued = fetch_together([*parts, (_written_query(), values)])[0]
    moved = turn.lead.old.row["etapa"] != turn.lead.new.row["etapa"]
    left = facts_of(held).queued and not queued and not moved
    return Recorded(activity, Single.of(row), turn.effects.result if left else None)


@cache
def _written_query() -> Query:
    """The lead after it all, and whether it is in the queue."""
    queued = exists().where(QUEUE.c.equipe_id == LEADS.c.equipe_id, QUEUE.c.lead_id == LEADS.c.id)
    return compile_query(one_lead(True).add_columns(queued), hot=True)
