"""What follows from a lead: written here after every write to leads, and nowhere else.

A new derived table is one more line of DERIVED: how it is filled for leads that are new, how it is
brought up to date for leads that have changed, and the columns that it follows from. Callers hold
the leads (locking), so what is derived is derived from what is committed; and the rules that are in
force (services/scores/current), which say what a score follows from.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, FromClause, bindparam, text, true
from sqlalchemy.sql.dml import Insert, UpdateBase

from models.db import db
from models.db.messages.queries import ALL_AT_ONCE, Query, compile_query
from models.db.statements import execute_here, fetch_together
from models.lead import LEADS
from services.leads import contacts
from services.leads.deriving import loads, promises, queueing, resting, search, stays
from services.leads.locking import any_of_ids
from services.model import snapshots
from services.scores import current
from services.scores.statement import INPUTS as SCORED
from services.scores.statement import Among, Scoring

Cause = Mapping[str, int | None]
# What follows from the attempts to reach the person, and from all that was done about a lead; they
# are no columns of it.
ATTEMPTS = frozenset({"tentativas"})
ACTIVITIES = frozenset({"atividades"})
# Statements that a process keeps compiled: everybody's, and those of tenants' own rules.
_KEPT = 1_024


Fresh = Callable[[FromClause, ColumnElement[bool]], Insert]
Again = Callable[[Among], UpdateBase]


@dataclass(frozen=True, slots=True)
class Derived:
    """`inputs`: the columns of a lead that it follows from. `fresh` takes a relation with the
    columns of `leads` and a condition on it, and is None where another line fills the table;
    `again` takes which leads. A new lead without the column `needs` has nothing there. `scored`:
    whether it follows from whatever the rules in force look at, too; `own`: whether its statements
    are one tenant's."""

    inputs: frozenset[str]
    fresh: Fresh | None
    again: Again
    needs: str | None = None
    scored: bool = False
    own: bool = False


def _by_rules(*_: Any) -> Any:
    """Of the line of scores: the rules in force make its statements (_lines)."""
    raise NotImplementedError


SCORES = Derived(SCORED, _by_rules, _by_rules, scored=True)
DERIVED = (
    # Before the scores, whose copies of a lead tell whose it was.
    Derived(loads.INPUTS, loads.fresh, loads.again, needs="responsavel_id"),
    Derived(search.INPUTS, search.fresh, search.again),
    Derived(contacts.INPUTS, contacts.fresh, contacts.again),
    Derived(stays.INPUTS, stays.fresh, stays.again),
    Derived(snapshots.INPUTS, snapshots.fresh, snapshots.again, needs="fechado_em"),
    Derived(promises.INPUTS, promises.fresh, promises.again, needs="proximo_contato_em"),
    Derived(promises.OWNER, None, promises.follow),
    # Rules count contacts, and what was done: a promise may have been.
    SCORES,
    # A result says for how long a lead rests: before a move, which says it where no result does.
    Derived(ATTEMPTS, None, resting.rest),
    Derived(queueing.LEFT, None, queueing.end_lease),
    Derived(queueing.ENTERS | ATTEMPTS, queueing.fresh, queueing.enter),
    Derived(queueing.REACHED, None, queueing.reach),
    Derived(queueing.ORDERED, None, queueing.place, scored=True),
)


# Of thousands of leads that each table is told of by their ids PostgreSQL expects a few to be in
# all of them, and would look each up in a list of thousands again.
_AT_ONCE = Query(ALL_AT_ONCE, {})
_ONE_BY_ONE = Query("set local enable_nestloop = on", {})
# Who is in the queue, for how long they rest, and their places.
_QUEUE: tuple[Again, ...] = (resting.rest_again, queueing.enter, queueing.place_many)


def these(equipe_id: ColumnElement[int], lead_id: ColumnElement[int]) -> ColumnElement[bool]:
    """The leads of a tenant with these ids. Parameters: equipe_id, ids."""
    return (equipe_id == bindparam("equipe_id")) & (lead_id == any_of_ids())


def found_by(ids: str) -> Among:
    """The leads of a tenant whose ids this text selects. Parameters: equipe_id, and its own."""
    found = text(ids)

    def among(equipe_id: ColumnElement[int], lead_id: ColumnElement[int]) -> ColumnElement[bool]:
        return (equipe_id == bindparam("equipe_id")) & lead_id.in_(found)

    return among


