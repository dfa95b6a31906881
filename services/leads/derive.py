"""What follows from a lead: written here after every write to leads, and nowhere else.

A new derived table is one more line of DERIVED: how it is filled for leads that are new, how it is
brought up to date for leads that have changed, and the columns that it follows from. Callers hold
the leads (locking), so what is derived is derived from what is committed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, FromClause, bindparam
from sqlalchemy.sql.dml import Insert, UpdateBase

from models.db import db
from models.db.messages.queries import Query, compile_query
from models.lead import LEADS
from services.leads import contacts, promises, queueing, resting, search, stays
from services.leads.locking import any_of_ids
from services.model import snapshots
from services.scores import statement as scores
from services.scores.statement import Among

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
    Derived(scores.INPUTS, scores.fresh, scores.again),
    Derived(search.INPUTS, search.fresh, search.again),
    Derived(contacts.INPUTS, contacts.fresh, contacts.again),
    Derived(stays.INPUTS, stays.fresh, stays.again),
    Derived(snapshots.INPUTS, snapshots.fresh, snapshots.again, needs="fechado_em"),
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


def derive_new(leads: FromClause, condition: ColumnElement[bool]) -> None:
    """Derive what follows from new leads: the rows of `leads` that match."""
    for _, fresh in _FRESH:
        db.session.execute(fresh(leads, condition))


def keep_what_is_known(among: Among) -> None:
    """Before a write that closes these leads: what was known of them. Of closed ones it is kept
    already."""
    db.session.execute(snapshots.before(among))


@cache
def before_closing() -> Query:
    """The same of the leads `ids` of `equipe_id`, compiled."""
    return compile_query(snapshots.before(_these))


def derive(among: Among, changed: Iterable[str]) -> None:
    """Derive again what follows from the changed columns of these leads."""
    for derived in _following(frozenset(changed)):
        db.session.execute(derived.again(among))


def score_again(among: Among) -> None:
    """Score these leads and put them into their places, although nothing of them has changed: what
    both follow from beside the leads has."""
    db.session.execute(scores.again(among))
    place_again(among)


def place_again(among: Among) -> None:
    """The same of their places in the queue alone."""
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
