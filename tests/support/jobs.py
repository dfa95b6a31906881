"""Jobs for the tests: asked for as a request asks for them, done by a worker of this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from commands.worker import Worker
from controllers.web.toolbox import toolbox
from models.db import db, transaction
from services import jobService, workService
from services.jobs.steps import Json, Kind, Step
from services.principal import Principal
from tests.support.api import Api

KIND = "anotar"
_NOTE = text("insert into eventos (equipe_id, tipo, alvo_id) values (:e, 'anotado', :n)")
_WAIT = text("select pg_sleep(:seconds)")


def note_step(caller: Principal, parametros: Json, last: Step | None) -> Step:
    """Append a row to the history: a step that was done twice, or whose place was lost, shows.

    Parameters: `passos`, how many steps; `segundos`, how long each takes once it has written.
    """
    number = 1 if last is None else last.feitos + 1
    db.session.execute(_NOTE, {"e": caller.equipe_id, "n": number})
    db.session.execute(_WAIT, {"seconds": parametros.get("segundos", 0)})
    goes_on = number < parametros["passos"]
    return Step({"n": number} if goes_on else None, {"notas": number}, number, parametros["passos"])


def notes(equipe_id: int) -> str:
    """SQL of the rows that the steps of an equipe's jobs have left, in their order."""
    return (
        "select alvo_id from eventos where tipo = 'anotado' "
        f"and equipe_id = {equipe_id} order by id"
    )


@contextmanager
def kind(monkeypatch: pytest.MonkeyPatch, step: Any, name: str = KIND, **how: Any) -> Iterator[str]:
    """A kind of job that only the tests have."""
    with monkeypatch.context() as within:
        within.setitem(workService.KINDS, name, Kind(step, **how))
        yield name


def principal(api: Api) -> Principal:
    """Whoever this caller is."""
    token = api.token or ""
    with api.app.app_context():
        return toolbox().identities.find(token)


def ask(api: Api, tipo: str = "repontuar", **parametros: Any) -> int:
    """A job that this caller asks for; its id."""
    caller = principal(api)
    with api.app.app_context(), transaction():
        return jobService.enqueue(caller, tipo, parametros).id


def work(app: Flask) -> None:
    """Do jobs until none waits."""
    with app.app_context():
        worker = Worker()
        while worker.turn():
            pass


def seen(api: Api, job_id: int) -> Any:
    """The job as this caller is shown it."""
    reply = api.get(f"/jobs/{job_id}")
    assert reply.status == 200, reply.body
    return reply.data
