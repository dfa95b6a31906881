"""Ends waits that no time limit of the server would end: it froze, or the network was cut.

Each process notes which statements it waits for. If one takes long, a thread opens a new
connection. If the server answers it, the statement is merely slow, and its statement_timeout ends
it. If not, the server is away: the waits are cut, and until it answers again new statements fail
at once.
"""

import os
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

import psycopg2
from psycopg2 import extensions

# Seconds. Together they stay below the five within which a 503 is promised.
_LONG = 1.5
_PROBE = 2.5
_TICK = 0.25

_waits: dict[Any, float] = {}
_away: set[str] = set()  # servers, by how they are reached


class WatchedCursor(extensions.cursor):  # type: ignore[misc]
    def execute(self, query: Any, variables: Any = None) -> None:
        _refuse_while_away(self.connection.address)
        _waits[self.connection] = time.monotonic()
        try:
            super().execute(query, variables)
        finally:
            _waits.pop(self.connection, None)

    def executemany(self, query: Any, variables: Any) -> None:
        with waiting(self.connection):
            super().executemany(query, variables)

    def copy_expert(self, *arguments: Any, **options: Any) -> None:
        with waiting(self.connection):
            super().copy_expert(*arguments, **options)


class WatchedConnection(extensions.connection):  # type: ignore[misc]
    """Give it to psycopg2 as `connection_factory`."""

    def __init__(self, dsn: str, **options: Any) -> None:
        _refuse_while_away(dsn)
        super().__init__(dsn, **options)
        self.cursor_factory = WatchedCursor
        self.address = dsn
        _watcher.start()


@contextmanager
def waiting(connection: WatchedConnection) -> Iterator[None]:
    """Around a wait for the server that may be cut."""
    _waits[connection] = time.monotonic()
    try:
        yield
    finally:
        _waits.pop(connection, None)


@contextmanager
def taking(connection: Any) -> Iterator[None]:
    """Inside a wait, around what is not the server's time: somebody takes what it has sent."""
    _waits.pop(connection, None)
    try:
        yield
    finally:
        _waits[connection] = time.monotonic()


class _Watcher:
    """One thread per process."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._guard = threading.Lock()

    def start(self) -> None:
        with self._guard:
            # A forked child has the object of its parent's thread, but not the thread.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            time.sleep(_TICK)
            for address in _away | {connection.address for connection in _overdue()}:
                _look_after(address)


_watcher = _Watcher()


def _look_after(address: str) -> None:
    if _answers(address):
        _away.discard(address)
        return
    _away.add(address)
    for connection in _overdue():
        if connection.address == address:
            _cut(connection)


def _answers(address: str) -> bool:
    """Whether the server sends anything on a new connection. A frozen server stays silent. A
    refusal is an answer, and so is the first message of a slow sign-in."""
    deadline = time.monotonic() + _PROBE
    with suppress(psycopg2.Error), closing(psycopg2.connect(address, async_=1)) as connection:
        while (left := deadline - time.monotonic()) > 0:
            state = connection.poll()
            if state == extensions.POLL_WRITE:
                select.select([], [connection], [], left)
            elif state != extensions.POLL_READ or select.select([connection], [], [], left)[0]:
                return True
        return False
    return True


def _refuse_while_away(address: str) -> None:
    if address in _away:
        raise psycopg2.OperationalError("the server does not answer")


def _overdue() -> list[Any]:
    limit = time.monotonic() - _LONG
    return [connection for connection, since in list(_waits.items()) if since < limit]


def _cut(connection: Any) -> None:
    """End both directions of the socket beneath libpq, which then reports a lost connection."""
    with suppress(OSError, psycopg2.Error), closing(_socket_of(connection)) as beneath:
        beneath.shutdown(socket.SHUT_RDWR)


def _socket_of(connection: Any) -> socket.socket:
    return socket.socket(fileno=os.dup(connection.fileno()))
