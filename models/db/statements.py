"""Statements without entities: compiled once, their rows as the driver gives them.

A list, a single read or the metrics run on the autocommit read engine, with the tenant in the same
message. The same compiled query also runs inside a write's transaction, so that reads and writes
reply in the same shape.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any, cast

import psycopg2
from sqlalchemy import (
    CursorResult,
    Executable,
    PoolProxiedConnection,
)
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from models.db.base import db
from models.db.engines import READ_BIND
from models.db.errors import WorthRepeating, is_worth_repeating
from models.db.messages.prepared import Message
from models.db.messages.proofs import DISPROVED, Unproven, pending, proved
from models.db.messages.queries import Part, Query, Row
from models.db.transactions import for_tenant, in_time, refuse_beside


def fetch(query: Query, parameters: Mapping[str, Any], *, equipe_id: int) -> Sequence[Row]:
    """Rows of one tenant, read in one message outside any transaction."""
    return _on_read_engine(for_tenant(equipe_id, ""), [(query, parameters)])


def fetch_global(sql: str, parameters: Mapping[str, Any], *, hot: bool = False) -> Sequence[Row]:
    """Rows of the global tables (users, sessions, quotas), one autocommitted statement."""
    return _on_read_engine(in_time(""), [(Query(sql, {}, hot), parameters)])


def write_global(sql: str, parameters: Mapping[str, Any]) -> Sequence[Row]:
    """A write to a global table, one autocommitted statement with its rows.

    It is sent once: if the connection breaks, it is not known whether the write was carried out.
    """
    return _run(in_time(""), [(Query(sql, {}), parameters)], once=True)


def prove() -> None:
    """Send the proof of who asks, if no message has carried it. Raises Unproven."""
    if pending() is not None:
        _on_read_engine(in_time(""), [])


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
        found = translated(connection.engine, connection.connection, error)
        if found.connection_invalidated:
            connection.invalidate(error)
            connection.engine.dispose()
        raise found from error


def read_engine() -> Engine:
    return db.engines[READ_BIND]


def _on_read_engine(before: str, parts: Sequence[Part]) -> Sequence[Row]:
    """Run once; a connection that died in the pool is replaced, and the read repeated once. The
    second time it is plain, for a server that did not know what was prepared."""
    try:
        return _run(before, parts)
    except DBAPIError as error:
        if not (error.connection_invalidated or is_worth_repeating(error)):
            raise
    return _run(before, parts, plain=True)


def _run(
    before: str, parts: Sequence[Part], *, plain: bool = False, once: bool = False
) -> Sequence[Row]:
    refuse_beside()
    engine, connection = read_engine(), None
    try:
        connection = sound(engine) if once else engine.raw_connection()
        with closing(connection.cursor()) as cursor:
            return _send(cursor, parts, before=before, plain=plain)
    except psycopg2.Error as error:
        found = translated(engine, connection, error)
        if connection is not None and found.connection_invalidated:
            # What killed this connection killed the pool's others too.
            connection.invalidate(error)
            engine.dispose()
        raise found from error
    finally:
        if connection is not None:
            connection.close()  # back to the pool


def sound(engine: Engine) -> PoolProxiedConnection:
    """A connection of the read engine that is alive, for what is not sent a second time."""
    connection = engine.raw_connection()
    ours: Any = connection.dbapi_connection
    if not ours.alive():
        connection.invalidate()
        engine.dispose()
        connection = engine.raw_connection()
    return connection


def _send(
    cursor: Any, parts: Sequence[Part], *, before: str = "", plain: bool = False
) -> Sequence[Row]:
    """One message, behind the proof of who asks; the rows of its last statement. On the driver's
    own cursor: SQLAlchemy's result would cost as much as a read itself."""
    message = Message(cursor.connection)
    proof = pending()
    bound: list[bytes] = []
    for query, parameters in parts if proof is None else [proof, *parts]:
        hot = query.hot and not plain
        text = message.text(query.sql, own=query.own) if hot else query.sql
        bound.append(cursor.mogrify(text, {**query.defaults, **parameters}))
    try:
        cursor.execute(before.encode() + b"; ".join(bound))
    except psycopg2.Error as error:
        if message.failed(error):
            raise WorthRepeating(str(error)) from error
        if proof is not None and error.pgcode == DISPROVED:
            raise Unproven() from error
        raise
    message.succeeded()
    if proof is not None:
        proved()
    return cursor.fetchall() if cursor.description else []


def translated(
    engine: Engine, connection: PoolProxiedConnection | None, error: psycopg2.Error
) -> DBAPIError:
    """SQLAlchemy's exception for the driver's; it knows whether the connection is lost."""
    lost = connection is not None and engine.dialect.is_disconnect(
        error, connection.dbapi_connection, None
    )
    found: Any = DBAPIError.instance(
        None, None, error, psycopg2.Error, connection_invalidated=lost, dialect=engine.dialect
    )
    return cast(DBAPIError, found)
