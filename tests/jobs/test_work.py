"""How jobs are done: step by step, one of an equipe at a time, by turns, and never twice."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from commands import worker as worker_module
from commands.worker import Worker
from models.db import db, step_transaction, transaction
from models.db.statements import fetch_global
from services import workService
from services.jobs.steps import Json, Step
from services.principal import Principal
from services.workService import JobLost, Taken
from tests.support.api import Team, open_team
from tests.support.jobs import KIND, ask, kind, note_step, notes, seen, work
from tests.support.leads import create, rows, run

EXPIRE = "update trabalhos set tomado_ate = now() - interval '1 second' where id = :i"


def take(app: Flask, holder: str) -> Taken | None:
    with app.app_context(), transaction():
        return workService.take(holder)


def step(app: Flask, job: Taken) -> str:
    with app.app_context(), step_transaction():
        return workService.step(job)


def ids_of(*jobs: Taken | None) -> list[int | None]:
    return [job and job.id for job in jobs]


# ------------------------------------------------ whose turn it is


@pytest.mark.usefixtures("noting")
def test_of_an_equipe_one_runs_at_a_time(app: Flask, team: Team, other_team: Team) -> None:
    mine = [ask(team.gestor.api, KIND, passos=1) for _ in range(3)]
    theirs = ask(other_team.gestor.api, KIND, passos=1)
    first, second, third = (take(app, holder) for holder in "abc")
    assert ids_of(first, second, third) == [mine[0], theirs, None]
    assert first is not None and step(app, first) == "concluida"
    assert ids_of(take(app, "d"), take(app, "e")) == [mine[1], None]
    with app.app_context(), transaction():
        workService.let_go(Taken(mine[1], 0, "", None, None, 0, "d", True))
        workService.let_go(Taken(theirs, 0, "", None, None, 0, "b", True))
    work(app)


@pytest.mark.usefixtures("noting")
def test_equipes_take_turns(app: Flask, team: Team, other_team: Team, sql: Engine) -> None:
    """One that asks for many does not make another wait for all of them."""
    mine = [ask(team.gestor.api, KIND, passos=1) for _ in range(3)]
    theirs = [ask(other_team.gestor.api, KIND, passos=1) for _ in range(2)]
    work(app)
    order = "select id from trabalhos where id = any(:ids) order by concluida_em"
    done = [each for (each,) in rows(sql, order, ids=mine + theirs)]
    assert done == [mine[0], theirs[0], mine[1], theirs[1], mine[2]]


@pytest.mark.usefixtures("noting")
def test_a_long_job_lets_others_come_to_their_turn(
    app: Flask, team: Team, other_team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "TURN", 0.0)
    long = ask(team.gestor.api, KIND, passos=4)
    short = ask(other_team.gestor.api, KIND, passos=1)
    work(app)
    order = "select id from trabalhos where id = any(:ids) order by concluida_em"
    assert rows(sql, order, ids=[long, short]) == [(short,), (long,)]
    assert rows(sql, notes(team.equipe_id)) == [(1,), (2,), (3,), (4,)]


def test_a_kind_that_this_code_does_not_know_waits(app: Flask, team: Team) -> None:
    """Another version's worker may be asked, too."""
    unknown, known = ask(team.gestor.api, "de_outra_versao"), ask(team.gestor.api)
    work(app)
    states = [seen(team.gestor.api, job_id)["estado"] for job_id in (unknown, known)]
    assert states == ["na_fila", "concluida"]


@pytest.mark.usefixtures("noting")
def test_many_workers_do_each_job_once(app: Flask, sql: Engine) -> None:
    teams = [open_team(app) for _ in range(4)]
    ids = [ask(team.gestor.api, KIND, passos=3) for team in teams for _ in range(5)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: _work_to_the_end(app, sql, ids), range(8)))
    for team in teams:
        assert rows(sql, notes(team.equipe_id)) == [(1,), (2,), (3,)] * 5
    states = "select distinct estado, tentativas from trabalhos where id = any(:ids)"
    assert rows(sql, states, ids=ids) == [("concluida", 0)]


