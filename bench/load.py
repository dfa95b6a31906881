"""A closed-loop HTTP client: each connection sends its next request when a reply has come.

Requests are bytes made beforehand and replies are read no further than status and length, so the
client stays far cheaper than what it measures. It runs in a process of its own: its CPU time is
never counted as the server's.
"""

import multiprocessing
import selectors
import signal
import socket
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

from bench.errors import BenchFailed

_PATIENCE = 60.0  # seconds without a single reply
_SPAWN = multiprocessing.get_context("spawn")


@dataclass(slots=True)
class Outcome:
    """What a run of the client saw."""

    seconds: float = 0.0
    sent: int = 0  # requests taken from the list, answered or not
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def replies(self) -> int:
        return sum(self.statuses.values())

    def demand(self, *allowed: int) -> None:
        if unexpected := set(self.statuses) - set(allowed):
            raise BenchFailed(f"replies {dict(self.statuses)}, not expected: {sorted(unexpected)}")


def request(
    method: str, path: str, token: str = "", body: bytes = b"", media: str = "application/json"
) -> bytes:
    """One request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body:
        lines += [f"Content-Type: {media}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def drive(
    port: int, requests: Sequence[bytes], clients: int, *, seconds: float, once: bool = False
) -> Outcome:
    """Run the client in its own process for `seconds`, or until the requests are used up."""
    receiver, sender = _SPAWN.Pipe(duplex=False)
    work = (sender, port, list(requests), clients, seconds, once)
    process = _SPAWN.Process(target=_report, args=work, daemon=True)
    process.start()
    sender.close()
    try:
        found: Outcome | BenchFailed = receiver.recv()
    except EOFError as error:
        raise BenchFailed("the load client died; its message is above") from error
    finally:
        process.kill()
        process.join()
    if isinstance(found, BenchFailed):
        raise found
    return found


def one(port: int, raw: bytes) -> tuple[int, bytes]:
    """A single exchange: status and body."""
    with _connect(port) as connection:
        connection.sendall(raw)
        return _receive(connection)


def timed(port: int, requests: Sequence[bytes]) -> list[float]:
    """Seconds of each exchange, one after another on one connection."""
    taken = []
    with _connect(port) as connection:
        for raw in requests:
            began = time.perf_counter()
            connection.sendall(raw)
            _receive(connection)
            taken.append(time.perf_counter() - began)
    return taken


def _connect(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _receive(connection: socket.socket) -> tuple[int, bytes]:
    received = b""
    while (reply := _parse(received)) is None:
        chunk = connection.recv(262_144)
        if not chunk:
            raise BenchFailed("the server closed the connection")
        received += chunk
    return reply


def _parse(received: bytes) -> tuple[int, bytes] | None:
    """Status and body of a whole reply, None while some of it is missing."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    status = int(received[9:12])
    at = received.lower().find(b"\r\ncontent-length:", 0, end)
    length = int(received[at + 17 : received.index(b"\r\n", at + 2)]) if at >= 0 else 0
    if len(received) < end + 4 + length:
        return None
    return status, received[end + 4 :]


def _report(
    sender: Connection,
    port: int,
    requests: list[bytes],
    clients: int,
    seconds: float,
    once: bool,
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Ctrl-C the bench ends this process
    try:
        sender.send(_Loop(port, requests, seconds, once).run(clients))
    except (BenchFailed, OSError) as error:
        sender.send(BenchFailed(str(error)))


class _Loop:
    """Every connection of one run, in one thread."""

    def __init__(self, port: int, requests: list[bytes], seconds: float, once: bool) -> None:
        self._port = port
        self._requests = requests
        self._seconds = seconds
        self._once = once
        self._selector = selectors.DefaultSelector()
        self._received: dict[socket.socket, bytes] = {}
        self._began = 0.0
        self._outcome = Outcome()

    def run(self, clients: int) -> Outcome:
        connections = [_connect(self._port) for _ in range(clients)]
        self._began = time.perf_counter()
        for connection in connections:
            self._selector.register(connection, selectors.EVENT_READ)
            self._send(connection)
        while self._received:
            events = self._selector.select(_PATIENCE)
            if not events:
                raise BenchFailed("no reply")
            for key, _ in events:
                self._read(key.fileobj)  # type: ignore[arg-type]
        self._outcome.seconds = time.perf_counter() - self._began
        return self._outcome

    def _send(self, connection: socket.socket) -> None:
        """The next request, or goodbye when there is no more to ask."""
        late = time.perf_counter() - self._began > self._seconds
        if late or (self._once and self._outcome.sent >= len(self._requests)):
            self._selector.unregister(connection)
            self._received.pop(connection, None)
            connection.close()
            return
        self._received[connection] = b""
        connection.sendall(self._requests[self._outcome.sent % len(self._requests)])
        self._outcome.sent += 1

    def _read(self, connection: socket.socket) -> None:
        chunk = connection.recv(262_144)
        if not chunk:
            raise BenchFailed("the server closed the connection")
        received = self._received[connection] + chunk
        reply = _parse(received)
        if reply is None:
            self._received[connection] = received
            return
        self._outcome.statuses[reply[0]] += 1
        self._send(connection)