def derive_new(leads: FromClause, parameters: Mapping[str, Any]) -> None:
    """Derive what follows from new leads: all rows of `leads`, the same object each time.
    `parameters`: its own, and who makes them (history.caused_by)."""
    queries = _all_new(current.held(), leads)
    fetch_together([(query, parameters) for query in queries])


@lru_cache(maxsize=_KEPT)
def _all_new(scoring: Scoring, leads: FromClause) -> list[Query]:
    """Compiled once: that takes longer than a thousand leads. Planned each time."""
    fresh = (line.fresh for line in _lines(scoring))
    return [compile_query(each(leads, true())) for each in fresh if each is not None]


def keep_what_is_known(among: Among, parameters: Mapping[str, Any]) -> None:
    """Before a write that closes these leads: what was known of them. Of closed ones it is kept
    already. `among` is the same object each time."""
    execute_here(_known_of(among), parameters)


def before_closing() -> Query:
    """The same of the leads `ids` of `equipe_id`, compiled."""
    return _known_of(these)


@cache
def _known_of(among: Among) -> Query:
    return compile_query(snapshots.before(among))


def derive(among: Among, changed: Iterable[str], parameters: Mapping[str, Any]) -> None:
    """Derive again what follows from the changed columns of these leads. `among` is the same object
    each time; `parameters`: its own, and who changes them (history.caused_by)."""
    if lines := _following(current.held(), frozenset(changed)):
        fetch_together([(_again_among(line, among), parameters) for line in lines])


@lru_cache(maxsize=_KEPT)
def _again_among(line: Derived, among: Among) -> Query:
    return compile_query(line.again(among))


def score_again(equipe_id: int, ids: Sequence[int]) -> None:
    """Score these leads and put them into their places, although nothing of them has changed: what
    both follow from beside the leads has."""
    _send(_whole(current.held(), (queueing.place_many,)), equipe_id, ids)


def renew(equipe_id: int, ids: Sequence[int]) -> None:
    """Score these leads, and bring the queue into line with whatever it follows from."""
    _send(_whole(current.held(), _QUEUE), equipe_id, ids)


def _send(queries: Sequence[Query], equipe_id: int, ids: Sequence[int]) -> None:
    if ids:
        asked = {"equipe_id": equipe_id, "ids": list(ids)}
        fetch_together([(query, asked) for query in (_AT_ONCE, *queries, _ONE_BY_ONE)])


@lru_cache(maxsize=_KEPT)
def _whole(scoring: Scoring, others: tuple[Again, ...]) -> list[Query]:
    """Compiled once: of thousands of ids each would be a value of its own. Planned each time, for
    as many leads as there are."""
    return [compile_query(again(these)) for again in (scoring.again, *others)]


def queue_again(among: Among) -> None:
    """Bring the queue into line."""
    for again in _QUEUE:
        db.session.execute(again(among))


def place_again(among: Among) -> None:
    """Put these leads into their places in the queue."""
    db.session.execute(queueing.place(among))


def for_new(row: Mapping[str, Any]) -> list[Query]:
    """derive_new() for the lead `ids` of `equipe_id` with this row, compiled."""
    return [
        query for needs, query in _new(current.held()) if needs is None or row[needs] is not None
    ]


@lru_cache(maxsize=_KEPT)
def _new(scoring: Scoring) -> list[tuple[str | None, Query]]:
    new = these(LEADS.c.equipe_id, LEADS.c.id)
    return [
        (line.needs, _compiled(line.fresh(LEADS, new), line))
        for line in _lines(scoring)
        if line.fresh is not None
    ]


def for_changed(changed: Iterable[str]) -> list[Query]:
    """derive() for the leads `ids` of `equipe_id`, compiled."""
    return [_again(line) for line in _following(current.held(), frozenset(changed))]


@lru_cache(maxsize=_KEPT)
def _again(line: Derived) -> Query:
    return _compiled(line.again(these), line)


def _compiled(statement: UpdateBase, line: Derived) -> Query:
    return replace(compile_query(statement, hot=True), own=line.own)


@lru_cache(maxsize=_KEPT)
def _following(scoring: Scoring, changed: frozenset[str]) -> list[Derived]:
    return [line for line in _lines(scoring) if line.inputs & changed]


@lru_cache(maxsize=_KEPT)
def _lines(scoring: Scoring) -> list[Derived]:
    """DERIVED, where these are the rules in force."""
    lines = []
    for line in DERIVED:
        if line is SCORES:
            own = not scoring.everybodys
            line = replace(line, fresh=scoring.fresh, again=scoring.again, own=own)
        lines.append(replace(line, inputs=line.inputs | scoring.inputs) if line.scored else line)
    return lines
