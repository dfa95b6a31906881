"""The statements of a list: one page, how far its first rows fill it, a count.

A shape is listed if one index holds its rows in their order: such a page costs the same wherever
it begins and however large the equipe is. The others may have to read all leads of the equipe.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, cast, func, or_, select, tuple_
from sqlalchemy.sql import literal_column
from sqlalchemy.sql.util import ClauseAdapter

from models.db.messages.prepared import BY_INDEX
from models.db.messages.queries import ALL_AT_ONCE, Query, compile_query
from models.derived.lead_score import SCORES
from models.lead import LEADS
from services.leads.fields import DEFAULT_PAGE
from services.leads.reading.columns import select_leads
from services.leads.reading.filters import NARROW, ORDERS, Order, condition
from services.policy import visible, visible_in_passing, visible_scores

# Rows asked for by a page that has the usual size and starts in its first segment. Such a query is
# prepared, and holds the number: not knowing it, PostgreSQL would plan for a tenth of all rows.
USUAL = DEFAULT_PAGE + 1
# How many of the first rows near_query() looks at.
NEAR = 2_000
_BY_PERSON = {"responsavel_id", "responsavel_nenhum"}
_BY_STAGE = {"etapa_igual"}
_ORDERS_BY_STAGE = {"criado_em", "score"}


@dataclass(frozen=True, slots=True)
class Shape:
    """Everything that changes a page's SQL, as opposed to its parameters.

    `continues`: it begins behind a row; `nulls`: in the segment of rows without a sort value;
    `usual`: it asks for USUAL rows.
    """

    filters: tuple[str, ...]
    ordenar: str
    gestor: bool
    deleted: bool = False
    continues: bool = False
    nulls: bool = False
    usual: bool = False

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
    def ranging(self) -> tuple[str, ...]:
        """The filters by which an index of this order begins, behind the equipe."""
        asked = set(self.filters)
        first = asked & _BY_PERSON
        if self.gestor and not first and self.ordenar.lstrip("-") in _ORDERS_BY_STAGE:
            first = asked & _BY_STAGE
        return tuple(sorted(first))

    @property
    def listed(self) -> bool:
        return self.filters == self.ranging and not self.deleted

    @property
    def in_order(self) -> bool:
        """Whether it is best walked in its order. With words alone it is: where they are not looked
        up there are many leads that have them, which PostgreSQL does not know."""
        words = {"q"} & set(self.filters)
        return set(self.filters) == {*words, *self.ranging} and not self.deleted

    @property
    def hot(self) -> bool:
        """Whether PostgreSQL may plan it without knowing the values: it has no choice.

        With another condition it has: it might walk past all leads of a tenant in search of one.
        """
        return self.usual and self.listed


@lru_cache(maxsize=1_024)
def page_query(shape: Shape) -> Query:
    """One page. Parameters: those of the filters and of scope(), apos, apos_id, limite."""
    page = select_leads(_conditions(shape), by_score=shape.by_score)
    query = compile_query(_cut(page, shape), hot=shape.hot)
    return _by_index(query) if shape.in_order and not shape.hot else query


@lru_cache(maxsize=256)
def near_query(shape: Shape) -> Query:
    """The same page as far as the first NEAR rows of the list fill it, each row with its place
    among them at the end. The row behind them is there too, whatever it is: without it there are
    no more.

    They are walked in their order, which only the filters by which an index begins may narrow.
    """
    ordered: Any = SCORES if shape.by_score else LEADS
    place = func.row_number().over(order_by=_directed(shape)).label("lugar")
    first = (
        select(ordered, place)
        .where(*_range(shape))
        .order_by(*_directed(shape))
        .limit(NEAR + 1)
        .subquery(ordered.name)
    )
    matches = and_(*_conditions(replace(shape, continues=False)))
    page = select_leads([or_(matches, literal_column("lugar") > NEAR)], by_score=shape.by_score)
    page = _cut(page.add_columns(first.c.lugar), shape)
    # What was selected of the table is selected of its first rows.
    hot = shape.usual and shape.in_order
    query = compile_query(ClauseAdapter(first).traverse(page), hot=hot)
    return query if hot else _by_index(query)


@lru_cache(maxsize=1_024)
def count_query(filters: tuple[str, ...], gestor: bool, deleted: bool) -> Query:
    """How many leads match."""
    statement = select_leads([*visible(gestor, deleted=deleted), *map(condition, filters)])
    counted = compile_query(statement.with_only_columns(func.count(), maintain_column_froms=True))
    few = NARROW.intersection(filters)
    return counted if few else replace(counted, sql=ALL_AT_ONCE + counted.sql)


def _by_index(query: Query) -> Query:
    return replace(query, sql=BY_INDEX + query.sql)


def _conditions(shape: Shape) -> list[ColumnElement[bool]]:
    """All that a row of the page fulfils."""
    others = _filters(shape, [name for name in shape.filters if name not in shape.ranging])
    scored = visible_in_passing(shape.gestor) if shape.by_score else ()
    return [*_range(shape), *scored, *others]


def _range(shape: Shape) -> list[ColumnElement[bool]]:
    """Where the rows of this order are in the table that gives it, and where the page begins."""
    gestor, deleted = shape.gestor, shape.deleted
    owned = visible_scores(gestor) if shape.by_score else visible(gestor, deleted=deleted)
    found = [*owned, *_filters(shape, shape.ranging)]
    if shape.nullable:
        column = shape.order.column
        found.append(column.is_(None) if shape.nulls else column.is_not(None))
    if shape.continues:
        found.append(_after(shape))
    return found


def _filters(shape: Shape, names: Iterable[str]) -> list[ColumnElement[bool]]:
    return [condition(name, by_score=shape.by_score) for name in names]


def _keys(shape: Shape) -> tuple[ColumnElement[Any], ...]:
    """What orders the rows; those without a sort value are ordered by their id alone."""
    closing = shape.order.closing if shape.by_score else LEADS.c.id
    return (closing,) if shape.nulls else (shape.order.column, closing)


def _directed(shape: Shape) -> list[ColumnElement[Any]]:
    """The order, beginning with what is null in every row: for PostgreSQL that is no constant, and
    without it the index would not have this order."""
    table = SCORES if shape.by_score else LEADS
    keys = list(_keys(shape))
    if shape.nulls:
        keys.insert(0, shape.order.column)
    if "responsavel_nenhum" in shape.ranging:
        keys.insert(0, table.c.responsavel_id)
    descending = shape.ordenar.startswith("-")
    return [key.desc() if descending else key.asc() for key in keys]


def _after(shape: Shape) -> ColumnElement[bool]:
    keys = _keys(shape)
    last = [cast(bindparam("apos"), shape.order.kind), bindparam("apos_id")][-len(keys) :]
    here, there = tuple_(*keys), tuple_(*last)
    return here < there if shape.ordenar.startswith("-") else here > there


def _cut(page: Select[Any], shape: Shape) -> Select[Any]:
    limit: Any = literal_column(str(USUAL)) if shape.usual else bindparam("limite")
    return page.order_by(*_directed(shape)).limit(limit)
