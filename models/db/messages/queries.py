"""Statements as the driver sends them: compiled once, and the messages they are parts of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psycopg2 import extensions
from sqlalchemy import ColumnElement, Select, and_
from sqlalchemy.dialects.postgresql import psycopg2 as dialect_module
from sqlalchemy.sql.dml import UpdateBase

# psycopg2's dialect class has no annotations of its own.
_DIALECT = dialect_module.dialect()  # type: ignore[no-untyped-call]
_PARAMETER = re.compile(r"%\((\w+)\)s")

# Sent before a query over all rows of a tenant. PostgreSQL has no statistics of a tenant that has
# just grown: it would plan for a single lead, and compare each lead with every score.
ALL_AT_ONCE = "set local enable_nestloop = off; "

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A statement as the driver sends it, with the parameters that have a value already.

    `hot`: it is one statement, asked so often that each connection prepares it. PostgreSQL plans it
    without knowing the values: only where one plan is good for every tenant. `own`: its text is one
    tenant's, so that a connection keeps only those that were sent last.
    """

    sql: str
    defaults: Mapping[str, Any]
    hot: bool = False
    own: bool = False


Part = tuple[Query, Mapping[str, Any]]


def compile_query(statement: Select[Any] | UpdateBase, *, hot: bool = False) -> Query:
    """Turn a statement into a Query once; parameters are `bindparam`s without a value. Constants
    become part of its text, so that nobody sends them each time."""
    compiled = statement.compile(dialect=_DIALECT)
    values = {name: value for name, value in compiled.params.items() if value is not None}
    sql = _PARAMETER.sub(lambda found: _literal(found, values), str(compiled))
    return Query(sql, {}, hot)


def _literal(found: re.Match[str], values: Mapping[str, Any]) -> str:
    """A constant as SQL, or the parameter itself."""
    if found[1] not in values:
        return found[0]
    adapted: Any = extensions.adapt(values[found[1]])
    if hasattr(adapted, "encoding"):
        adapted.encoding = "utf-8"
    text: str = adapted.getquoted().decode()
    return text.replace("%", "%%")


def compile_condition(*conditions: ColumnElement[bool]) -> str:
    """Conditions as text, for a query that is written as text."""
    return str(and_(*conditions).compile(dialect=_DIALECT))
