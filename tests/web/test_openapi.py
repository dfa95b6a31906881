"""The document, the page that shows it, and the headers of every reply."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator

from app import contracts
from services.errors import Code
from tests.support.api import Api, Team, openapi
from tests.support.leads import create

PAGES = {
    *("/", "/docs", "/docs/<name>", "/docs/permissoes", "/openapi.json"),
    *("/painel", "/painel/<version>/<path:name>"),
}


def test_the_document_is_valid_openapi_3_1(app: Flask) -> None:
    document = openapi(app)
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_every_route_is_in_the_document(app: Flask) -> None:
    routes = {
        (re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule not in PAGES
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    paths = openapi(app)["paths"]
    assert {(path, method) for path in paths for method in paths[path]} == routes


def test_every_code_is_published(app: Flask) -> None:
    published = openapi(app)["components"]["schemas"]["Code"]["enum"]
    assert sorted(published) == sorted(code.value for code in Code)


def test_inputs_refuse_and_outputs_name_their_fields(app: Flask) -> None:
    schemas = openapi(app)["components"]["schemas"]
    for contract in contracts():
        if contract.body is not None:
            assert schemas[contract.body.__name__]["additionalProperties"] is False


def test_the_examples_of_try_it_out_create_a_lead_and_empty_no_field(
    app: Flask, team: Team
) -> None:
    schemas = openapi(app)["components"]["schemas"]
    (new,), (change,) = schemas["LeadInput"]["examples"], schemas["LeadPatch"]["examples"]
    created = team.gestor.api.post("/leads", new)
    assert created.status == 201
    changed = team.gestor.api.patch(f"/leads/{created.data['id']}", change)
    assert changed.status == 200
    assert 0 < len(change) < len(schemas["LeadPatch"]["properties"])
    # Beside what it names, what follows from any change of a lead.
    follows = {"versao", "atualizado_em", "score", "faixa", "probabilidade", "etapa_desde", *change}
    kept = created.data.keys() - follows
    assert {name: changed.data[name] for name in kept} == {n: created.data[n] for n in kept}


@pytest.mark.parametrize("path", ["/", "/docs", "/painel"])
def test_pages_ask_nothing_of_the_outside(api: Api, path: str) -> None:
    page = api.get(path)
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    found = re.findall(rb"""(?:src|href|action)\s*=\s*["']([^"']*)""", page.raw)
    assert found
    for address in found:
        assert address.startswith(b"/") and not address.startswith(b"//"), address
        assert api.get(address.decode()).status == 200
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy
    assert "'unsafe-eval'" not in policy


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("swagger-ui.css", "text/css"),
        ("swagger-ui-bundle.js", "text/javascript"),
        ("favicon-32x32.png", "image/png"),
        ("landing.js", "text/javascript"),
        ("docs.js", "text/javascript"),
        ("portuguese.js", "text/javascript"),
        ("pages.css", "text/css"),
    ],
)
def test_assets_are_served(api: Api, name: str, kind: str) -> None:
    asset = api.get(f"/docs/{name}")
    assert (asset.status, asset.headers["Content-Type"].split(";")[0]) == (200, kind)
    assert asset.raw
    again = api.get(f"/docs/{name}", headers={"If-None-Match": asset.headers["ETag"]})
    assert (again.status, again.raw) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/painel", "/openapi.json", "/healthz", "/leads", "/nada"]
)
def test_every_reply_has_the_security_headers(api: Api, path: str) -> None:
    headers = api.get(path).headers
    for name in ("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"):
        assert len(headers.getlist(name)) == 1
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Request-ID"]
    assert "Set-Cookie" not in headers


def test_no_origin_is_let_in_by_default(team: Team) -> None:
    reply = team.gestor.api.get("/leads", headers={"Origin": "https://exemplo.com.br"})
    assert not [name for name, _ in reply.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize("path", ["/leads", "/metrics", "/healthz", "/", "/docs", "/openapi.json"])
def test_head_is_get_without_a_body(team: Team, path: str) -> None:
    got, head = team.gestor.api.get(path), team.gestor.api.call("HEAD", path)
    assert (head.status, head.raw) == (200, b"")
    assert head.headers["Content-Type"] == got.headers["Content-Type"]


def test_head_of_a_missing_lead_is_404(team: Team) -> None:
    lead = create(team.gestor.api)
    assert team.gestor.api.call("HEAD", f"/leads/{lead['id']}").headers["ETag"]
    missing = team.gestor.api.call("HEAD", f"/leads/{2**62}")
    assert (missing.status, missing.raw) == (404, b"")


@pytest.mark.parametrize("rule", sorted({contract.rule for contract in contracts()}))
def test_options_names_the_methods_in_the_envelope(app: Flask, rule: str) -> None:
    response = app.test_client().options(re.sub(r"<[^>]+>", "1", rule))
    assert response.status_code == 200
    assert response.get_json() == {"success": True, "message": "OK", "data": None}
    taken = {contract.method for contract in contracts() if contract.rule == rule}
    assert taken | {"OPTIONS"} <= set(response.headers["Allow"].split(", "))


def test_an_unknown_path_is_404_and_a_wrong_method_405(api: Api) -> None:
    missing = api.get("/nada")
    assert (missing.status, missing.codigo) == (404, "NAO_ENCONTRADO")
    wrong = api.delete("/auth/login")
    assert (wrong.status, wrong.codigo) == (405, "METODO_NAO_PERMITIDO")
    assert set(wrong.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}


def test_without_a_database_it_lives_but_is_not_ready(make_app: Callable[..., Flask]) -> None:
    nowhere = make_app(database_url="postgresql+psycopg2://x@127.0.0.1:9/x?connect_timeout=1")
    assert Api(nowhere).get("/healthz").status == 200
    reply = Api(nowhere).get("/readyz")
    assert (reply.status, reply.codigo) == (503, "BANCO_INDISPONIVEL")
    assert int(reply.headers["Retry-After"]) > 0
    login = Api(nowhere).post("/auth/login", {"email": "a@exemplo.com.br", "senha": "x"})
    assert (login.status, login.codigo) == (503, "BANCO_INDISPONIVEL")


def test_a_database_without_the_migrations_is_not_ready(
    make_app: Callable[..., Flask], app: Flask
) -> None:
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    joint = "&" if "?" in url else "?"
    empty = make_app(database_url=f"{url}{joint}options=-csearch_path%3Dpg_catalog")
    reply = Api(empty).get("/readyz")
    assert (reply.status, reply.codigo) == (503, "BANCO_INDISPONIVEL")
