"""Databases that the API refuses, on the suite's own server or on one that only pretends."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, Engine, NullPool, create_engine
from sqlalchemy.exc import OperationalError

from tests.faults.tools import wait_until
from tests.support.leads import rows, run
from utils.postgres.embedded import EmbeddedPostgres


@contextmanager
def database(
    postgres: EmbeddedPostgres, sql: Engine, name: str, how: str = "", role: str = "finlead_test"
) -> Iterator[str]:
    """The URL of an empty database, made with these options of CREATE DATABASE."""
    run(sql, f'create database "{name}" owner "{role}" template template0 {how}')
    yield postgres.url(name, role)
    run(sql, f'drop database "{name}" with (force)')


@contextmanager
def asked_for_a_password(sql: Engine, url: URL) -> Iterator[None]:
    """The server asks the role of this address for a password; everybody else it trusts."""
    ((path,),) = rows(sql, "select setting from pg_settings where name = 'hba_file'")
    file = Path(path)
    before = file.read_text("utf-8")
    file.write_text(f"local all {url.username} scram-sha-256\n{before}", "utf-8")
    run(sql, "select pg_reload_conf()")
    wait_until(lambda: not _lets_in(url))
    yield
    file.write_text(before, "utf-8")
    run(sql, "select pg_reload_conf()")


def _lets_in(url: URL) -> bool:
    engine = create_engine(url, poolclass=NullPool)
    with suppress(OperationalError), engine.connect():
        return True
    return False


@contextmanager
def old_server(version: str) -> Iterator[str]:
    """A server that lets everybody in and says that it is a PostgreSQL of this version."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_serve, args=(listener, version), daemon=True).start()
        yield f"postgresql+psycopg2://x@127.0.0.1:{listener.getsockname()[1]}/x"


def _serve(listener: socket.socket, version: str) -> None:
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            with closing(client), suppress(OSError, struct.error):
                _welcome(client, version)


def _welcome(client: socket.socket, version: str) -> None:
    ask: Callable[[], int] = lambda: struct.unpack("!II", client.recv(8))[1]  # noqa: E731
    while ask() != 196_608:  # TLS and GSSAPI are asked for first
        client.sendall(b"N")
    client.recv(1_000)
    client.sendall(_message(b"R", struct.pack("!I", 0)))
    said = {"server_version": version, "server_encoding": "UTF8", "client_encoding": "UTF8"}
    for name, value in (said | {"DateStyle": "ISO, MDY"}).items():
        client.sendall(_message(b"S", f"{name}\0{value}\0".encode()))
    client.sendall(_message(b"Z", b"I"))
    client.recv(1_000)  # until it goes


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!I", len(body) + 4) + body
