"""The log: one line per request without personal data, errors without what was sent."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app import contracts
from models.db import db, transaction
from models.user import User
from tests.security.test_hostile_bodies import send
from tests.support.api import PASSWORD, Api, Team, new_email
from tests.support.leads import create, new_cpf, new_phone
from tests.support.needles import LogSearch

MakeApp = Callable[..., Flask]
SECRET = "quem-le-isto-sabe-demais"
_FIELDS = {
    *("ts", "level", "logger", "msg", "request_id", "metodo", "rota", "status", "duracao_ms"),
    *("usuario_id", "equipe_id", "sessao_id", "chave_id"),
}


@pytest.fixture
def log() -> Iterator[LogSearch]:
    with LogSearch() as search:
        search.keep_lines = True
        yield search


def requests(log: LogSearch) -> list[dict[str, Any]]:
    return [line for line in log.lines if line["msg"] == "request"]


def only(log: LogSearch) -> dict[str, Any]:
    (line,) = requests(log)
    return line


def test_a_request_is_one_line_with_the_rule_of_its_route(team: Team, log: LogSearch) -> None:
    lead = create(team.gestor.api)
    log.lines.clear()
    headers = {"X-Request-ID": "pedido-1"}
    assert team.gestor.api.get(f"/leads/{lead['id']}", headers=headers).status == 200
    line = only(log)
    assert set(line) == _FIELDS
    assert (line["request_id"], line["metodo"], line["status"]) == ("pedido-1", "GET", 200)
    assert line["rota"] == "/leads/<id:lead_id>"
    assert (line["level"], line["usuario_id"]) == ("INFO", team.gestor.id)
    assert line["sessao_id"] and line["chave_id"] is None and line["duracao_ms"] >= 0


def test_a_machine_is_named_by_its_key(app: Flask, team: Team, log: LogSearch) -> None:
    key = team.gestor.api.post("/auth/keys", {"nome": "integração", "role": "vendedor"}).data
    log.lines.clear()
    assert Api(app, key["chave"]).get("/leads").status == 200
    line = only(log)
    assert (line["chave_id"], line["sessao_id"]) == (key["id"], None)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_checks_are_not_logged(api: Api, log: LogSearch, path: str) -> None:
    assert api.get(path).status == 200
    assert log.lines == []


def test_neither_path_nor_method_of_the_sender_is_logged(app: Flask, log: LogSearch) -> None:
    Api(app).get(f"/{SECRET}?{SECRET}={SECRET}")
    Api(app).call(SECRET.upper(), "/leads")
    assert [line["rota"] for line in requests(log)] == [None, None]
    assert [line["metodo"] for line in requests(log)] == ["GET", None]
    assert log.found([SECRET, SECRET.upper()]) == []


def test_no_operation_logs_what_is_sent_to_it(team: Team, log: LogSearch) -> None:
    person = {"email": new_email(), "documento": new_cpf(), "telefone": new_phone()}
    fields = {"nome": SECRET, "senha": SECRET, "senha_atual": SECRET, "x": SECRET, **person}
    for contract in contracts():
        send(team, contract, f"?q={SECRET}&nada={SECRET}", json=fields)
        send(team, contract, json=fields)
    create(team.gestor.api, nome=SECRET, **person)
    assert team.gestor.api.post("/leads/search", {"documento": person["documento"]}).status == 200
    login = {"email": team.vendedor.email, "senha": PASSWORD}
    assert Api(team.gestor.api.app).post("/auth/login", login).status == 200
    unlogged = {"/healthz", "/readyz"}
    assert {c.rule for c in contracts()} - unlogged <= {line["rota"] for line in requests(log)}
    tokens = [str(team.gestor.api.token), team.gestor.refresh_token]
    assert log.found([SECRET, *person.values(), *login.values(), *tokens]) == []


def test_the_search_finds_what_is_logged(log: LogSearch) -> None:
    # Of no product logger, so that only this test's handler hears it.
    record = logging.makeLogRecord({"msg": "olá %s", "args": (SECRET,), "levelno": logging.ERROR})
    log.handle(record)
    assert log.found([SECRET, "ausente"]) == [(SECRET, f"olá {SECRET}")]


def test_broken_text_is_a_line_all_the_same(log: LogSearch) -> None:
    log.handle(logging.makeLogRecord({"msg": "a\ud800b"}))
    assert log.lines[0]["msg"] == "a\ud800b"


def _as_value() -> None:
    try:
        int(SECRET)
    except ValueError as error:
        raise KeyError(SECRET) from error


def _as_constraint() -> None:
    with transaction() as session:
        team_id = session.scalar(text("insert into equipes (nome) values ('E') returning id"))
        for _ in range(2):
            session.add(User(equipe_id=team_id, nome="P", email=f"{SECRET}@x.br", role="gestor"))
            session.flush()


def _as_datum() -> None:
    with transaction():
        db.session.execute(text("select cast(:value as integer)"), {"value": SECRET})


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (_as_value, {"builtins.KeyError", "builtins.ValueError"}),
        (_as_constraint, {"uq_usuarios_email", "23505", "usuarios"}),
        (_as_datum, {"22P02"}),
    ],
)
def test_an_exception_is_logged_without_values(
    make_app: MakeApp, log: LogSearch, fault: Callable[[], None], told: set[str]
) -> None:
    broken = make_app()
    broken.add_url_rule("/quebra/<name>", "quebra", lambda name: fault())
    reply = broken.test_client().get(f"/quebra/{SECRET}?nome={SECRET}")
    assert (reply.status_code, reply.get_json()["data"]["codigo"]) == (500, "ERRO_INTERNO")
    assert SECRET not in reply.get_data(as_text=True)
    error, request = log.lines
    assert (error["level"], error["msg"], error["rota"]) == (
        "ERROR",
        "unexpected error",
        "/quebra/<name>",
    )
    assert error["request_id"] == request["request_id"] == reply.get_json()["data"]["request_id"]
    assert told <= log.texts
    assert any(fault.__name__ in place for place in log.texts)
    assert log.found([SECRET]) == []


def test_an_exception_after_the_view_is_logged_without_the_path(
    make_app: MakeApp, log: LogSearch
) -> None:
    broken = make_app()

    @broken.after_request
    def fail(response: object) -> Any:
        raise ValueError(SECRET)

    reply = broken.test_client().get(f"/{SECRET}")
    assert reply.status_code == 500
    assert "builtins.ValueError" in log.texts
    assert log.found([SECRET]) == []
