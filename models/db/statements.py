"""Statements without entities: compiled once, their rows as the driver gives them.

A list, a single read or the metrics run on the autocommit read engine, with the tenant in the same
message. The same compiled query also runs inside a write's transaction, so that reads and writes
reply in the same shape.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
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
from models.db.errors import WorthRepeating, is_worth_repeating
from models.db.prepared import Message
from models.db.transactions import for_tenant, in_time, refuse_beside

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
    without knowing the values: only where one plan is good for every tenant.
    """

    sql: str
    defaults: Mapping[str, Any]
    hot: bool = False


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


def fetch(query: Query, parameters: Mapping[str, Any], *, equipe_id: int) -> Sequence[Row]:
    """Rows of one tenant, read in one message outside any transaction."""
    return _on_read_engine(for_tenant(equipe_id, ""), query, parameters)


def fetch_global(sql: str, parameters: Mapping[str, Any], *, hot: bool = False) -> Sequence[Row]:
    """Rows of the global tables (users, sessions, quotas), one autocommitted statement."""
    return _on_read_engine(in_time(""), Query(sql, {}, hot), parameters)


def write_global(sql: str, parameters: Mapping[str, Any]) -> Sequence[Row]:
    """A write to a global table, one autocommitted statement with its rows.

    It is sent once: if the connection breaks, it is not known whether the write was carried out.
    """
    return _run(in_time(""), Query(sql, {}), parameters)


def fetch_here(query: Query, parameters: Mapping[str, Any]) -> Sequence[Row]:
    """The same inside the session's transaction, where its own writes are visible."""
    return fetch_together([(query, parameters)])


def execute_here(query: Query, parameters: Mapping[str, Any]) -> None:
    """A compiled write inside the session's transaction."""
    fetch_together([(query, parameters)])


def fetch_together(parts: Sequence[Part]) -> Sequence[Row]:
    """Several statements in one message inside the session's transaction; the rows of the last.

    Each has parameters of its own. If one fails, those after it were not carried out.
    """
    with _drivers_own() as cursor:
        return _send(cursor, parts, plain=not db.session.info.get("prepares", False))


def count_here(statement: Executable, parameters: Mapping[str, Any] | None = None) -> int:
    """Any statement inside the session's transaction; the number of rows it touched."""
    result = db.session.execute(statement, parameters)
    return cast(CursorResult[Any], result).rowcount


def copy_here(sql: str, lines: Any) -> None:
    """COPY what `lines` reads into a table, inside the session's transaction."""
    with _drivers_own() as cursor:
        cursor.copy_expert(sql, lines)


@contextmanager
def _drivers_own() -> Iterator[Any]:
    """The driver's cursor in the session's transaction."""
    session = db.session()
    # Kept with the transaction: asking the session for it costs as much as sending a statement.
    connection = session.info.get("connection") or session.connection()
    session.info["connection"] = connection
    try:
        with closing(connection.connection.cursor()) as cursor:
            yield cursor
    except psycopg2.Error as error:
        translated = _translated(connection.engine, connection.connection, error)
        if translated.connection_invalidated:
            connection.invalidate(error)
            connection.engine.dispose()
        raise translated from error


def read_engine() -> Engine:
    return db.engines[READ_BIND]


def _on_read_engine(before: str, query: Query, parameters: Mapping[str, Any]) -> Sequence[Row]:
    """Run once; a connection that died in the pool is replaced, and the read repeated once. The
    second time it is plain, for a server that did not know what was prepared."""
    try:
        return _run(before, query, parameters)
    except DBAPIError as error:
        if not (error.connection_invalidated or is_worth_repeating(error)):
            raise
    return _run(before, replace(query, hot=False), parameters)


def _run(before: str, query: Query, parameters: Mapping[str, Any]) -> Sequence[Row]:
    refuse_beside()
    engine, connection = read_engine(), None
    try:
        connection = engine.raw_connection()
        with closing(connection.cursor()) as cursor:
            return _send(cursor, [(query, parameters)], before=before)
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


def _send(
    cursor: Any, parts: Sequence[Part], *, before: str = "", plain: bool = False
) -> Sequence[Row]:
    """One message; the rows of its last statement. On the driver's own cursor: SQLAlchemy's result
    would cost as much as a read itself."""
    message = Message(cursor.connection)
    bound: list[bytes] = []
    for query, parameters in parts:
        text = message.text(query.sql) if query.hot and not plain else query.sql
        bound.append(cursor.mogrify(text, {**query.defaults, **parameters}))
    try:
        cursor.execute(before.encode() + b"; ".join(bound))
    except psycopg2.Error as error:
        if message.failed(error):
            raise WorthRepeating(str(error)) from error
        raise
    message.succeeded()
    return cursor.fetchall() if cursor.description else []


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
