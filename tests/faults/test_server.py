"""The served process: what is in flight ends well, and what was killed comes back."""

import signal
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import psutil
import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.faults.conftest import UNLIMITED
from tests.faults.tools import CSV, locked, wait_until
from tests.support.api import Team
from tests.support.leads import rows
from tests.support.served import PATIENCE, Served
from utils.postgres.embedded import EmbeddedPostgres

pytestmark = pytest.mark.xdist_group("faults")


@pytest.fixture
def served(app: Flask, server: EmbeddedPostgres) -> Iterator[Served]:
    served = Served(server.url(), LIMITE_LOGIN=UNLIMITED)
    yield served
    served.end()


def cut_short(served: Served, token: str, head: str, body: bytes) -> bytes:
    """The reply to a client that falls silent for good after these bytes."""
    request = (
        "POST /leads/import HTTP/1.1\r\nHost: finlead\r\nConnection: close\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: text/csv\r\n{head}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE) as client:
        client.sendall(request.encode() + body)
        client.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: client.recv(65_536), b""))


def test_half_a_file_is_not_imported(served: Served, team: Team, sql: Engine) -> None:
    token = team.gestor.api.token or ""
    announced = cut_short(served, token, "Content-Length: 100", CSV)
    chunk = f"{len(CSV):x}\r\n".encode() + CSV + b"\r\n"
    chunked = cut_short(served, token, "Transfer-Encoding: chunked", chunk)
    assert (announced[:12], chunked[:12]) == (b"HTTP/1.1 400", b"HTTP/1.1 411")
    counted = "select count(*) from leads where equipe_id = :e"
    assert rows(sql, counted, e=team.equipe_id) == [(0,)]


def test_a_killed_worker_comes_back_and_sigterm_waits_for_what_is_in_flight(
    served: Served, server: EmbeddedPostgres, team: Team, sql: Engine
) -> None:
    (worker,) = served.workers()
    worker.kill()
    wait_until(lambda: served.workers() not in ([], [worker]) and served.answers())

    token = team.gestor.api.token or ""
    waiting = "select count(*) from pg_locks where not granted"
    with ThreadPoolExecutor(1) as pool:
        with locked(server, "eventos"):
            reply = pool.submit(served.ask, "POST", "/leads/import", CSV, token)
            wait_until(lambda: rows(sql, waiting) != [(0,)])
            served.process.send_signal(signal.SIGTERM)
            wait_until(served.refuses)
        assert reply.result(PATIENCE) == 200
    assert served.process.wait(PATIENCE) == 0
    counted = "select count(*) from leads where equipe_id = :e"
    assert rows(sql, counted, e=team.equipe_id) == [(2,)]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_workers_end_with_a_killed_parent(served: Served) -> None:
    workers = served.workers()
    served.process.kill()
    _, alive = psutil.wait_procs(workers, timeout=PATIENCE)
    assert workers and not alive


@contextmanager
def unfinished_bodies(port: int, number: int) -> Iterator[None]:
    """Callers who announce a body and never send the rest of it."""
    with ExitStack() as stack:
        for _ in range(number):
            caller = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            caller.sendall(
                b"POST /auth/login HTTP/1.1\r\nHost: localhost\r\n"
                b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
            )
        yield


def test_who_waits_for_a_body_keeps_nobody_waiting(served: Served, team: Team) -> None:
    token = team.gestor.api.token or ""
    with unfinished_bodies(served.port, 40):
        for _ in range(10):
            assert served.ask("GET", "/leads", token=token) == 200
            assert served.ask("POST", "/leads/import", CSV, token) == 200


def test_a_process_that_waits_for_the_database_says_that_it_lives(
    served: Served, server: EmbeddedPostgres, team: Team, sql: Engine
) -> None:
    token = team.gestor.api.token or ""
    with ThreadPoolExecutor(12) as pool:
        with locked(server, "sessoes"):
            waiting = [pool.submit(served.ask, "GET", "/leads", token=token) for _ in range(12)]
            wait_until(lambda: rows(sql, "select 1 from pg_locks where not granted limit 1"))
            assert served.ask("GET", "/healthz") == 200
        assert {reply.result(PATIENCE) for reply in waiting} <= {200, 503}
