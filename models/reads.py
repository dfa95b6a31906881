"""Hot reads: statements compiled once, rows without entities, the tenant in the same message.

A request's list, single read or metrics runs here, on the autocommit read engine; the same
compiled query also runs inside a write's transaction, so that a reply has one shape whatever
produced it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select
from sqlalchemy.dialects.postgresql import psycopg2 as dialect_module
from sqlalchemy.exc import OperationalError

from models.db import db, for_tenant, read_engine

# psycopg2's dialect class has no annotations of its own.
_DIALECT = dialect_module.dialect()  # type: ignore[no-untyped-call]

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A statement as the driver sends it, with the names of its columns in order."""

    sql: str
    columns: tuple[str, ...]
    defaults: Mapping[str, Any]


def compile_query(statement: Select[Any]) -> Query:
    """Turn a Select into a Query once; parameters are `bindparam`s without a value."""
    compiled = statement.compile(dialect=_DIALECT)
    names = tuple(column.name for column in statement.selected_columns)
    return Query(str(compiled), names, dict(compiled.params))


def fetch(query: Query, parameters: Mapping[str, Any], *, equipe_id: int) -> Sequence[Row]:
    """Rows of one equipe, read in one message outside any transaction."""
    return _on_read_engine(for_tenant(equipe_id, query.sql), {**query.defaults, **parameters})


def fetch_global(sql: str, parameters: Mapping[str, Any]) -> Sequence[Row]:
    """Rows of the global tables (users, sessions, quotas), one autocommitted statement."""
    return _on_read_engine(sql, parameters)


def fetch_here(query: Query, parameters: Mapping[str, Any]) -> Sequence[Row]:
    """The same inside the session's transaction, where its own writes are visible."""
    connection = db.session.connection()
    result = connection.exec_driver_sql(query.sql, {**query.defaults, **parameters})
    return [tuple(row) for row in result]


def _on_read_engine(sql: str, parameters: Mapping[str, Any]) -> Sequence[Row]:
    """Run once; a connection that died in the pool is replaced and the read repeated once."""
    try:
        return _run(sql, parameters)
    except OperationalError as error:
        if not error.connection_invalidated:
            raise
        return _run(sql, parameters)


def _run(sql: str, parameters: Mapping[str, Any]) -> Sequence[Row]:
    with read_engine().connect() as connection:
        return connection.exec_driver_sql(sql, dict(parameters)).fetchall()
