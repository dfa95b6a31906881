"""What users see while PostgreSQL is away or slow, and after it has come back."""

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg2
import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from app import contracts
from models.db import db, transaction
from tests.faults.tools import CSV, frozen, postmaster, refused, wait_until
from tests.support.api import PASSWORD, Api, Reply, Team, new_email
from tests.support.leads import rows, upload
from utils.postgres.embedded import EmbeddedPostgres

pytestmark = pytest.mark.xdist_group("faults")
LEAD = {"nome": "Lead Exemplo"}
# Bodies for the routes without a token, which parse them before they need the database.
BODIES: dict[str, Callable[[Team], dict[str, Any]]] = {
    "/auth/register": lambda _: {
        "nome": "Nova Pessoa",
        "email": new_email(),
        "senha": PASSWORD,
        "role": "gestor",
    },
    "/auth/login": lambda team: {"email": team.gestor.email, "senha": PASSWORD},
    "/auth/refresh": lambda team: {"refresh_token": team.gestor.refresh_token},
    "/auth/activate": lambda _: {"codigo": "A" * 43, "senha": PASSWORD},
}
ASKED = [contract for contract in contracts() if contract.rule != "/healthz"]


def ask(app: Flask, team: Team, contract: Any) -> Reply:
    path = re.sub(r"<[^>]*>", "1", contract.rule)
    if body := BODIES.get(path):
        return Api(app).post(path, body(team))
    return team.gestor.api.call(contract.method, path)


def terminate_backends(sql: Engine) -> None:
    """Every connection of the application; returns when they are gone."""
    found = rows(
        sql, "select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename='finlead'"
    )
    assert found and all(done for (done,) in found)


WORK: dict[str, Callable[[Flask, Team], Reply]] = {
    "list": lambda _, team: team.gestor.api.get("/leads"),
    "metrics": lambda _, team: team.gestor.api.get("/metrics"),
    "users": lambda _, team: team.gestor.api.get("/users"),
    "create": lambda _, team: team.gestor.api.post("/leads", LEAD),
    "import": lambda _, team: upload(team.gestor.api, CSV),
    "login": lambda app, team: Api(app).post("/auth/login", BODIES["/auth/login"](team)),
    "refresh": lambda app, team: Api(app).post("/auth/refresh", BODIES["/auth/refresh"](team)),
    "ready": lambda app, _: Api(app).get("/readyz"),
}


@pytest.mark.parametrize("work", WORK)
def test_a_cut_connection_is_replaced_unnoticed(
    work: str, app: Flask, team: Team, sql: Engine
) -> None:
    WORK["create"](app, team)  # so that each pool holds a connection
    terminate_backends(sql)
    assert WORK[work](app, team).status in (200, 201)


@pytest.mark.parametrize("work", WORK)
def test_a_restarted_server_is_reached_unnoticed(
    work: str, app: Flask, team: Team, server: EmbeddedPostgres
) -> None:
    WORK["create"](app, team)
    server.leave()
    server.join()
    assert WORK[work](app, team).status in (200, 201)


def test_every_route_answers_503_while_the_database_is_away_and_recovers(
    app: Flask, team: Team, server: EmbeddedPostgres
) -> None:
    WORK["create"](app, team)
    assert server.leave()
    for contract in ASKED:
        assert refused(ask(app, team, contract)), contract.rule
    assert Api(app).get("/healthz").status == 200
    server.join()
    for name, work in WORK.items():
        assert work(app, team).status in (200, 201), name
    for contract in ASKED:
        assert ask(app, team, contract).status != 503, contract.rule


@pytest.mark.parametrize("arrived", [True, False])
def test_a_commit_without_an_answer_is_not_reported_as_success(
    arrived: bool, app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        dialect = db.engine.dialect
    commit, asked = dialect.do_commit, []

    def unanswered(connection: Any) -> None:
        asked.append(connection)
        if arrived:
            commit(connection)
        connection.close()
        raise psycopg2.OperationalError("server closed the connection unexpectedly")

    key = {"Idempotency-Key": f"sem-resposta-{arrived}"}
    with monkeypatch.context() as broken:
        broken.setattr(dialect, "do_commit", unanswered)
        assert refused(team.gestor.api.post("/leads", LEAD, headers=key))
    assert len(asked) == 1  # never repeated blindly
    again = team.gestor.api.post("/leads", LEAD, headers=key)
    assert again.status == 201
    assert ("Idempotent-Replayed" in again.headers) is arrived
    found = rows(sql, "select id from leads where equipe_id = :e", e=team.equipe_id)
    assert found == [(again.data["id"],)]


def test_a_request_does_not_wait_for_a_frozen_server(app: Flask, team: Team, sql: Engine) -> None:
    WORK["create"](app, team)
    written, stopped = threading.Event(), threading.Event()

    def commit_meanwhile() -> None:
        with app.app_context(), transaction() as session:
            session.execute(text("select pg_current_xact_id()"))
            written.set()
            stopped.wait()

    with ThreadPoolExecutor(1) as pool:
        commit = pool.submit(commit_meanwhile)
        written.wait()
        with frozen(sql):
            stopped.set()
            assert refused(WORK["list"](app, team))  # waited for, then cut
            with pytest.raises(OperationalError):
                commit.result()
            for name, work in WORK.items():
                assert refused(work(app, team)), name
            assert Api(app).get("/healthz").status == 200
    wait_until(lambda: WORK["list"](app, team).status == 200)
    assert WORK["create"](app, team).status == 201


def test_a_killed_embedded_server_is_revived_while_it_is_wanted(
    app: Flask, team: Team, server: EmbeddedPostgres, sql: Engine
) -> None:
    parent = postmaster(sql)
    parent.kill()
    parent.wait(10)
    server.revive()
    assert WORK["create"](app, team).status == 201
    server.leave()
    server.revive()
    assert refused(WORK["list"](app, team))
