"""A server counts as away if it stays silent, and only then."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import sleep

import pytest

from models.db.messages import lifeline

# "Send me a password in clear text", the first word of a sign-in.
_ASKS_FOR_A_PASSWORD = b"R\x00\x00\x00\x08\x00\x00\x00\x03"


@contextmanager
def server(serve: Callable[[socket.socket, Event], None]) -> Iterator[str]:
    """The address of a server that takes one connection and handles it as the test says."""
    ended = Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def run() -> None:
            connection, _ = listening.accept()
            with connection:
                serve(connection, ended)

        thread = Thread(target=run, daemon=True)
        thread.start()
        yield f"host=127.0.0.1 port={port} user=u password=p dbname=d sslmode=disable"
        ended.set()
        thread.join(10)


def silent(_: socket.socket, ended: Event) -> None:
    ended.wait(20)


def slow_to_sign_in(connection: socket.socket, ended: Event) -> None:
    """It answers, and then takes very long to check the password."""
    connection.recv(1024)
    connection.sendall(_ASKS_FOR_A_PASSWORD)
    ended.wait(20)


def slow_to_answer(connection: socket.socket, ended: Event) -> None:
    connection.recv(1024)
    sleep(1.9)
    connection.sendall(_ASKS_FOR_A_PASSWORD)
    ended.wait(20)


def hangs_up(connection: socket.socket, _: Event) -> None:
    connection.recv(1024)


@pytest.mark.parametrize("serve", [slow_to_sign_in, slow_to_answer, hangs_up])
def test_a_server_that_sends_anything_is_not_away(
    serve: Callable[[socket.socket, Event], None],
) -> None:
    with server(serve) as address:
        assert lifeline._answers(address)


def test_a_silent_server_is_away() -> None:
    with server(silent) as address:
        assert not lifeline._answers(address)


def test_a_refusal_is_an_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    assert lifeline._answers(f"host=127.0.0.1 port={port} user=u dbname=d")
