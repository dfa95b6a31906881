"""What a writer asks of the database before it writes, in one message: the locks in their order
(the rules in force, keys, stage, lead), then everything that its rules look at, read under these
locks.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    null,
    select,
)

from models.db.messages.queries import Part, Query, compile_query
from models.db.statements import fetch_here, fetch_together
from models.lead import LEADS
from services.errors import NotFound, StaleVersion
from services.leads import duplicates, matching
from services.leads.contacts import Contact
from services.leads.leases import NoLease, own_place_lock, place_lock, was_theirs
from services.leads.locking import keyed_lock, lead_lock, stages_lock
from services.leads.writing.facts import (
    OWN_LOCK,
    Asked,
    Facts,
    Wants,
    asked_stage,
    fact_columns,
    facts_of,
    held_stage,
    ours,
    values_of,
)
from services.leads.writing.related import kind_of_stage, other_contacts, stay_before
from services.leads.writing.rows import COLUMNS
from services.policy import leased_id, visible_by_id
from services.principal import Principal
from services.scores import current

_FACTS = len(Facts._fields)
Columns = Callable[[], list[ColumnElement[Any]]]


class Beside(NamedTuple):
    """What else is read of a lead under its lock: columns, by the one function that makes them, and
    their parameters."""

    columns: Columns
    values: Mapping[str, Any]


class Held(NamedTuple):
    """A lead that is locked: its row by column (`atributos` as JSON text), its other contacts, the
    kind of its stage (None: it is archived), when the stay before the present one began, whether
    the caller holds a lease on it, if that was asked, and what was asked beside."""

    id: int
    versao: int
    row: dict[str, Any]
    others: list[Contact]
    kind: str | None
    before: datetime | None
    leased: bool
    beside: Sequence[Any] = ()


def look_up(caller: Principal, asked: Asked) -> tuple[int, Facts]:
    """Before a new lead: its id, and the facts."""
    values = values_of(caller, asked)
    locks = _first_locks(caller, asked)
    if asked.owner == caller.usuario_id:
        locks += [(_stage_lock(), values), (OWN_LOCK, values)]
    lead_id, *found = fetch_together([*locks, (_new_query(asked.wants), values)])[0]
    return lead_id, _settled(caller, facts_of(found))


def look_at(caller: Principal, asked: Asked) -> Facts:
    """The facts alone, of no lead; a stage that is asked for is held."""
    return facts_of(fetch_here(_facts_query(asked.wants), values_of(caller, asked))[0])


def hold(
    caller: Principal,
    lead_id: int,
    versions: set[int] | None,
    asked: Asked,
    *,
    deleted: bool = False,
    beside: Beside | None = None,
) -> tuple[Held, Facts]:
    """Lock a live lead that the caller sees, or a `deleted` one, for a change.

    `versions` are those that an If-Match names, None for any; they are compared under the lock.
    Where a lease counts it neither begins nor ends until this writer is done. Raises NotFound,
    NoLease, StaleVersion.
    """
    values = values_of(caller, asked, lead_id) | (dict(beside.values) if beside else {})
    parts = _first_locks(caller, asked)
    if deleted:
        parts.append((stages_lock(), values))
    elif asked.stage:
        parts.append((_stage_lock(), values))
    parts.append((lead_lock(caller.gestor, deleted), values))
    leases = asked.wants.lease and not deleted
    if leases:
        parts.append((place_lock(), values))
    more = beside and beside.columns
    query = _held_query(caller.gestor, deleted, asked.wants, more)
    rows = fetch_together([*parts, (query, values)])
    if not rows:
        raise NoLease() if leases and was_theirs(caller, lead_id) else NotFound()
    lead, facts = _parted(rows[0])
    _settled(caller, facts)
    if versions is not None and lead.versao not in versions:
        raise StaleVersion()
    return lead, facts


def hold_keyed(
    caller: Principal, chave: str, asked: Asked
) -> tuple[int | None, Held | None, Facts]:
    """Lock the live leads that have one of the keys, whoever cares for them.

    Returns one of them, the one with the key of the field `chave` before the others, or the id of
    a lead that is to be created.
    """
    named = next(key for key, field in asked.keys.fields.items() if field == chave)
    values = values_of(caller, asked) | {"pelo_tipo": named[0], "pela_chave": named[1]}
    locks = [*_first_locks(caller, asked), (_stage_lock(), values)]
    locks.append((keyed_lock(), values))
    if asked.etapa is not None:
        locks.append((own_place_lock(), values))
    if asked.owner == caller.usuario_id:
        locks.append((OWN_LOCK, values))
    keyed = (_keyed_query(asked.wants), values)
    new_id, *row = fetch_together([*locks, keyed])[0]
    held, facts = _parted(row)
    _settled(caller, facts)
    return new_id, held if new_id is None else None, facts


def _first_locks(caller: Principal, asked: Asked) -> list[Part]:
    return [
        current.lock(caller.equipe_id),
        *duplicates.key_locks(caller.equipe_id, asked.keys),
    ]


def _settled(caller: Principal, facts: Facts) -> Facts:
    current.settle(caller.equipe_id, facts.versions)
    return facts


def _parted(row: Sequence[Any]) -> tuple[Held, Facts]:
    """The lead that is held, behind it the facts, then what was asked beside. Where there is no
    lead all of it is None."""
    (lead_id, versao), rest = row[:2], row[2:]
    columns, (others, kind, before, leased, *rest) = rest[: len(COLUMNS)], rest[len(COLUMNS) :]
    facts, beside = rest[:_FACTS], rest[_FACTS:]
    contacts = [Contact(*each) for each in others or ()]
    lead = dict(zip(COLUMNS, columns, strict=True))
    return Held(lead_id, versao, lead, contacts, kind, before, leased, beside), facts_of(facts)


@cache
def _stage_lock() -> Query:
    """Who archives a stage waits for those who hold it, and they see it archived afterwards."""
    return compile_query(held_stage(), hot=True)


@cache
def _new_query(wants: Wants) -> Query:
    """A new lead locks no row but its stage, so that is done where the stage is looked up."""
    columns = fact_columns(wants, held_stage())
    return compile_query(select(func.nextval("leads_id_seq"), *columns), hot=True)


@cache
def _facts_query(wants: Wants) -> Query:
    return compile_query(select(*fact_columns(wants, held_stage())))


@cache
def _held_query(gestor: bool, deleted: bool, wants: Wants, beside: Columns | None) -> Query:
    before = stay_before() if wants.stage else null()
    leased = LEADS.c.id.is_not_distinct_from(leased_id()) if wants.lease else false()
    facts = fact_columns(wants, asked_stage())
    more = beside() if beside else []
    statement = select(*_held_columns(), before, leased, *facts, *more).where(
        *visible_by_id(gestor, deleted=deleted), LEADS.c.id == bindparam("id")
    )
    return compile_query(statement, hot=True)


@cache
def _keyed_query(wants: Wants) -> Query:
    matches = matching.matches().cte("achados")
    named = and_(
        matches.c.tipo == bindparam("pelo_tipo"), matches.c.chave == bindparam("pela_chave")
    )
    best = select(matches.c.id).group_by(matches.c.id).order_by(func.bool_or(named).desc())
    one = and_(ours(LEADS), LEADS.c.id == best.order_by(matches.c.id).limit(1).scalar_subquery())
    always = select(literal(1)).subquery()
    statement = select(
        case((LEADS.c.id.is_(None), func.nextval("leads_id_seq"))),
        *_held_columns(),
        null(),
        LEADS.c.id.is_not_distinct_from(leased_id()) if wants.lease else false(),
        *fact_columns(wants, asked_stage(), matches),
    ).select_from(always.outerjoin(LEADS, one))
    return compile_query(statement, hot=True)


def _held_columns() -> list[ColumnElement[Any]]:
    """Those of Held as far as the stage."""
    columns = [
        cast(LEADS.c[name], Text) if name == "atributos" else LEADS.c[name] for name in COLUMNS
    ]
    return [LEADS.c.id, LEADS.c.versao, *columns, other_contacts(), kind_of_stage()]
