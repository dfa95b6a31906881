"""Connections whose transactions begin in their first message, and end in a message only if one has
begun on the server.

The driver itself is in autocommit. What SQLAlchemy begins is sent in front of the first statement,
with the limits and the tenant of the transaction: four messages become one.
"""

import select
from collections.abc import Iterable
from contextlib import closing
from typing import Any

import psycopg2
from psycopg2 import extensions

from models.db.errors import WorthRepeating
from models.db.messages.lifeline import WatchedConnection, WatchedCursor, waiting

_IDLE = extensions.TRANSACTION_STATUS_IDLE
_IN_TRANSACTION = extensions.TRANSACTION_STATUS_INTRANS
# How a transaction of each of the driver's levels begins; without one, every message is its own.
_BEGINNINGS = {
    extensions.ISOLATION_LEVEL_AUTOCOMMIT: "",
    extensions.ISOLATION_LEVEL_READ_UNCOMMITTED: "begin isolation level read uncommitted; ",
    extensions.ISOLATION_LEVEL_READ_COMMITTED: "begin isolation level read committed; ",
    extensions.ISOLATION_LEVEL_REPEATABLE_READ: "begin isolation level repeatable read; ",
    extensions.ISOLATION_LEVEL_SERIALIZABLE: "begin isolation level serializable; ",
}


class Cursor(WatchedCursor):
    def execute(self, query: Any, variables: Any = None) -> None:
        opening = self.connection.opening()
        if not opening:
            return super().execute(query, variables)
        before = opening.encode() if isinstance(query, bytes) else opening
        try:
            super().execute(before + query, variables)
        except psycopg2.Error as error:
            if self.connection.closed:
                # Whatever it was, it held no commit.
                raise WorthRepeating(str(error)) from error
            raise

    def executemany(self, query: Any, variables: Any) -> None:
        self.connection.open()
        super().executemany(query, variables)

    def copy_expert(self, sql: str, *arguments: Any, **options: Any) -> None:
        super().copy_expert(self.connection.opening() + sql, *arguments, **options)


class StreamCursor(Cursor):
    """Fetches rows as they are asked for. The driver's own demands that the driver has begun the
    transaction."""

    def __init__(self, connection: Any, place: str) -> None:
        super().__init__(connection)
        self._place = place

    def execute(self, query: Any, variables: Any = None) -> None:
        place = self._place
        # Without rows, for the names of the columns.
        declared = f'declare "{place}" no scroll cursor for {query}; fetch 0 from "{place}"'
        super().execute(declared, variables)

    def fetchmany(self, size: int | None = None) -> list[Any]:
        return self._fetch(str(size or self.arraysize))

    def fetchall(self) -> list[Any]:
        return self._fetch("all")

    def close(self) -> None:
        if not self.closed and self.connection.get_transaction_status() == _IN_TRANSACTION:
            super().execute(f'close "{self._place}"')
        super().close()

    def _fetch(self, how: str) -> list[Any]:
        super().execute(f'fetch {how} from "{self._place}"')
        return list(super().fetchall())


class Connection(WatchedConnection):
    """Give it to psycopg2 as `connection_factory`."""

    def __init__(self, dsn: str, **options: Any) -> None:
        super().__init__(dsn, **options)
        self.cursor_factory = Cursor
        self.autocommit = True
        self._beginning = "begin; "
        self._opening = ""
        # Names; see models/db/messages/prepared. Of those of one tenant the last used is the last.
        self.prepared: set[str] = set()
        self.own: dict[str, None] = {}
        self._socket = select.poll()
        self._socket.register(self.fileno(), select.POLLIN)

    @property
    def in_transactions(self) -> bool:
        """Whether its messages belong to transactions, and do not end what they set."""
        return bool(self._beginning)

    def begin(self) -> None:
        """From here to the end, whatever is sent is sent inside a transaction."""
        self._opening = self._beginning

    def start_with(self, statements: Iterable[str]) -> None:
        """Settings of the transaction that has been begun, before its first statement if there was
        none yet."""
        text = "".join(f"{statement}; " for statement in statements)
        if self.opening():
            self._opening += text
        else:
            with closing(self.cursor()) as cursor:
                cursor.execute(text)

    def opening(self) -> str:
        """What the next message begins with: nothing inside a transaction or outside any."""
        return self._opening if self._opening and self.get_transaction_status() == _IDLE else ""

    def open(self) -> None:
        """Begin now, for a statement that has to stand alone in its message."""
        if opening := self.opening():
            with waiting(self), closing(extensions.cursor(self)) as cursor:
                cursor.execute(opening)

    def commit(self) -> None:
        self._end("commit")

    def rollback(self) -> None:
        self._end("rollback")

    def _end(self, how: str) -> None:
        """On a connection that broke it raises, as the driver does: what became of the transaction
        is not known."""
        self._opening = ""
        if self.closed or self.get_transaction_status() != _IDLE:
            with waiting(self), closing(extensions.cursor(self)) as cursor:
                cursor.execute(how)

    def set_isolation_level(self, level: int) -> None:
        self._beginning = _BEGINNINGS[level]

    def cursor(self, name: str | None = None, **options: Any) -> Any:
        if name is None:
            return super().cursor(**options)
        return StreamCursor(self, name)

    def alive(self) -> bool:
        """Asked without a message: the socket of a connection that rests is readable only if the
        server has ended it, or has something to say. Then a question shows which."""
        return not self.closed and (not self._socket.poll(0) or self._answers())

    def _answers(self) -> bool:
        try:
            with closing(self.cursor()) as cursor:
                cursor.execute("select 1")
        except psycopg2.Error:
            return False
        return True
