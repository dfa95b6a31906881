"""What becomes of a job whose step fails, or whose asker may no longer ask for it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from commands.worker import Worker
from models.db import db
from services import workService
from services.errors import Code, ImportRunning, invalid_field
from services.jobs.steps import Json, Step
from services.principal import Principal
from tests.support.actors import actor, new_key
from tests.support.api import Api, Team
from tests.support.jobs import KIND, ask, kind, note_step, notes, seen, work
from tests.support.leads import rows, run
from tests.support.needles import LogSearch

SECRET = "quem-le-isto-sabe-demais"


class Stumbling:
    """A step that writes, and then fails so many times at its second step."""

    def __init__(self, times: int, error: Exception) -> None:
        self.times, self.error = times, error
        self.calls = 0

    def __call__(self, caller: Principal, parametros: Json, last: Step | None) -> Step:
        done = note_step(caller, parametros, last)
        if last is not None:
            self.calls += 1
            if self.calls <= self.times:
                raise self.error
        return done


def done_by(app: Flask, api: Api, step: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    with kind(monkeypatch, step):
        job_id = ask(api, KIND, passos=3)
        work(app)
    return seen(api, job_id)


@pytest.mark.usefixtures("at_once")
def test_a_step_that_fails_for_a_while_is_done_once(
    app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    stumbling = Stumbling(workService.TRIES - 1, RuntimeError(SECRET))
    job = done_by(app, team.gestor.api, stumbling, monkeypatch)
    assert (job["estado"], job["erro"]) == ("concluida", None)
    assert rows(sql, notes(team.equipe_id)) == [(1,), (2,), (3,)]


@pytest.mark.usefixtures("at_once")
def test_a_step_that_never_succeeds_ends_the_job_and_says_nothing_inward(
    app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    stumbling = Stumbling(1_000, RuntimeError(SECRET))
    with LogSearch() as log:
        job = done_by(app, team.gestor.api, stumbling, monkeypatch)
    assert stumbling.calls == workService.TRIES
    assert job["estado"] == "falhou"
    assert job["erro"] == {"codigo": "ERRO_INTERNO", "mensagem": "Erro interno."}
    # What was committed stays, and is told.
    assert (job["resultado"], job["progresso"]["feitos"]) == ({"notas": 1}, 1)
    assert rows(sql, notes(team.equipe_id)) == [(1,)]
    assert log.found([SECRET]) == []


@pytest.mark.usefixtures("at_once")
def test_a_database_that_stays_busy_is_named(
    app: Flask, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    def waits_in_vain(*_: Any) -> Step:
        db.session.execute(text("set local statement_timeout = 10"))
        db.session.execute(text("select pg_sleep(30)"))
        raise AssertionError

    job = done_by(app, team.gestor.api, waits_in_vain, monkeypatch)
    assert (job["estado"], job["erro"]["codigo"]) == ("falhou", "BANCO_INDISPONIVEL")


def test_a_refusal_ends_the_job_at_once_and_says_why(
    app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = invalid_field("etapa", Code.ETAPA_INEXISTENTE, "A equipe não tem esta etapa.")
    stumbling = Stumbling(1, refusal)
    job = done_by(app, team.gestor.api, stumbling, monkeypatch)
    assert (job["estado"], job["erro"]["codigo"], stumbling.calls) == ("falhou", "VALIDACAO", 1)
    assert "etapa: A equipe não tem esta etapa." in job["erro"]["mensagem"]
    assert rows(sql, notes(team.equipe_id)) == [(1,)]


@pytest.mark.usefixtures("at_once")
def test_a_refusal_that_says_when_to_come_back_is_tried_again(
    app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = done_by(app, team.gestor.api, Stumbling(2, ImportRunning()), monkeypatch)
    assert job["estado"] == "concluida"
    job = done_by(app, team.gestor.api, Stumbling(1_000, ImportRunning()), monkeypatch)
    assert (job["estado"], job["erro"]["codigo"]) == ("falhou", "IMPORTACAO_EM_ANDAMENTO")


def test_between_two_tries_a_job_waits_and_others_do_not(
    app: Flask, team: Team, other_team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    stumbling = Stumbling(1, RuntimeError())
    with kind(monkeypatch, stumbling), kind(monkeypatch, note_step, "outro"):
        failing = ask(team.gestor.api, KIND, passos=2)
        behind = ask(team.gestor.api, "outro", passos=1)
        other = ask(other_team.gestor.api, "outro", passos=1)
        work(app)
        states = [seen(team.gestor.api, each)["estado"] for each in (failing, behind)]
        assert states == ["em_andamento", "na_fila"]
        assert seen(other_team.gestor.api, other)["estado"] == "concluida"
        paused = "select tomado_por, tomado_ate > now(), tentativas from trabalhos where id = :i"
        assert rows(sql, paused, i=failing) == [(None, True, 1)]
        run(sql, "update trabalhos set tomado_ate = now() where id = :i", i=failing)
        work(app)
    assert [seen(team.gestor.api, each)["estado"] for each in (failing, behind)] == [
        "concluida",
        "concluida",
    ]
    assert rows(sql, "select tentativas from trabalhos where id = :i", i=failing) == [(0,)]


def test_pauses_grow_and_end() -> None:
    pauses = [workService.pause_after(tried) for tried in range(1, workService.TRIES)]
    assert pauses == sorted(pauses) and pauses[0] <= 1 and pauses[-1] <= 60


def test_a_worker_outlives_a_database_that_is_away(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so once, and looks again."""
    asked: list[int] = []

    def away(_: str) -> None:
        asked.append(1)
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(workService, "take", away)
    monkeypatch.setattr("commands.worker.PAUSE", 0.0)
    with LogSearch() as log, app.app_context():
        log.keep_lines = True
        Worker(lambda: len(asked) >= 3).work()
    assert [line["msg"] for line in log.lines] == ["worker waits for the database"]


