"""Every operation against odd paths, queries, headers and methods."""

from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from app import contracts
from controllers.web.contract import Contract, view_name
from tests.security.test_hostile_bodies import NAMED, path_of, refused, send, split_rule
from tests.support.api import Api, Reply, Team, openapi
from tests.support.leads import all_leads, create
from tests.support.routes import OVERRIDE

ALL = contracts()
WITH_ID = [c for c in ALL if "<" in c.rule]
ODD_IDS = (
    "0",
    "-1",
    "1.5",
    "1e3",
    "0x1",
    "9223372036854775808",
    "9" * 20,
    "9" * 5_000,
    "%00",
    "1%00",
    "%ff%fe",
    "%ed%a0%80",
    "1'",
    "1%20or%201=1",
    "null",
    "nan",
    "..%2f..%2fetc%2fpasswd",
    "%F0%9F%92%A9",
    "1;2",
)
INJECTIONS = (
    "'",
    "' or '1'='1",
    "1 or 1=1",
    "') or ('1'='1",
    "'; drop table leads; --",
    "\\'; select pg_sleep(9); --",
    "%' or 1=1 --",
    "valor desc, (select 1)",
    "(select version())",
    "${jndi:ldap://x}",
    "{{7*7}}",
    "%s%(x)s",
)
ODD_TEXTS = (
    "\x00",
    "a\x00b",
    "\x07",
    "\ufffe",
    "\U0010ffff",
    "x" * 20_000,
    "9" * 5_000,
    "-" + "9" * 20,
    "nan",
    "1e400",
    "[]",
    "{}",
)


def request(team: Team, contract: Contract, query: str = "", **how: Any) -> Reply:
    """The operation as a gestor calls it, with a body that says nothing."""
    if contract.body is not None:
        how.setdefault("json", {"x": 1})
    return send(team, contract, query, **how)


@pytest.mark.parametrize("contract", WITH_ID, **NAMED)
@pytest.mark.parametrize("odd", ODD_IDS, ids=lambda odd: odd[:24])
def test_a_path_that_is_no_id_answers_404(team: Team, contract: Contract, odd: str) -> None:
    parts = [odd if part.startswith("<") else part for part in split_rule(contract.rule)]
    bodies = {
        "move": {"etapa": "novo"},
        "activities": {"tipo": "nota"},
        "assign": {"responsavel_id": None},
        "reviews": {"estado": "mantida", "resposta": "Está certo."},
        "review": {"motivo": "Não convence."},
        "override": OVERRIDE,
        "goals": {"metas": []},
        "drafts": {"base": 10, "regras": [], "grupos": [], "faixas": {"quente": 60, "morno": 30}},
    }
    body = next((bodies[name] for name in bodies if name in contract.rule), {"nome": "X"})
    refused(team.gestor.api.call(contract.method, "".join(parts), json=body), 404)


@pytest.mark.parametrize("contract", ALL, **NAMED)
def test_unknown_parameters_are_refused(team: Team, contract: Contract) -> None:
    for query in ("?x=1", "?%00=%00", "?%ff=%fe", "?" + "x" * 20_000, "?__proto__=1"):
        reply = request(team, contract, query)
        assert reply.status in (415, 422), query
        if reply.status == 422:
            assert "CAMPO_DESCONHECIDO" in {error["codigo"] for error in reply.data["erros"]}


@pytest.mark.parametrize("contract", ALL, **NAMED)
def test_no_parameter_takes_the_service_down(team: Team, contract: Contract) -> None:
    for name in contract.query.model_fields if contract.query else ():
        for value in (*INJECTIONS, *ODD_TEXTS):
            reply = request(team, contract, f"?{name}={quote(value)}")
            assert reply.status < 500, (name, value)
            if "\x00" in value:
                assert 400 <= reply.status < 500, (name, value)
        for raw in ("%ff%fe", "%ed%a0%80", "%", "%u0041", "&" * 500, f"&{name}=" * 500):
            assert request(team, contract, f"?{name}={raw}").status < 500, (name, raw)


