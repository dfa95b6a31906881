"""Activities and promises: what was done about a lead, and what is still to be done.

Each write is lock, check, write, derive, event, as those of leads are: one message locks the lead
and looks up (leads/writing/holding), the rules are in activities/, and one message writes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from models.db.messages.queries import Row
from models.db.statements import fetch, fetch_here
from services.activities import recording, rules
from services.activities.facts import asked_by, beside_known, beside_new, facts_of
from services.activities.reading import Shape, lead_query, page_query, tasks_query
from services.activities.recording import Recorded as Recorded
from services.activities.rows import Activity as Activity
from services.auth.authority import hold_gestor
from services.errors import Forbidden, InvalidCursorGiven, NotFound
from services.leads.reading.asked import resolved
from services.leads.writing.facts import Facts
from services.leads.writing.holding import Held, hold
from services.policy import may_change_activity, scope, whose_promises
from services.principal import Principal
from utils.clock import day_bounds, iso, local_day, now
from utils.wire.cursors import InvalidCursor, decode_cursor, encode_cursor

_AHEAD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Page:
    """Activities, newest first, and the cursor of the next page."""

    activities: Sequence[Activity]
    proximo: str | None


@dataclass(frozen=True, slots=True)
class Tasks:
    """Promises, each with nome, telefone, etapa, score and faixa of its lead; how many there are,
    as (overdue, today, seven days)."""

    tasks: Sequence[tuple[Activity, Row]]
    proximo: str | None
    counts: Row


def list_activities(
    caller: Principal, lead_id: int, *, limite: int, cursor: str | None, cursor_key: bytes
) -> Page:
    """One page of a lead's activities, the newest first. Raises NotFound, InvalidCursorGiven."""
    view = f"atividades {caller.equipe_id} {lead_id}"
    values = {"id": lead_id, **scope(caller), **_position(cursor_key, view, cursor, limite)}
    query = page_query(caller.gestor, Shape.of(cursor, limite))
    found = fetch(query, values, equipe_id=caller.equipe_id)
    if not found:
        raise NotFound()
    activities = [Activity(*row) for row in found if row[0] is not None]
    proximo = None
    if len(activities) > limite:
        last = activities[limite - 1]
        proximo = encode_cursor(cursor_key, view, [iso(last.criado_em), last.id])
    return Page(activities[:limite], proximo)


def create_activity(caller: Principal, lead_id: int, said: Mapping[str, Any]) -> Recorded:
    """A new activity, with all that follows from it for its lead: one call after a telephone call.

    Raises NotFound, Invalid.
    """
    beside = beside_new(caller, lead_id, said)
    held, facts = hold(caller, lead_id, None, asked_by(said), beside=beside)
    return recording.create(caller, held, facts, said)


def update_activity(caller: Principal, atividade_id: int, said: Mapping[str, Any]) -> Recorded:
    """Change what was said; completed, it has the effects of a new one. Raises NotFound, Forbidden,
    Invalid."""
    held, facts, known = _hold(caller, atividade_id, said)
    return recording.change(caller, held, facts, known, said)


def delete_activity(caller: Principal, atividade_id: int) -> None:
    """Delete an activity; its promise is then none. Raises NotFound, Forbidden."""
    held, facts, known = _hold(caller, atividade_id, {})
    recording.delete(caller, held, facts, known)


def list_tasks(
    caller: Principal,
    *,
    responsavel_id: int | str | None,
    limite: int,
    cursor: str | None,
    cursor_key: bytes,
) -> Tasks:
    """One page of open promises about live leads, the oldest first: the caller's, or as a gestor
    asks (policy.whose_promises). Raises Forbidden, Invalid, InvalidCursorGiven."""
    whose, owner = whose_promises(caller, responsavel_id)
    if owner is not None:
        resolved(caller, {"responsavel_id": owner})
    view = f"tarefas {caller.equipe_id} {whose} {owner}"
    values = {**_position(cursor_key, view, cursor, limite), **_days(caller.fuso)}
    values |= {"equipe_id": caller.equipe_id, "responsavel_id": owner}
    query = tasks_query(whose, Shape.of(cursor, limite))
    rows = fetch(query, values, equipe_id=caller.equipe_id)
    counts, width = rows[0][:3], 3 + len(Activity._fields)
    tasks = [(Activity(*row[3:width]), row[width:]) for row in rows if row[3] is not None]
    proximo = None
    if len(tasks) > limite:
        last = tasks[limite - 1][0]
        due = iso(cast(datetime, last.prevista_para))  # a promise has a date
        proximo = encode_cursor(cursor_key, view, [due, last.id])
    return Tasks(tasks[:limite], proximo, counts)


def _hold(
    caller: Principal, atividade_id: int, said: Mapping[str, Any]
) -> tuple[Held, Facts, Activity]:
    """Lock the lead of an activity, which never changes, and read the activity under that lock.
    Raises NotFound, Forbidden."""
    values = {"equipe_id": caller.equipe_id, "atividade_id": atividade_id}
    found = fetch_here(lead_query(), values)
    if not found:
        raise NotFound()
    lead_id, _, chave_id = found[0]
    beside = beside_known(caller, lead_id, atividade_id, said)
    held, facts = hold(caller, lead_id, None, asked_by(said), beside=beside)
    known = facts_of(held).known
    if known is None:
        raise NotFound()
    author, keeps = known.usuario_id, rules.keeps(known.said, said)
    if not may_change_activity(caller, author, chave_id, keeps=keeps):
        raise Forbidden("Só quem a escreveu ou um gestor muda uma atividade.")
    if caller.gestor and author not in (None, caller.usuario_id):
        hold_gestor(caller)
    return held, facts, known


def _days(fuso: str) -> dict[str, Any]:
    """Where the tenant's day ends, and the seventh after it."""
    today = local_day(now(), fuso)
    return {"hoje": day_bounds(today, fuso)[1], "semana": day_bounds(today + _AHEAD, fuso)[1]}


def _position(key: bytes, view: str, cursor: str | None, limite: int) -> dict[str, Any]:
    """Where a page begins, and how many rows are asked for."""
    if cursor is None:
        return {"limite": limite + 1}
    try:
        instant, last = decode_cursor(key, view, cursor)
    except InvalidCursor as error:
        raise InvalidCursorGiven() from error
    return {"apos": instant, "apos_id": int(last or 0), "limite": limite + 1}