def _work_to_the_end(app: Flask, sql: Engine, ids: list[int]) -> None:
    left = "select 1 from trabalhos where id = any(:ids) and concluida_em is null limit 1"
    with app.app_context():
        worker = Worker()
        while rows(sql, left, ids=ids):
            worker.turn()


# ------------------------------------------------ leases


@pytest.mark.usefixtures("noting")
def test_the_job_of_a_worker_that_vanished_goes_on_where_it_stood(
    app: Flask, team: Team, sql: Engine
) -> None:
    job_id = ask(team.gestor.api, KIND, passos=3)
    vanished = take(app, "a")
    assert vanished is not None and step(app, vanished) == "em_andamento"
    assert take(app, "b") is None
    run(sql, EXPIRE, i=job_id)
    heir = take(app, "b")
    assert heir is not None and (heir.id, heir.again, heir.tentativas) == (job_id, True, 1)
    assert [step(app, heir), step(app, heir)] == ["em_andamento", "concluida"]
    assert rows(sql, notes(team.equipe_id)) == [(1,), (2,), (3,)]


@pytest.mark.usefixtures("noting")
def test_a_worker_that_was_away_for_too_long_has_lost_its_job(
    app: Flask, team: Team, sql: Engine
) -> None:
    job_id = ask(team.gestor.api, KIND, passos=1)
    late = take(app, "a")
    run(sql, EXPIRE, i=job_id)
    heir = take(app, "b")
    assert late is not None and heir is not None
    for _ in range(2):
        with pytest.raises(JobLost):
            step(app, late)
        assert step(app, heir) == "concluida" if heir else True
        heir = None  # type: ignore[assignment]
    assert rows(sql, notes(team.equipe_id)) == [(1,)]


