"""Statements without entities: compiled once, their rows as the driver gives them.

A list, a single read or the metrics run on the autocommit read engine, with the tenant in the same
message. The same compiled query also runs inside a write's transaction, so that reads and writes
reply in the same shape.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, cast

import psycopg2
from psycopg2 import extensions
from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Executable,
    PoolProxiedConnection,
    Select,
    and_,
)
from sqlalchemy.dialects.postgresql import psycopg2 as dialect_module
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import UpdateBase

from models.db.base import db
from models.db.engines import READ_BIND
from models.db.transactions import for_tenant, in_time

# psycopg2's dialect class has no annotations of its own.
_DIALECT = dialect_module.dialect()  # type: ignore[no-untyped-call]
_PARAMETER = re.compile(r"%\((\w+)\)s")

# Sent before a query over all rows of a tenant. PostgreSQL has no statistics of a tenant that has
# just grown: it would plan for a single lead, and compare each lead with every score.
ALL_AT_ONCE = "set local enable_nestloop = off; "

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A statement as the driver sends it, with the parameters that have a value already."""

    sql: str
    defaults: Mapping[str, Any]


def compile_query(statement: Select[Any] | UpdateBase) -> Query:
    """Turn a statement into a Query once; parameters are `bindparam`s without a value. Constants
    become part of its text, so that nobody sends them each time."""
    compiled = statement.compile(dialect=_DIALECT)
    values = {name: value for name, value in compiled.params.items() if value is not None}
    return Query(_PARAMETER.sub(lambda found: _literal(found, values), str(compiled)), {})


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


def fetch(query: Query, parameters: Mapping[str, Any], *, equipe_id: int) -> Sequence[Row]:
    """Rows of one tenant, read in one message outside any transaction."""
    return _on_read_engine(for_tenant(equipe_id, query.sql), {**query.defaults, **parameters})


def fetch_global(sql: str, parameters: Mapping[str, Any]) -> Sequence[Row]:
    """Rows of the global tables (users, sessions, quotas), one autocommitted statement."""
    return _on_read_engine(in_time(sql), parameters)


def write_global(sql: str, parameters: Mapping[str, Any]) -> Sequence[Row]:
    """A write to a global table, one autocommitted statement with its rows.

    It is sent once: if the connection breaks, it is not known whether the write was carried out. A
    read before it finds and replaces connections that died in the pool.
    """
    fetch_global("select 1", {})
    return _run(in_time(sql), parameters)


def fetch_here(query: Query, parameters: Mapping[str, Any]) -> Sequence[Row]:
    """The same inside the session's transaction, where its own writes are visible."""
    result = _in_transaction(query, parameters)
    return [tuple(row) for row in result]


def fetch_together(parts: Sequence[tuple[Query, Mapping[str, Any]]]) -> Sequence[Row]:
    """Run these in order inside the session's transaction; the rows of the last one."""
    for query, parameters in parts[:-1]:
        execute_here(query, parameters)
    return fetch_here(*parts[-1])


def execute_here(query: Query, parameters: Mapping[str, Any]) -> None:
    """A compiled write inside the session's transaction."""
    _in_transaction(query, parameters)


def count_here(statement: Executable, parameters: Mapping[str, Any] | None = None) -> int:
    """Any statement inside the session's transaction; the number of rows it touched."""
    result = db.session.execute(statement, parameters)
    return cast(CursorResult[Any], result).rowcount


def copy_here(sql: str, lines: Any) -> None:
    """COPY what `lines` reads into a table, inside the session's transaction."""
    connection = db.session.connection()
    try:
        with closing(connection.connection.cursor()) as cursor:
            cursor.copy_expert(sql, lines)
    except psycopg2.Error as error:
        raise _translated(connection.engine, connection.connection, error) from error


def _in_transaction(query: Query, parameters: Mapping[str, Any]) -> CursorResult[Any]:
    connection = db.session.connection()
    return connection.exec_driver_sql(query.sql, {**query.defaults, **parameters})


def read_engine() -> Engine:
    return db.engines[READ_BIND]


def _on_read_engine(sql: str, parameters: Mapping[str, Any]) -> Sequence[Row]:
    """Run once; a connection that died in the pool is replaced and the read repeated once."""
    try:
        return _run(sql, parameters)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        return _run(sql, parameters)


def _run(sql: str, parameters: Mapping[str, Any]) -> Sequence[Row]:
    """Run on the driver's own cursor: SQLAlchemy's result would cost as much as the read itself."""
    engine, connection = read_engine(), None
    try:
        connection = engine.raw_connection()
        with closing(connection.cursor()) as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()
    except psycopg2.Error as error:
        translated = _translated(engine, connection, error)
        if connection is not None and translated.connection_invalidated:
            # What killed this connection killed the pool's others too.
            connection.invalidate(error)
            engine.dispose()
        raise translated from error
    finally:
        if connection is not None:
            connection.close()  # back to the pool


def _translated(
    engine: Engine, connection: PoolProxiedConnection | None, error: psycopg2.Error
) -> DBAPIError:
    """SQLAlchemy's exception for the driver's; it knows whether the connection is lost."""
    lost = connection is not None and engine.dialect.is_disconnect(
        error, connection.dbapi_connection, None
    )
    translated: Any = DBAPIError.instance(
        None, None, error, psycopg2.Error, connection_invalidated=lost, dialect=engine.dialect
    )
    return cast(DBAPIError, translated)
