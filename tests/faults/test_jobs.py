"""Jobs in real processes: killed in the middle, stopped, started by the server when one waits."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import psutil
import pytest
from flask import Flask
from sqlalchemy import Engine

from config import ROOT
from tests.faults.tools import locked, postmaster, wait_until
from tests.support.api import Team, open_team
from tests.support.jobs import KIND, ask, notes, seen
from tests.support.leads import create, rows, run
from tests.support.served import PATIENCE, Served
from tests.support.terminal import environment
from utils.postgres.embedded import EmbeddedPostgres

pytestmark = pytest.mark.xdist_group("faults")
COUNTING = ("-m", "tests.support.counting_worker")
STEPPING = "select 1 from pg_stat_activity where wait_event = 'PgSleep'"
# What its lease does in ten seconds.
EXPIRE = (
    "update trabalhos set tomado_ate = now() - interval '1 second' where tomado_por is not null"
)
UNFINISHED = "select 1 from trabalhos where concluida_em is null limit 1"
# Of all processes of a server together: the smallest machine has 512.
MOST = 450 * 2**20
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture(autouse=True)
def nothing_waits(sql: Engine) -> None:
    run(sql, "delete from trabalhos")


@pytest.fixture
def start(app: Flask, server: EmbeddedPostgres) -> Iterator[Start]:
    """`start(command)` starts a process on the tests' database, which ends with the test."""
    with ExitStack() as stack:

        def start(*command: str) -> subprocess.Popen[bytes]:
            settings = environment(DATABASE_URL=server.url())
            process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=settings)
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process

        yield start


@pytest.fixture
def served(app: Flask, server: EmbeddedPostgres) -> Iterator[Callable[..., Served]]:
    with ExitStack() as stack:

        def serve(seconds: int = 600) -> Served:
            served = Served(server.url(), TRABALHOS_SEGUNDOS=str(seconds), WEB_THREADS="4")
            stack.callback(served.end)
            return served

        yield serve


def counting(start: Start) -> subprocess.Popen[bytes]:
    return start(*COUNTING, "--idle=600", f"--parent={os.getpid()}")


def done(sql: Engine) -> bool:
    return not rows(sql, UNFINISHED)


# ------------------------------------------------ a worker


def test_a_worker_killed_in_the_middle_of_a_step_leaves_nothing_half_done(
    start: Start, team: Team, sql: Engine
) -> None:
    job_id = ask(team.gestor.api, KIND, passos=3, segundos=0.5)
    worker = counting(start)
    wait_until(lambda: rows(sql, notes(team.equipe_id)))  # the first step is committed
    wait_until(lambda: rows(sql, STEPPING))
    worker.kill()
    worker.wait()
    # What its server does until it sees that the client has gone.
    wait_until(lambda: not rows(sql, STEPPING))
    before = rows(sql, notes(team.equipe_id))
    assert 0 < len(before) < 3
    run(sql, EXPIRE)
    counting(start)
    wait_until(lambda: done(sql))
    assert rows(sql, notes(team.equipe_id)) == [(1,), (2,), (3,)]
    assert seen(team.gestor.api, job_id)["resultado"] == {"notas": 3}


def test_workers_that_are_killed_again_and_again_double_and_lose_nothing(
    start: Start, app: Flask, sql: Engine
) -> None:
    dice = random.Random(7)
    teams = [open_team(app) for _ in range(3)]
    for team in teams:
        for _ in range(4):
            ask(team.gestor.api, KIND, passos=5, segundos=0.02)
    workers = [counting(start) for _ in range(2)]
    kills = 0
    while not done(sql):
        time.sleep(dice.uniform(0.1, 0.4))
        if kills < 10 and rows(sql, "select 1 from trabalhos where tomado_por is not null"):
            victim = dice.randrange(2)
            workers[victim].kill()
            workers[victim].wait()
            kills += 1
            run(sql, EXPIRE)
            workers[victim] = counting(start)
    assert kills > 3
    for team in teams:
        assert rows(sql, notes(team.equipe_id)) == [(n,) for n in range(1, 6)] * 4


def test_a_worker_that_is_told_to_stop_finishes_its_step(
    start: Start, team: Team, sql: Engine
) -> None:
    job_id = ask(team.gestor.api, KIND, passos=3, segundos=1)
    worker = counting(start)
    wait_until(lambda: rows(sql, STEPPING))
    worker.terminate()
    assert worker.wait(PATIENCE) == 0
    done_steps = rows(sql, notes(team.equipe_id))
    assert 0 < len(done_steps) < 3
    left = "select estado, tomado_por, tentativas, progresso->>'feitos' from trabalhos"
    assert rows(sql, left) == [("em_andamento", None, 0, str(len(done_steps)))]
    counting(start)  # takes it at once
    wait_until(lambda: done(sql))
    assert rows(sql, notes(team.equipe_id)) == [(1,), (2,), (3,)]
    assert seen(team.gestor.api, job_id)["estado"] == "concluida"