def test_nobody_takes_a_job_in_the_middle_of_a_step(
    app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if the lease has ended."""
    found: list[Taken | None] = []

    def slow_step(caller: Principal, parametros: Json, last: Step | None) -> Step:
        with ThreadPoolExecutor(1) as pool:
            found.append(pool.submit(take, app, "b").result())
        return note_step(caller, parametros, last)

    with kind(monkeypatch, slow_step):
        job_id = ask(team.gestor.api, KIND, passos=1)
        slow = take(app, "a")
        run(sql, EXPIRE, i=job_id)
        assert slow is not None and step(app, slow) == "concluida"
    assert found == [None]
    assert rows(sql, notes(team.equipe_id)) == [(1,)]


@pytest.mark.usefixtures("noting")
def test_a_job_that_kills_its_workers_ends(app: Flask, team: Team, sql: Engine) -> None:
    job_id = ask(team.gestor.api, KIND, passos=1)
    for _ in range(workService.TRIES):
        assert take(app, "a") is not None
        run(sql, EXPIRE, i=job_id)
    work(app)
    job = seen(team.gestor.api, job_id)
    assert (job["estado"], job["erro"]["codigo"]) == ("falhou", "ERRO_INTERNO")
    assert rows(sql, notes(team.equipe_id)) == []


# ------------------------------------------------ cancellation


@pytest.mark.usefixtures("noting")
def test_a_running_job_stops_before_its_next_step(app: Flask, team: Team, sql: Engine) -> None:
    api = team.gestor.api
    job_id = ask(api, KIND, passos=3)
    running = take(app, "a")
    assert running is not None and step(app, running) == "em_andamento"
    for _ in range(2):
        asked = api.post(f"/jobs/{job_id}/cancel")
        assert (asked.status, asked.data["estado"]) == (200, "em_andamento")
        assert asked.data["cancelamento_em"]
    assert step(app, running) == "cancelada"
    job = seen(api, job_id)
    assert (job["estado"], job["progresso"]) == ("cancelada", {"feitos": 1, "total": 3})
    assert (job["resultado"], job["erro"]) == ({"notas": 1}, None)
    assert rows(sql, notes(team.equipe_id)) == [(1,)]
    assert api.post(f"/jobs/{job_id}/cancel").data == job


@pytest.mark.usefixtures("noting")
@pytest.mark.parametrize("how", ["let go", "lease over"])
def test_a_job_that_no_worker_holds_is_cancelled_at_once(
    app: Flask, team: Team, sql: Engine, how: str
) -> None:
    job_id = ask(team.gestor.api, KIND, passos=3)
    job = take(app, "a")
    assert job is not None and step(app, job) == "em_andamento"
    if how == "let go":
        with app.app_context(), transaction():
            workService.let_go(job)
    else:
        run(sql, EXPIRE, i=job_id)
    reply = team.gestor.api.post(f"/jobs/{job_id}/cancel")
    assert (reply.data["estado"], reply.data["resultado"]) == ("cancelada", {"notas": 1})
    with pytest.raises(JobLost):
        step(app, job)


@pytest.mark.usefixtures("noting")
def test_a_cancellation_waits_for_the_step_that_is_under_way(
    app: Flask, team: Team, sql: Engine
) -> None:
    job_id = ask(team.gestor.api, KIND, passos=2)
    job = take(app, "a")
    assert job is not None
    waiting = "select 1 from pg_locks where not granted"
    with ThreadPoolExecutor(1) as pool:
        with app.app_context(), step_transaction():
            workService.step(job)
            asked = pool.submit(team.gestor.api.post, f"/jobs/{job_id}/cancel")
            while not rows(sql, waiting):
                assert not asked.done()
        assert asked.result().data["progresso"] == {"feitos": 1, "total": 2}
    assert step(app, job) == "cancelada"


@pytest.mark.usefixtures("noting")
def test_a_cancellation_gets_through_between_short_steps(
    app: Flask, team: Team, sql: Engine
) -> None:
    job_id = ask(team.gestor.api, KIND, passos=1_000_000)
    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work, app)
        while not rows(sql, notes(team.equipe_id)):
            assert not working.done()
        assert team.gestor.api.post(f"/jobs/{job_id}/cancel").status == 200
        working.result()
    job = seen(team.gestor.api, job_id)
    assert job["estado"] == "cancelada"
    assert job["resultado"] == {"notas": len(rows(sql, notes(team.equipe_id)))}


# ------------------------------------------------ reads


def test_a_step_may_see_one_moment(app: Flask, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    def count_twice(caller: Principal, _: Json, __: Step | None) -> Step:
        counted = text("select count(*) from leads where equipe_id = :e")
        before = db.session.execute(counted, {"e": caller.equipe_id}).scalar_one()
        with ThreadPoolExecutor(1) as pool:
            pool.submit(create, team.gestor.api).result()
        after = db.session.execute(counted, {"e": caller.equipe_id}).scalar_one()
        return Step(None, {"antes": before, "depois": after}, 1)

    for one_moment, seen_later in ((True, 0), (False, 1)):
        with kind(monkeypatch, count_twice, one_moment=one_moment):
            job_id = ask(team.gestor.api, KIND)
            work(app)
        found = seen(team.gestor.api, job_id)["resultado"]
        assert found["depois"] - found["antes"] == seen_later
        assert seen(team.gestor.api, job_id)["progresso"] == {"feitos": 1, "total": None}


@pytest.mark.usefixtures("at_once")
def test_a_step_that_reads_past_its_transaction_fails(
    app: Flask, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reads_beside(*_: Any) -> Step:
        fetch_global("select 1", {})
        return Step(None, {}, 1)

    with kind(monkeypatch, reads_beside):
        job_id = ask(team.gestor.api, KIND)
        work(app)
    assert seen(team.gestor.api, job_id)["estado"] == "falhou"
