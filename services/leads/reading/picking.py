"""Which leads filters match, inside the transaction that goes on to change them. The filters are
resolved() ones."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from models.db.messages.queries import Query, compile_query
from models.db.statements import fetch_here
from models.derived.lead_score import SCORES
from models.lead import LEADS
from services.leads.locking import any_of_ids
from services.leads.reading.filters import condition, parameters
from services.policy import scope, visible
from services.principal import Principal
from services.scores.statement import OF_LEAD


def next_ids(
    caller: Principal, filters: dict[str, Any], *, after: int, most: int, deleted: bool = False
) -> list[int]:
    """The ids of the next leads behind `after` that match, so many, ascending. The filters are
    resolved() already: to look up a name, a connection of its own would be asked."""
    return _ids(caller, filters, {"apos": after, "limite": most}, deleted)


def still_matching(
    caller: Principal, filters: dict[str, Any], ids: Sequence[int], *, deleted: bool = False
) -> list[int]:
    """Those of the leads that match now, ascending."""
    return _ids(caller, filters, {"ids": list(ids)}, deleted)


def extent(caller: Principal, filters: dict[str, Any], *, deleted: bool = False) -> tuple[int, int]:
    """How many leads match, and the last of their ids; 0 where there are none."""
    values = parameters(filters, caller.fuso)
    query = _extent_query(tuple(sorted(values)), caller.gestor, deleted)
    ((count, last),) = fetch_here(query, values | scope(caller))
    return int(count), int(last)


def _ids(
    caller: Principal, filters: dict[str, Any], bounds: dict[str, Any], deleted: bool
) -> list[int]:
    values = parameters(filters, caller.fuso)
    query = _query(tuple(sorted(values)), caller.gestor, deleted, "ids" in bounds)
    return [lead_id for (lead_id,) in fetch_here(query, values | scope(caller) | bounds)]


@lru_cache(maxsize=256)
def _extent_query(filters: tuple[str, ...], gestor: bool, deleted: bool) -> Query:
    found = _matching(filters, gestor, deleted)
    last = func.coalesce(func.max(LEADS.c.id), 0)
    return compile_query(found.with_only_columns(func.count(), last, maintain_column_froms=True))


def _matching(filters: tuple[str, ...], gestor: bool, deleted: bool) -> Select[Any]:
    found = select(LEADS.c.id).select_from(LEADS.join(SCORES, OF_LEAD, isouter=True))
    return found.where(*visible(gestor, deleted=deleted), *map(condition, filters))


@lru_cache(maxsize=256)
def _query(filters: tuple[str, ...], gestor: bool, deleted: bool, these: bool) -> Query:
    found = _matching(filters, gestor, deleted)
    if these:
        return compile_query(found.where(LEADS.c.id == any_of_ids()).order_by(LEADS.c.id))
    behind = found.where(LEADS.c.id > bindparam("apos")).order_by(LEADS.c.id)
    return compile_query(behind.limit(bindparam("limite")))
