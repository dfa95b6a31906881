"""The attributes of leads in SQL, as deep as rules can look: the paths to their single values, and
what is kept of them."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Text,
    case,
    cast,
    column,
    func,
    literal,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH
from sqlalchemy.sql.selectable import NamedFromClause

from services.rules.fields import MAX_LEVELS

# Whether the value at a path is kept; it is not asked of objects.
Keeps = Callable[[ColumnElement[str], ColumnElement[Any]], ColumnElement[bool]]
_BETWEEN = "."  # keys, as a rule names them
_OBJECTS = 'strict $.* ? (@.type() == "object")'


def paths_of(leads: FromClause, which: Iterable[ColumnElement[bool]]) -> CompoundSelect[Any]:
    """Those of the attributes of these leads, each once: leads have the same ones. Few leads have
    any that are nested, and only of those each value is looked at."""
    conditions = list(which)
    key: ColumnElement[str] = func.jsonb_object_keys(leads.c.atributos).label("nome")
    flat = select(key).where(*conditions)
    first, *deeper = levels = _levels(leads)
    found = leads.join(first, true())
    for level in deeper:
        found = found.outerjoin(level, true())
    path = func.concat_ws(_BETWEEN, *(level.c.key for level in levels)).label("nome")
    inside = _is_object(first.c.value)
    nested = select(path).select_from(found).where(*conditions, _has_objects(leads), inside)
    return union(flat, nested)


def _levels(leads: FromClause) -> list[NamedFromClause]:
    """The keys and values of the attributes, and beside each object those that are in it."""
    levels = [_each(leads.c.atributos, 1)]
    while len(levels) < MAX_LEVELS:
        levels.append(_each(levels[-1].c.value, len(levels) + 1).lateral())
    return levels


def _has_objects(leads: FromClause) -> ColumnElement[bool]:
    path = cast(literal(_OBJECTS, Text), JSONPATH)
    return func.jsonb_path_exists(leads.c.atributos, path)


def kept_of(leads: FromClause, keeps: Keeps) -> ColumnElement[Any]:
    """The attributes without what is not kept; null where nothing is."""
    return _kept(leads.c.atributos, [leads], (), keeps)


def _kept(
    inside: ColumnElement[Any],
    outer: list[FromClause],
    above: tuple[ColumnElement[str], ...],
    keeps: Keeps,
) -> ColumnElement[Any]:
    level = _each(inside, len(outer))
    keys = (*above, level.c.key)
    path = keys[0] if not above else func.concat_ws(_BETWEEN, *keys)
    kept: ColumnElement[bool] = keeps(path, level.c.value)
    value: ColumnElement[Any] = level.c.value
    if len(keys) < MAX_LEVELS:
        deeper = _kept(level.c.value, [*outer, level], keys, keeps)
        kept, value = or_(kept, _is_object(level.c.value)), _either(level.c.value, deeper)
    found = select(func.jsonb_object_agg(level.c.key, value)).where(kept)
    return found.correlate(*outer).scalar_subquery()


def _each(value: ColumnElement[Any], level: int) -> NamedFromClause:
    """A row for each key of an object, none for another value."""
    inside = value if level == 1 else case((_is_object(value), value))
    columns = column("key", Text), column("value", JSONB)
    return func.jsonb_each(inside).table_valued(*columns, name=f"atributo{level}")


def _either(value: ColumnElement[Any], of_object: ColumnElement[Any]) -> ColumnElement[Any]:
    """Of an object nothing where none of its values is kept."""
    kept = func.nullif(func.jsonb_strip_nulls(of_object), cast(literal("{}", Text), JSONB))
    return case((_is_object(value), kept), else_=value)


def _is_object(value: ColumnElement[Any]) -> ColumnElement[bool]:
    return func.jsonb_typeof(value) == cast(literal("object"), Text)
