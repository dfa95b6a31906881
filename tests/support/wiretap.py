"""What PostgreSQL is sent: a relay between an application and its server that reads along."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path

_PLAIN = 196_608  # the version of the protocol; TLS, GSSAPI and cancellation have other numbers
_QUERY = b"Q"


class Wiretap:
    """`messages` holds the text of every query, one item for each message."""

    def __init__(self, path: Path) -> None:
        self.messages: list[str] = []
        self._path = path
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._clients: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._run(self._accept)

    @contextmanager
    def heard(self) -> Iterator[list[str]]:
        """The messages that are sent meanwhile."""
        before = len(self.messages)
        found: list[str] = []
        yield found
        found += self.messages[before:]

    def cut(self) -> None:
        """End every connection, as a server does that goes away."""
        for client in self._clients:
            _end(client)

    def close(self) -> None:
        self._path = None
        socket.create_connection(("127.0.0.1", self.port)).close()  # wakes who accepts
        self.cut()
        for thread in self._threads:
            thread.join(10)

    def _run(self, work, *arguments) -> threading.Thread:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()
        return thread

    def _accept(self) -> None:
        with self._listener:
            while True:
                client, _ = self._listener.accept()
                if self._path is None:
                    return client.close()
                self._clients.append(client)
                self._run(self._relay, client)

    def _relay(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, client.makefile("rb") as stream:
            server.connect(str(self._path))
            with suppress(OSError, struct.error):
                server.sendall(_start(client, stream))
                answers = self._run(_pass_on, server, client)
                self._read_along(stream, server)
            _end(server)
            answers.join(10)

    def _read_along(self, stream: BufferedReader, server: socket.socket) -> None:
        while head := stream.read(5):
            body = stream.read(struct.unpack("!I", head[1:])[0] - 4)
            if head[:1] == _QUERY:
                self.messages.append(body[:-1].decode())
            server.sendall(head + body)


def _start(client: socket.socket, stream: BufferedReader) -> bytes:
    """The first message, which has no kind."""
    while True:
        head = stream.read(8)
        length, kind = struct.unpack("!II", head)
        if kind == _PLAIN:
            return head + stream.read(length - 8)
        client.sendall(b"N")


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    _end(target)


def _end(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