# ------------------------------------------------ whoever asked


LOSSES: dict[str, tuple[str, str]] = {
    "deactivated": ("gestor", "update usuarios set ativo = false where id = :u"),
    "demoted": ("gestor", "update usuarios set role = 'vendedor' where id = :u"),
    "vendedor deactivated": ("vendedor", "update usuarios set ativo = false where id = :u"),
    "key revoked": ("gestor's key", "update chaves set revogada_em = now() where id = :k"),
    "key expired": ("gestor's key", "update chaves set expira_em = now() where id = :k"),
    "key's maker demoted": ("gestor's key", "update usuarios set role = 'vendedor' where id = :u"),
    "key's maker deactivated": (
        "vendedor's key",
        "update usuarios set ativo = false where id = :u",
    ),
}
KEPT: dict[str, tuple[str, str]] = {
    "signed out": ("gestor", "update sessoes set encerrada_em = now() where usuario_id = :u"),
    "promoted": ("vendedor", "update usuarios set role = 'gestor' where id = :u"),
    "another key revoked": ("gestor", "update chaves set revogada_em = now() where id = :k"),
}


def asked_and_begun(app: Flask, team: Team, who: str, sql: Engine, change: str) -> int:
    """A job of two steps whose asker loses something after the first."""
    caller = actor(app, team, who)
    job_id = ask(caller.api, KIND, passos=2)
    with app.app_context():
        Worker(stopped=lambda: True).turn()
    key = rows(sql, "select chave_id from trabalhos where id = :i", i=job_id)[0][0]
    run(sql, change.replace(":u", str(caller.person.id)).replace(":k", str(key or 0)))
    return job_id


@pytest.mark.usefixtures("noting")
@pytest.mark.parametrize(("who", "change"), LOSSES.values(), ids=LOSSES)
def test_a_job_ends_with_the_power_of_whoever_asked(
    app: Flask, team: Team, sql: Engine, who: str, change: str
) -> None:
    equipe_id, job_id = team.equipe_id, asked_and_begun(app, team, who, sql, change)
    work(app)
    found = "select estado, erro->>'codigo', resultado from trabalhos where id = :i"
    assert rows(sql, found, i=job_id) == [("falhou", "PROIBIDO", {"notas": 1})]
    assert rows(sql, notes(equipe_id)) == [(1,)]


@pytest.mark.usefixtures("noting")
@pytest.mark.parametrize(("who", "change"), KEPT.values(), ids=KEPT)
def test_a_job_goes_on_while_whoever_asked_may_ask(
    app: Flask, team: Team, sql: Engine, who: str, change: str
) -> None:
    job_id = asked_and_begun(app, team, who, sql, change)
    work(app)
    found = "select estado, erro, resultado from trabalhos where id = :i"
    assert rows(sql, found, i=job_id) == [("concluida", None, {"notas": 2})]


def test_a_job_acts_with_the_power_of_whoever_asked(
    app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    callers: list[Principal] = []

    def remember(caller: Principal, _: Json, __: Step | None) -> Step:
        callers.append(caller)
        return Step(None, {}, 1)

    key = new_key(team, "vendedor")
    with kind(monkeypatch, remember):
        ids = []
        for api in (team.gestor.api, team.vendedor.api, Api(app, key["chave"])):
            ids.append(ask(api, KIND))
            work(app)
    assert [c.trabalho_id for c in callers] == ids
    known = [(c.usuario_id, c.role, c.chave_id, c.equipe_id, c.fuso) for c in callers]
    rest = (team.equipe_id, "America/Sao_Paulo")
    assert known == [
        (team.gestor.id, "gestor", None, *rest),
        (team.vendedor.id, "vendedor", None, *rest),
        (team.gestor.id, "vendedor", key["id"], *rest),
    ]


# ------------------------------------------------ what the log says


def told(log: LogSearch, message: str) -> list[dict[str, Any]]:
    names = ("level", "trabalho_id", "tipo", "equipe_id", "usuario_id", "estado")
    return [{n: line.get(n) for n in names} for line in log.lines if line["msg"] == message]


@pytest.mark.usefixtures("at_once")
def test_the_log_names_the_job_and_nothing_personal(
    app: Flask, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes: dict[str, tuple[Callable[..., Step], str]] = {
        "concluida": (note_step, "INFO"),
        "falhou": (Stumbling(1_000, RuntimeError(SECRET)), "WARNING"),
    }
    for estado, (step, level) in outcomes.items():
        with LogSearch() as log:
            log.keep_lines = True
            job = done_by(app, team.gestor.api, step, monkeypatch)
        named = {
            "trabalho_id": job["id"],
            "tipo": KIND,
            "equipe_id": team.equipe_id,
            "usuario_id": team.gestor.id,
        }
        assert told(log, "job started") == [{"level": "INFO", "estado": None, **named}]
        assert told(log, "job ended") == [{"level": level, "estado": estado, **named}]
        failed = told(log, "step of a job failed")
        assert len(failed) == (workService.TRIES if estado == "falhou" else 0)
