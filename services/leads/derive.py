"""What follows from a lead: written here after every write to leads, and nowhere else.

A new derived table is one more line of DERIVED: how it is filled for leads that are new, how it is
brought up to date for leads that have changed, and the columns that it follows from. Callers hold
the leads (locking), so what is derived is derived from what is committed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, FromClause, bindparam
from sqlalchemy.sql import visitors
from sqlalchemy.sql.dml import Insert, UpdateBase

from models.db import db
from models.db.messages.queries import Query, compile_query
from models.lead import LEADS
from services.leads import contacts, loads, promises, queueing, resting, search, stays
from services.leads.locking import any_of_ids
from services.scores import statement as scores
from services.scores.statement import Among

Cause = Mapping[str, int | None]
# What follows from the attempts to reach the person, which are no column of a lead.
ATTEMPTS = frozenset({"tentativas"})


@dataclass(frozen=True, slots=True)
class Derived:
    """`inputs`: the columns of a lead that it follows from. `fresh` takes a relation with the
    columns of `leads` and a condition on it, and is None where another line fills the table;
    `again` takes which leads. A new lead without the column `needs` has nothing there."""

    inputs: frozenset[str]
    fresh: Callable[[FromClause, ColumnElement[bool]], Insert] | None
    again: Callable[[Among], UpdateBase]
    needs: str | None = None


DERIVED = (
    # Before the scores, whose copies of a lead tell whose it was.
    Derived(loads.INPUTS, loads.fresh, loads.again, needs="responsavel_id"),
    Derived(scores.INPUTS, scores.fresh, scores.again),
    Derived(search.INPUTS, search.fresh, search.again),
    Derived(contacts.INPUTS, contacts.fresh, contacts.again),
    Derived(stays.INPUTS, stays.fresh, stays.again),
    Derived(promises.INPUTS, promises.fresh, promises.again, needs="proximo_contato_em"),
    Derived(promises.OWNER, None, promises.follow),
    # A result says for how long a lead rests: before a move, which says it where no result does.
    Derived(ATTEMPTS, None, resting.rest),
    Derived(queueing.LEFT, None, queueing.end_lease),
    Derived(queueing.ENTERS | ATTEMPTS, queueing.fresh, queueing.enter),
    Derived(queueing.REACHED, None, queueing.reach),
    Derived(queueing.ORDERED, None, queueing.place),
)

_FRESH = [(derived.needs, derived.fresh) for derived in DERIVED if derived.fresh is not None]


def _these(equipe_id: ColumnElement[int], lead_id: ColumnElement[int]) -> ColumnElement[bool]:
    """The leads of a tenant with these ids. Parameters: equipe_id, ids."""
    return (equipe_id == bindparam("equipe_id")) & (lead_id == any_of_ids())


def derive_new(leads: FromClause, condition: ColumnElement[bool], cause: Cause) -> None:
    """Derive what follows from new leads: the rows of `leads` that match. `cause`: who makes them
    (history.caused_by)."""
    for _, fresh in _FRESH:
        db.session.execute(_with(fresh(leads, condition), cause))


def derive(among: Among, changed: Iterable[str], cause: Cause) -> None:
    """Derive again what follows from the changed columns of these leads."""
    for derived in _following(frozenset(changed)):
        db.session.execute(_with(derived.again(among), cause))


def _with(statement: UpdateBase, cause: Cause) -> UpdateBase:
    """The statement with these parameters: given beside it, they would be taken for columns."""

    def give(parameter: BindParameter[Any]) -> None:
        if parameter.key in cause:
            parameter.value, parameter.required = cause[parameter.key], False

    return visitors.cloned_traverse(statement, {}, {"bindparam": give})


def score_again(among: Among) -> None:
    """Score these leads and put them into the queue, although nothing of them has changed: what
    both follow from beside the leads has."""
    db.session.execute(scores.again(among))
    queue_again(among)


def queue_again(among: Among) -> None:
    """The same of the queue alone: who is in it, for how long they rest, and their places."""
    for again in (resting.rest_again, queueing.enter, queueing.place):
        db.session.execute(again(among))


def place_again(among: Among) -> None:
    """The same of their places alone."""
    db.session.execute(queueing.place(among))


def for_new(row: Mapping[str, Any]) -> list[Query]:
    """derive_new() for the lead `ids` of `equipe_id` with this row, compiled."""
    return [query for needs, query in _new() if needs is None or row[needs] is not None]


@cache
def _new() -> tuple[tuple[str | None, Query], ...]:
    these = _these(LEADS.c.equipe_id, LEADS.c.id)
    return tuple((needs, compile_query(fresh(LEADS, these), hot=True)) for needs, fresh in _FRESH)


def for_changed(changed: Iterable[str]) -> tuple[Query, ...]:
    """derive() for the leads `ids` of `equipe_id`, compiled."""
    return tuple(map(_again, _following(frozenset(changed))))


@cache
def _again(derived: Derived) -> Query:
    return compile_query(derived.again(_these), hot=True)


def _following(changed: frozenset[str]) -> list[Derived]:
    return [derived for derived in DERIVED if derived.inputs & changed]
