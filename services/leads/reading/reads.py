"""Listing leads: one page, and a count; rows, never entities."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, cast, func, tuple_
from sqlalchemy.sql import literal_column

from models.db.queries import ALL_AT_ONCE, Query, Row, compile_query
from models.db.statements import fetch
from models.lead import CENTS, LEADS
from models.lead_score import SCORES
from services.errors import InvalidCursorGiven
from services.leads.fields import DEFAULT_PAGE, FIELDS
from services.leads.reading.asked import resolved
from services.leads.reading.columns import select_leads
from services.leads.reading.filters import ORDERS, Order, condition, parameters
from services.policy import require_gestor, scope, visible
from services.principal import Principal
from utils.clock import iso
from utils.money import to_cents
from utils.wire.cursors import InvalidCursor, decode_cursor, encode_cursor

# Rows asked for by a page that has the usual size and starts in its first segment. Such a query is
# prepared, and holds the number: not knowing it, PostgreSQL would plan for a tenth of all rows.
_USUAL = DEFAULT_PAGE + 1


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in FIELDS order, the cursor of the next page, the count if it was asked for."""

    rows: Sequence[Row]
    proximo: str | None
    total: int | None


@dataclass(frozen=True, slots=True)
class _Shape:
    """Everything that changes a page's SQL, as opposed to its parameters."""

    filters: tuple[str, ...]
    ordenar: str
    gestor: bool
    deleted: bool
    continues: bool
    nulls: bool
    usual: bool

    @property
    def order(self) -> Order:
        return ORDERS[self.ordenar.lstrip("-")]

    @property
    def by_score(self) -> bool:
        """Whether the scores' own index gives the order. A deleted lead has no score."""
        return self.order.column.table is SCORES and not self.deleted

    @property
    def nullable(self) -> bool:
        """Whether rows without a sort value may stand behind the others."""
        return self.order.nullable or (self.deleted and self.order.column.table is SCORES)

    @property
    def hot(self) -> bool:
        """Whether a single index gives the order, so that PostgreSQL has no choice.

        With another condition it has: it might walk past all leads of a tenant in search of one.
        """
        everything = self.gestor and not (self.filters or self.deleted or self.nulls)
        return self.usual and everything and not self.by_score


@dataclass(frozen=True, slots=True)
class _Position:
    """Where a page starts: in the values or the nulls of its order, after which row."""

    nulls: bool = False
    value: str | int | None = None
    id: int | None = None


def list_leads(
    caller: Principal,
    *,
    filters: dict[str, Any],
    ordenar: str,
    limite: int,
    cursor: str | None,
    cursor_key: bytes,
    total: bool = False,
    deleted: bool = False,
) -> Page:
    """One page of the leads that the caller sees. Raises InvalidCursorGiven, and Invalid for a
    stage or user that the tenant does not have.

    `deleted`: of the deleted ones instead, which are a gestor's to see (else Forbidden).

    Keyset: the cursor holds the last row's sort value and id, so page 1,000 costs what page 1 does.
    """
    if deleted:
        require_gestor(caller)
    view = _view(caller, filters, ordenar, deleted)
    position = _read_cursor(cursor_key, view, cursor) if cursor else _Position()
    values = parameters(resolved(caller, filters), caller.fuso)
    rows = _collect(caller, values, ordenar, limite, position, deleted)
    proximo = None
    if len(rows) > limite:
        proximo = encode_cursor(cursor_key, view, _end_of_page(rows[limite - 1], ordenar))
    count = _count(caller, values, deleted) if total else None
    return Page(rows[:limite], proximo, count)


def _count(caller: Principal, values: dict[str, Any], deleted: bool) -> int:
    """How many leads match; costs a scan of the matches, so only on request."""
    query = _count_query(tuple(sorted(values)), caller.gestor, deleted)
    rows = fetch(query, values | scope(caller), equipe_id=caller.equipe_id)
    return int(rows[0][0])


def _collect(
    caller: Principal,
    values: dict[str, Any],
    ordenar: str,
    limite: int,
    position: _Position,
    deleted: bool,
) -> list[Row]:
    """Up to limite + 1 rows; rows without a sort value come last, by id, as a second segment."""
    rows: list[Row] = []
    filters = tuple(sorted(values))
    values = values | scope(caller)
    nulls = position.nulls
    while True:
        most, continues = limite + 1 - len(rows), position.id is not None
        usual = most == _USUAL
        shape = _Shape(filters, ordenar, caller.gestor, deleted, continues, nulls, usual)
        bound = {"apos": position.value, "apos_id": position.id, "limite": most}
        rows.extend(fetch(_page_query(shape), values | bound, equipe_id=caller.equipe_id))
        if len(rows) > limite or nulls or not shape.nullable:
            return rows
        nulls, position = True, _Position(nulls=True)


@lru_cache(maxsize=1_024)
def _page_query(shape: _Shape) -> Query:
    order = shape.order
    conditions = [*visible(shape.gestor, deleted=shape.deleted), *map(condition, shape.filters)]
    statement = select_leads(conditions, by_score=shape.by_score)
    if shape.nullable:
        column = order.column
        statement = statement.where(column.is_(None) if shape.nulls else column.is_not(None))
    closing = order.closing if shape.by_score else LEADS.c.id
    keys = (closing,) if shape.nulls else (order.column, closing)
    descending = shape.ordenar.startswith("-")
    if shape.continues:
        statement = statement.where(_after(keys, order.kind, descending))
    directed = [key.desc() if descending else key.asc() for key in keys]
    limit: Any = literal_column(str(_USUAL)) if shape.usual else bindparam("limite")
    return compile_query(statement.order_by(*directed).limit(limit), hot=shape.hot)


def _after(
    keys: tuple[ColumnElement[Any], ...], kind: Any, descending: bool
) -> ColumnElement[bool]:
    last = [cast(bindparam("apos"), kind), bindparam("apos_id")][-len(keys) :]
    here, there = tuple_(*keys), tuple_(*last)
    return here < there if descending else here > there


@lru_cache(maxsize=1_024)
def _count_query(filters: tuple[str, ...], gestor: bool, deleted: bool) -> Query:
    statement = select_leads([*visible(gestor, deleted=deleted), *map(condition, filters)])
    counted = compile_query(statement.with_only_columns(func.count(), maintain_column_froms=True))
    return replace(counted, sql=ALL_AT_ONCE + counted.sql)


def _view(caller: Principal, filters: dict[str, Any], ordenar: str, deleted: bool) -> str:
    """What a cursor is valid for: this caller's view, these filters, this order."""
    who = [caller.equipe_id, None if caller.gestor else caller.usuario_id]
    return json.dumps([who, ordenar, filters, deleted], sort_keys=True, default=str)


def _read_cursor(key: bytes, view: str, cursor: str) -> _Position:
    try:
        nulls, value, lead_id = decode_cursor(key, view, cursor)
    except InvalidCursor as error:
        raise InvalidCursorGiven() from error
    return _Position(bool(nulls), value, int(lead_id or 0))


def _end_of_page(row: Row, ordenar: str) -> list[str | int | None]:
    by_name = dict(zip(FIELDS, row, strict=True))
    value = by_name[ordenar.lstrip("-")]
    if hasattr(value, "isoformat"):
        value = iso(value)
    elif value is not None and ordenar.lstrip("-") in CENTS:
        value = to_cents(Decimal(value))
    return [int(value is None), value, by_name["id"]]
