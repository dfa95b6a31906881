"""Listing leads: a page of rows, never entities, and where the next one begins."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from models.db.messages.queries import Row
from models.lead import CENTS
from services.errors import InvalidCursorGiven
from services.leads.fields import FIELDS
from services.leads.reading.asked import resolved
from services.leads.reading.filters import parameters
from services.leads.reading.listing import Listing, Position
from services.leads.reading.patience import Patience
from services.leads.reading.shapes import Shape
from services.policy import require_gestor, scope
from services.principal import Principal
from utils.clock import iso
from utils.money import to_cents
from utils.wire.cursors import InvalidCursor, decode_cursor, encode_cursor

_ID = FIELDS.index("id")


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in FIELDS order, the cursor of the next page, the count if it was asked for."""

    rows: Sequence[Row]
    proximo: str | None
    total: int | None


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
    """One page of the leads that the caller sees. Raises InvalidCursorGiven, Invalid for a stage or
    user that the tenant does not have, and FilterNeeded for a list that takes too long.

    `deleted`: of the deleted ones instead, which are a gestor's to see (else Forbidden).

    Keyset: the cursor holds the last row's sort value and id, so page 1,000 costs what page 1 does.
    """
    if deleted:
        require_gestor(caller)
    view = _view(caller, filters, ordenar, deleted)
    position = _read_cursor(cursor_key, view, cursor) if cursor else Position()
    values = parameters(resolved(caller, filters), caller.fuso)
    shape = Shape(tuple(sorted(values)), ordenar, caller.gestor, deleted)
    patience = Patience(caller.equipe_id, caller.gestor, filters)
    listing = Listing(patience, shape, values | scope(caller))
    rows = listing.rows(position, limite)
    proximo = None
    if len(rows) > limite:
        proximo = encode_cursor(cursor_key, view, _end_of_page(rows[limite - 1], ordenar))
    return Page(rows[:limite], proximo, listing.count() if total else None)


def _view(caller: Principal, filters: dict[str, Any], ordenar: str, deleted: bool) -> str:
    """What a cursor is valid for: this caller's view, these filters, this order."""
    who = "" if caller.gestor else caller.usuario_id
    asked = json.dumps(filters, sort_keys=True, default=str) if filters else ""
    return f"{caller.equipe_id}/{who}/{ordenar}/{deleted}/{asked}"


def _read_cursor(key: bytes, view: str, cursor: str) -> Position:
    try:
        nulls, value, lead_id = decode_cursor(key, view, cursor)
    except InvalidCursor as error:
        raise InvalidCursorGiven() from error
    return Position(bool(nulls), value, int(lead_id or 0))


def _end_of_page(row: Row, ordenar: str) -> list[str | int | None]:
    name = ordenar.lstrip("-")
    value = row[FIELDS.index(name)]
    if hasattr(value, "isoformat"):
        value = iso(value)
    elif value is not None and name in CENTS:
        value = to_cents(Decimal(value))
    return [int(value is None), value, row[_ID]]