def test_a_worker_outlives_a_killed_database(
    start: Start, team: Team, server: EmbeddedPostgres, sql: Engine
) -> None:
    ask(team.gestor.api, KIND, passos=3, segundos=0.3)
    equipe_id = team.equipe_id
    worker = counting(start)
    wait_until(lambda: rows(sql, STEPPING))
    parent = postmaster(sql)
    parent.kill()
    parent.wait(10)
    server.revive()
    run(sql, EXPIRE)
    wait_until(lambda: done(sql))
    assert worker.poll() is None
    assert rows(sql, notes(equipe_id)) == [(1,), (2,), (3,)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_worker_of_its_own_works_until_it_is_told(
    number: signal.Signals, start: Start, team: Team, sql: Engine
) -> None:
    create(team.gestor.api)
    ask(team.gestor.api)
    worker = start("-m", "flask", "worker")
    wait_until(lambda: done(sql))
    worker.send_signal(number)
    assert worker.wait(PATIENCE) == 0


def test_a_worker_ends_when_there_is_nothing_to_do(start: Start) -> None:
    assert start(*COUNTING, "--idle=0", f"--parent={os.getpid()}").wait(PATIENCE) == 0


def test_a_worker_ends_with_its_parent(start: Start) -> None:
    assert start(*COUNTING, "--idle=600", "--parent=1").wait(PATIENCE) == 0


# ------------------------------------------------ the server's own worker


def test_the_server_starts_a_worker_when_a_job_waits_and_it_ends(
    served: Callable[..., Served], team: Team, sql: Engine
) -> None:
    server = served(seconds=1)
    assert server.job_workers() == []
    for _ in range(2):
        job_id = ask(team.gestor.api)
        wait_until(server.job_workers)
        wait_until(lambda: done(sql))
        assert server.memory() <= MOST
        assert seen(team.gestor.api, job_id)["estado"] == "concluida"
        wait_until(lambda: not server.job_workers())
    assert len(server.workers()) == 1 and server.answers()


def test_jobs_that_waited_while_no_server_ran_are_done_when_one_starts(
    served: Callable[..., Served], team: Team, sql: Engine
) -> None:
    ask(team.gestor.api)
    served()
    wait_until(lambda: done(sql))


def test_a_killed_worker_is_started_again_and_its_job_goes_on(
    served: Callable[..., Served], team: Team, server: EmbeddedPostgres, sql: Engine
) -> None:
    create(team.gestor.api)
    job_id = ask(team.gestor.api)
    waiting = "select 1 from pg_locks where not granted"
    with locked(server, "lead_pontuacao"):
        running = served()
        wait_until(lambda: rows(sql, waiting))
        (worker,) = running.job_workers()
        worker.kill()
        wait_until(lambda: running.job_workers() not in ([], [worker]) or not worker.is_running())
    run(sql, EXPIRE)
    wait_until(lambda: done(sql))
    assert seen(team.gestor.api, job_id)["resultado"] == {"repontuados": 1}


def test_a_server_that_is_stopped_stops_its_worker(
    served: Callable[..., Served], team: Team
) -> None:
    ask(team.gestor.api)
    server = served()
    wait_until(server.job_workers)
    workers = server.job_workers()
    server.process.terminate()
    assert server.process.wait(PATIENCE) == 0
    assert not any(worker.is_running() for worker in workers)


def test_the_worker_of_a_killed_server_ends(served: Callable[..., Served], team: Team) -> None:
    ask(team.gestor.api)
    server = served()
    wait_until(server.job_workers)
    workers = server.job_workers()
    server.process.kill()
    _, alive = psutil.wait_procs(workers, timeout=PATIENCE)
    assert workers and not alive


def test_where_a_worker_of_its_own_runs_the_server_starts_none(
    served: Callable[..., Served], start: Start, team: Team, sql: Engine
) -> None:
    server = served(seconds=0)
    ask(team.gestor.api)
    time.sleep(2.5)  # longer than it looks for jobs
    assert server.job_workers() == [] and not done(sql)
    start("-m", "flask", "worker")
    wait_until(lambda: done(sql))
    assert server.job_workers() == []


def test_two_servers_do_a_job_once(served: Callable[..., Served], app: Flask, sql: Engine) -> None:
    teams = [open_team(app) for _ in range(4)]
    for team in teams:
        create(team.gestor.api)
        for _ in range(3):
            ask(team.gestor.api)
    servers = [served(), served()]
    wait_until(lambda: done(sql))
    ended = "select estado, resultado, tentativas, count(*) from trabalhos group by 1, 2, 3"
    assert rows(sql, ended) == [("concluida", {"repontuados": 1}, 0, 12)]
    assert all(server.answers() for server in servers)
