"""Documented statuses that no other test produces; support/statuses.py counts them."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from app import contracts
from controllers.web.contract import Contract
from models.db import transaction
from models.db.locks import try_lock
from tests.support.actors import actor
from tests.support.api import PASSWORD, Api, Reply, Team, operation
from tests.support.routes import declared, prepare

_NOWHERE = "postgresql+psycopg2://x@127.0.0.1:9/x?connect_timeout=1"
_KEY = {"Idempotency-Key": "chave"}
_IDEMPOTENT = pytest.mark.parametrize("route", [r for r, c in declared().items() if c.idempotent])
_EACH = pytest.mark.parametrize("contract", contracts(), ids=lambda contract: contract.endpoint)


@pytest.fixture(scope="module")
def nowhere(make_app: Callable[..., Flask]) -> Flask:
    """The application while its database is away."""
    return make_app(database_url=_NOWHERE)


@pytest.fixture(scope="module")
def once(make_app: Callable[..., Flask]) -> Flask:
    """One wrong password per hour."""
    return make_app(limite_login="1/hour")


@_EACH
def test_without_a_database_each_operation_answers_503_or_needs_none(
    app: Flask, nowhere: Flask, team: Team, contract: Contract
) -> None:
    call = prepare(f"{contract.method} {contract.path}", actor(app, team, "gestor"))
    reply = call.by(Api(nowhere, team.gestor.api.token))
    if "503" not in operation(app, contract)["responses"]:
        assert (contract.path, reply.status) == ("/healthz", 200)
        return
    assert (reply.status, reply.codigo) == (503, "BANCO_INDISPONIVEL")
    assert int(reply.headers["Retry-After"]) > 0


@pytest.mark.parametrize("route", [r for r, c in declared().items() if c.body is not None])
def test_a_body_that_arrives_incomplete_is_refused(app: Flask, team: Team, route: str) -> None:
    call = prepare(route, actor(app, team, "gestor"))
    body = json.dumps(call.how.pop("json")).encode()
    announced = {"CONTENT_LENGTH": str(len(body) + 1), "wsgi.input_terminated": True}
    call.how.update(
        input_stream=BytesIO(body), content_type="application/json", environ_overrides=announced
    )
    reply = call.by(team.gestor.api)
    assert (reply.status, reply.codigo) == (400, "REQUISICAO_INVALIDA")


@_IDEMPOTENT
def test_while_the_first_call_runs_another_under_its_key_waits(
    app: Flask, team: Team, route: str
) -> None:
    call = prepare(route, actor(app, team, "gestor"), **_KEY)
    name = f"idempotencia:{team.equipe_id}:{team.gestor.id}:0:{_KEY['Idempotency-Key']}"
    # In a thread of its own, as two requests have one transaction each.
    with app.app_context(), transaction(), ThreadPoolExecutor(1) as pool:
        assert try_lock(name)
        reply = pool.submit(call.by, team.gestor.api).result()
    assert (reply.status, reply.codigo) == (409, "REQUISICAO_EM_ANDAMENTO")
    assert int(reply.headers["Retry-After"]) > 0


@_IDEMPOTENT
def test_a_key_is_of_one_operation(app: Flask, team: Team, route: str) -> None:
    other = "POST /leads" if route != "POST /leads" else "POST /auth/keys"
    caller = actor(app, team, "gestor")
    assert prepare(other, caller, **_KEY).by(caller.api).status == 201
    reply = prepare(route, caller, **_KEY).by(caller.api)
    assert (reply.status, reply.codigo) == (422, "CHAVE_REUTILIZADA")


def twice(call: Callable[..., Reply], *request: Any) -> list[tuple[int, str | None]]:
    # An address of its own: other tests guess from theirs.
    replies = [call(*request, environ_base={"REMOTE_ADDR": "10.9.9.9"}) for _ in range(12)]
    assert int(replies[-1].headers["Retry-After"]) > 0
    return [(reply.status, reply.codigo) for reply in (replies[0], replies[-1])]


def test_guesses_of_codes_are_throttled(once: Flask, team: Team) -> None:
    guess = {"codigo": f"{team.gestor.id}.errado", "senha": PASSWORD}
    assert twice(Api(once).post, "/auth/activate", guess) == [
        (422, "CODIGO_INVALIDO"),
        (429, "MUITAS_REQUISICOES"),
    ]


def test_a_stolen_token_does_not_allow_guessing_the_password(once: Flask, team: Team) -> None:
    guess = {"senha": "uma-senha-nova", "senha_atual": "errada"}
    thief = Api(once, team.gestor.api.token)
    assert twice(thief.patch, "/auth/me", guess) == [
        (422, "VALIDACAO"),
        (429, "MUITAS_REQUISICOES"),
    ]


def test_a_key_ends_no_session_of_a_person(app: Flask, team: Team) -> None:
    key = team.gestor.api.post("/auth/keys", {"nome": "integração", "role": "gestor"}).data
    session = team.gestor.api.get("/auth/sessions").data["itens"][0]
    reply = Api(app, key["chave"]).delete(f"/auth/sessions/{session['id']}")
    assert (reply.status, reply.codigo) == (403, "PROIBIDO")
    assert team.gestor.api.get("/auth/me").status == 200