def test_no_injection_changes_what_a_filter_finds(app: Flask, team: Team) -> None:
    for name in "ABC":
        create(team.gestor.api, nome=name, origem="site", etiquetas=["vip"])
    texts = ("origem", "produto", "etiqueta", "q")
    for name in texts:
        # No letter and no digit is no search: that is refused.
        for value in INJECTIONS if name != "q" else INJECTIONS[1:]:
            asked = {name: value.replace(",", " ").replace(";", " ")}
            assert all_leads(team.gestor.api, **asked) == [], (name, value)
            body = {name: asked[name] if name == "q" else [asked[name]]}
            assert team.gestor.api.post("/leads/search", body).data["itens"] == []
    for value in INJECTIONS:
        refused(team.gestor.api.get("/leads", query_string={"etapa": value[:80]}), 422)
    assert len(all_leads(team.gestor.api)) == 3


@pytest.mark.parametrize("contract", ALL, **NAMED)
def test_odd_headers_harm_no_operation(team: Team, contract: Contract) -> None:
    odd = (
        "",
        " ",
        "\xff\xfe",
        "x" * 20_000,
        "'; drop table leads; --",
        '"',
        '"' * 3_000,
        "*",
        "W/",
    )
    names = ("If-Match", "If-None-Match", "Idempotency-Key", "X-Request-ID", "Accept", "Cookie")
    more = ("Range", "Accept-Encoding", "Origin", "X-Forwarded-For", "X-HTTP-Method-Override")
    for name in (*names, *more):
        for value in odd:
            assert request(team, contract, headers={name: value}).status < 500, (name, value)


@pytest.mark.parametrize("contract", [c for c in ALL if c.access.name != "PUBLIC"], **NAMED)
def test_junk_for_a_token_is_refused(team: Team, contract: Contract) -> None:
    good = team.gestor.api.token or ""
    junk = (
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer \xff\xfe",
        "Bearer " + "x" * 20_000,
        "Bearer a.b.c",
        "Bearer " + good[:-2],
        "Bearer " + good + "x",
        f"Bearer {good} {good}",
        "Basic dXNlcjpwYXNz",
        "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
        "Token " + good,
    )
    for header in junk:
        reply = request(team, contract, headers={"Authorization": header})
        refused(reply, 401)
        assert reply.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("contract", ALL, **NAMED)
def test_a_method_the_resource_does_not_take_is_405(
    app: Flask, team: Team, contract: Contract
) -> None:
    path = path_of(contract, 1, 1)
    taken = {c.method for c in ALL if c.rule == contract.rule}
    for method in {
        "GET",
        "POST",
        "PUT",
        "PATCH",
        "DELETE",
        "TRACE",
        "CONNECT",
        "FOO",
    } - taken:
        reply = Api(app, team.gestor.api.token).call(method, path)
        refused(reply, 405)
        assert taken <= set(reply.headers["Allow"].split(", "))


def test_a_request_id_is_taken_only_if_it_is_plain(api: Api) -> None:
    assert (
        api.get("/healthz", headers={"X-Request-ID": "a.B-9_"}).headers["X-Request-ID"] == "a.B-9_"
    )
    for odd in ("", "a b", "x" * 65, "é", "<script>", "a;b"):
        given = api.get("/nada", headers={"X-Request-ID": odd})
        assert given.headers["X-Request-ID"] != odd
        assert given.data["request_id"] == given.headers["X-Request-ID"]


@pytest.mark.parametrize(
    "path",
    [
        "/nada",
        "/leads//1",
        "/leads/../auth/me",
        "/%00",
        "/leads%00",
        "/%ff%fe",
        "/docs/%00",
        "/docs/..%2f..%2fconfig.py",
        "/docs/../../config.py",
        "/docs/swagger-ui.css.map",
        "/.env",
        "/.git/config",
        "/" + "x" * 20_000,
        "/leads/1/nada",
    ],
)
def test_an_unknown_path_answers_404(team: Team, path: str) -> None:
    refused(team.gestor.api.get(path), 404)


def test_odd_hosts_harm_nothing(app: Flask) -> None:
    """Refused before there is an operation, so that no operation documents it."""
    for host in ("exemplo.com.br", "a b", "<x>", "x" * 5_000, "[::1", "a:b:c", "exemplo:99999", ""):
        reply = app.test_client().get("/leads", headers={"Host": host})
        assert reply.status_code in (400, 401), host
        assert set(reply.get_json()) == {"success", "message", "data"}


def test_every_operation_is_documented_once(app: Flask) -> None:
    paths = openapi(app)["paths"].values()
    names = [found["operationId"] for methods in paths for found in methods.values()]
    assert sorted(names) == sorted(view_name(c.endpoint) for c in ALL)
