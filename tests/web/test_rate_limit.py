"""The general limit: a reply says how many requests are left, and a 429 when to try again."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import sleep
from typing import Any

import pytest
from flask import Flask
from limits.storage import MemoryStorage

from controllers.web.rateLimit import RateLimit
from tests.support.actors import actor
from tests.support.api import Api, Team
from tests.support.routes import ROUTES, prepare

MakeApp = Callable[..., Flask]
_LEFT = re.compile(r'"api";r=(\d+);t=(\d+)')


@pytest.fixture(scope="module")
def limited(make_app: MakeApp) -> Flask:
    """Three requests per hour, so that no window ends while a test runs."""
    return make_app(limite_api="3/hour")


def test_every_reply_says_what_is_left(limited: Flask, team: Team) -> None:
    api = Api(limited, team.gestor.api.token)
    left = []
    for path in ("/auth/me", "/leads/999999", "/leads?limite=0"):
        reply = api.get(path)
        assert reply.headers["RateLimit-Policy"] == '"api";q=3;w=3600'
        found = _LEFT.fullmatch(reply.headers["RateLimit"])
        assert found and 1 <= int(found[2]) <= 3600
        left.append(int(found[1]))
    assert left == [2, 1, 0]


def test_beyond_the_limit_requests_are_refused_until_the_window_ends(
    limited: Flask, team: Team
) -> None:
    api = Api(limited, team.gestor.api.token)
    statuses = [api.post("/leads", {"nome": "Lead"}).status for _ in range(5)]
    assert statuses == [201, 201, 201, 429, 429]
    refused = api.post("/leads", {"nome": "Lead"})
    assert refused.codigo == "MUITAS_REQUISICOES"
    assert 1 <= int(refused.headers["Retry-After"]) <= 3600
    assert _LEFT.fullmatch(refused.headers["RateLimit"])[1] == "0"  # type: ignore[index]
    assert team.gestor.api.get("/leads?total=1").data["total"] == 3


def test_each_credential_has_its_own_limit(limited: Flask, team: Team) -> None:
    key = team.gestor.api.post("/auth/keys", {"nome": "crm", "role": "gestor"}).data["chave"]
    for token in (team.gestor.api.token, team.vendedor.api.token, key):
        api = Api(limited, token)
        assert [api.get("/auth/me").status for _ in range(4)] == [200, 200, 200, 429]


def test_a_made_up_credential_is_counted_before_it_is_looked_up(limited: Flask) -> None:
    api = Api(limited, "flk_1_adivinhada")
    assert [api.get("/leads").status for _ in range(4)] == [401, 401, 401, 429]


def test_requests_without_credential_are_not_counted(limited: Flask) -> None:
    for _ in range(5):
        reply = Api(limited).get("/healthz")
        assert (reply.status, "RateLimit" in reply.headers) == (200, False)


def test_after_the_window_requests_are_served_again(make_app: MakeApp, team: Team) -> None:
    api = Api(make_app(limite_api="2/second"), team.gestor.api.token)
    while 429 not in {api.get("/auth/me").status for _ in range(3)}:
        pass
    sleep(1.1)
    assert api.get("/auth/me").status == 200


def test_zero_means_no_limit(make_app: MakeApp, team: Team) -> None:
    reply = Api(make_app(limite_api="0/second"), team.gestor.api.token).get("/auth/me")
    assert (reply.status, "RateLimit" in reply.headers) == (200, False)


@pytest.mark.parametrize(
    "route", sorted(name for name, route in ROUTES.items() if route.access != "public")
)
def test_it_holds_for_every_route_that_takes_a_credential(
    limited: Flask, app: Flask, team: Team, route: str
) -> None:
    call = prepare(route, actor(app, team, "gestor"))
    api = Api(limited, team.gestor.api.token)
    for _ in range(3):
        api.get("/auth/me")
    reply = call.by(api)
    assert (reply.status, reply.codigo) == (429, "MUITAS_REQUISICOES")


def test_threads_that_count_at_one_moment_are_all_served(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library makes a timer and then starts the one that it has: another thread may
    have made that one by then, which starts it too."""

    def timer(storage: Any) -> Any:
        sleep(0.001)
        return vars(storage)["made"]

    def make(storage: Any, made: Any) -> None:
        vars(storage)["made"] = made

    monkeypatch.setattr(MemoryStorage, "timer", property(timer, make), raising=False)
    limit = RateLimit("1000000/hour")

    def count(_: int) -> None:
        with app.app_context():
            limit.count("credencial")
        sleep(0.015)

    with ThreadPoolExecutor(8) as pool:
        assert len(list(pool.map(count, range(160)))) == 160
