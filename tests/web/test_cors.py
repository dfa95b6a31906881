"""CORS: only the configured origins, without the browser's credentials."""

from collections.abc import Callable

import pytest
from flask import Flask

from config import InvalidSettings, Settings
from tests.support.api import Api

OURS = "https://painel.exemplo.com.br"
LOCAL = "http://localhost:3000"
OTHERS = (
    "https://exemplo.com.br",
    "http://painel.exemplo.com.br",
    "https://painel.exemplo.com.br:8443",
    "https://painel.exemplo.com.br.invasor.com",
    "https://xpainel.exemplo.com.br",
    "https://painelxexemplo.com.br",
    "https://painel.exemplo.com.br/",
    "null",
    "*",
    "",
)


@pytest.fixture(params=[OURS, f"{OURS}, {LOCAL}"])
def open_app(request: pytest.FixtureRequest, make_app: Callable[..., Flask]) -> Flask:
    return make_app(cors_origens=request.param)


def cors(headers: object) -> dict[str, str]:
    return {name: value for name, value in headers if name.startswith("Access-Control")}  # type: ignore[attr-defined]


def listed(value: str) -> set[str]:
    return set(value.split(", "))


@pytest.mark.parametrize("path", ["/healthz", "/leads", "/nada", "/openapi.json"])
def test_a_configured_origin_may_read_every_reply(open_app: Flask, path: str) -> None:
    headers = Api(open_app).get(path, headers={"Origin": OURS}).headers
    found = cors(headers)
    assert found.pop("Access-Control-Allow-Origin") == OURS
    exposed = listed(found.pop("Access-Control-Expose-Headers"))
    limits = {"RateLimit", "RateLimit-Policy", "Retry-After"}
    assert exposed == {"ETag", "Location", "X-Request-ID", *limits}
    assert found == {}
    assert "Origin" in headers["Vary"]


def test_a_preflight_says_what_may_be_sent(open_app: Flask) -> None:
    asked = {
        "Origin": OURS,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "authorization, content-type, if-match, x-outro",
    }
    reply = Api(open_app).call("OPTIONS", "/leads/1", headers=asked)
    assert (reply.status, reply.body) == (200, {"success": True, "message": "OK", "data": None})
    assert {"GET", "PATCH", "DELETE"} <= listed(reply.headers["Allow"])
    found = cors(reply.headers)
    assert found["Access-Control-Allow-Origin"] == OURS
    assert {"GET", "POST", "PUT", "PATCH", "DELETE"} <= listed(
        found["Access-Control-Allow-Methods"]
    )
    allowed = {name.lower() for name in listed(found["Access-Control-Allow-Headers"])}
    assert allowed == {"authorization", "content-type", "if-match"}
    assert int(found["Access-Control-Max-Age"]) > 0
    assert "Access-Control-Allow-Credentials" not in found


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
@pytest.mark.parametrize("origin", OTHERS)
def test_no_other_origin_is_let_in(open_app: Flask, method: str, origin: str) -> None:
    asked = {"Origin": origin, "Access-Control-Request-Method": "GET"}
    reply = Api(open_app).call(method, "/healthz", headers=asked)
    assert reply.status == 200
    assert cors(reply.headers) == {}
    assert "Origin" in reply.headers["Vary"]


@pytest.mark.parametrize(
    "origin",
    ["http://localhost:3000", "http://127.0.0.1:5173", "http://[::1]:8080", "https://localhost"],
)
def test_in_development_pages_of_this_machine_are_let_in(
    make_app: Callable[..., Flask], origin: str
) -> None:
    asked = {"Origin": origin, "Access-Control-Request-Method": "PATCH"}
    for settings in ({}, {"cors_origens": OURS}):
        allowed = cors(Api(make_app(**settings)).call("OPTIONS", "/leads/1", headers=asked).headers)
        assert allowed["Access-Control-Allow-Origin"] == origin
        assert "PATCH" in listed(allowed["Access-Control-Allow-Methods"])
        assert "Access-Control-Allow-Credentials" not in allowed
        production = make_app(app_env="production", **settings)
        assert cors(Api(production).get("/healthz", headers=asked).headers) == {}


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost.invasor.com",
        "http://localhost:3000.invasor.com",
        "http://xlocalhost:3000",
        "http://127.0.0.11:3000",
        "http://127x0x0x1",
        "http://localhost:3000/",
        "http://localhost:",
        "ftp://localhost",
    ],
)
def test_an_origin_that_only_looks_like_this_machine_is_not_let_in(
    make_app: Callable[..., Flask], origin: str
) -> None:
    assert cors(Api(make_app()).get("/healthz", headers={"Origin": origin}).headers) == {}


@pytest.mark.parametrize("env", ["development", "production"])
@pytest.mark.parametrize(
    "origin",
    ["*", "https://*.exemplo.com.br", "exemplo.com.br", f"{OURS}/", f"{OURS}/x", "null", ".*"],
)
def test_an_invalid_origin_is_refused_at_the_start(env: str, origin: str) -> None:
    with pytest.raises(InvalidSettings, match="CORS_ORIGENS"):
        Settings.from_env({"APP_ENV": env, "CORS_ORIGENS": f"{OURS},{origin}"})
