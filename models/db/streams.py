"""Many rows out of the database, as many as somebody takes.

COPY pushes its rows, and whoever reads them pulls, so a thread of its own runs it, a few blocks
ahead. If nobody takes them any longer, the statement is cancelled and its connection closed.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from queue import Empty, Full, Queue
from typing import Any

import psycopg2
from sqlalchemy.exc import DBAPIError

from models.db.messages.lifeline import taking
from models.db.messages.queries import Query, Row
from models.db.statements import read_engine, sound, translated
from models.db.transactions import NO_TIMEOUT, tenant_statement

PATIENCE = 60.0  # seconds that nobody takes a block
_BLOCK = 256 * 1024  # bytes
_AHEAD = 2  # blocks

Block = list[bytes]


class NobodyTakes(RuntimeError):
    """Whoever asked for the rows has gone, or has taken none for long."""


class Reading:
    """A transaction that only reads, and sees one moment of one tenant, on the read engine.

    It writes nothing, so it has no transaction id and followers of the history do not wait for it.
    Whoever makes one closes it. `ended` is called once, when its connection is free again, or when
    there was none.
    """

    def __init__(
        self, equipe_id: int, *, timeout: int, settings: str, ended: Callable[[], None]
    ) -> None:
        """`timeout`: milliseconds of each statement; `settings`: SQL of the transaction's own."""
        self._ended = ended
        self._engine = read_engine()
        try:
            self._connection = sound(self._engine)
        except BaseException:
            ended()
            raise
        self._blocks: Queue[Block | Exception | None] = Queue(_AHEAD)
        self._thread: threading.Thread | None = None
        self._gone = threading.Event()
        self._open, self._guard = True, threading.Lock()
        self._opening = (
            "begin isolation level repeatable read, read only; "
            f"set local statement_timeout = {timeout}; "
            f"set local idle_in_transaction_session_timeout = {NO_TIMEOUT}; "
            f"{tenant_statement(equipe_id)}; {settings}"
        )

    def fetch(self, query: Query, parameters: Mapping[str, Any]) -> Sequence[Row]:
        """A few rows, all at once."""
        try:
            with closing(self._connection.cursor()) as cursor:
                cursor.execute(self._message(cursor, query, parameters))
                return list(cursor.fetchall())
        except psycopg2.Error as error:
            raise self._failed(error) from error

    def copy(self, query: Query, parameters: Mapping[str, Any], options: str) -> Iterator[Block]:
        """Many rows as COPY writes them, in blocks of whole rows; nothing is asked after it. Raises
        DBAPIError and NobodyTakes, as the blocks are taken."""
        copied = Query(f"copy ({query.sql}) to stdout with ({options})", query.defaults)
        with closing(self._connection.cursor()) as cursor:
            statement = self._message(cursor, copied, parameters)
        self._thread = threading.Thread(target=self._copy, args=(statement,), daemon=True)
        self._thread.start()
        return self._taken()

    def close(self) -> None:
        """The connection is free soon, also in the middle of a copy."""
        self._gone.set()
        if self._thread is None:
            self._release()
        else:
            self._cancel()
            self._forget_blocks()

    def _message(self, cursor: Any, query: Query, parameters: Mapping[str, Any]) -> str:
        """A statement, the first one behind the beginning of the transaction."""
        opening, self._opening = self._opening, ""
        bound: bytes = cursor.mogrify(query.sql, {**query.defaults, **parameters})
        return opening + bound.decode()

    def _copy(self, statement: str) -> None:
        outcome: Exception | None = None
        try:
            with closing(self._connection.cursor()) as cursor:
                rows = _Rows(self._pass_on)
                cursor.copy_expert(statement, rows)
                rows.flush()
            self._release()
        except psycopg2.Error as error:
            outcome = self._failed(error)
        except NobodyTakes as error:
            outcome = error
            self._abandon()
        self._blocks.put(outcome)

    def _pass_on(self, block: Block) -> None:
        try:
            with taking(self._connection.dbapi_connection):
                self._blocks.put(block, timeout=PATIENCE)
        except Full:
            self._gone.set()
            self._forget_blocks()
        if self._gone.is_set():
            raise NobodyTakes()

    def _forget_blocks(self) -> None:
        with suppress(Empty):
            while True:
                self._blocks.get_nowait()

    def _taken(self) -> Iterator[Block]:
        while (found := self._blocks.get()) is not None:
            if isinstance(found, Exception):
                raise found
            yield found

    def _release(self) -> None:
        if not self._open:
            return
        try:
            self._connection.rollback()
        except psycopg2.Error:
            self._connection.invalidate()
        self._finish()

    def _abandon(self) -> None:
        """In the middle of a copy, whose rest would have to be read first."""
        self._cancel()
        self._connection.invalidate()
        self._finish()

    def _cancel(self) -> None:
        """Not once the connection is back in the pool: its statement is another's then."""
        with self._guard, suppress(psycopg2.Error):
            if self._open:
                self._connection.dbapi_connection.cancel()  # type: ignore[union-attr]

    def _failed(self, error: psycopg2.Error) -> DBAPIError:
        found = translated(self._engine, self._connection, error)
        if found.connection_invalidated:
            self._connection.invalidate(error)
            self._engine.dispose()
            self._finish()
        else:
            self._release()
        return found

    def _finish(self) -> None:
        with self._guard:
            was_open, self._open = self._open, False
            if was_open:
                self._connection.close()
        if was_open:
            self._ended()


class _Rows:
    """The file that COPY writes to, a row at a time."""

    def __init__(self, pass_on: Callable[[Block], None]) -> None:
        self._pass_on = pass_on
        self._rows: Block = []
        self._size = 0

    def write(self, row: bytes) -> None:
        self._rows.append(row)
        self._size += len(row)
        if self._size >= _BLOCK:
            self.flush()

    def flush(self) -> None:
        rows, self._rows, self._size = self._rows, [], 0
        if rows:
            self._pass_on(rows)
