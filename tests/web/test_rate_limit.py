"""A credential that sends too much is told how much it may send, and when to go on."""

import re
from collections.abc import Callable
from time import sleep

import pytest
from flask import Flask

from tests.support.api import Api, Team

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


def test_beyond_it_nothing_is_done_until_the_window_ends(limited: Flask, team: Team) -> None:
    api = Api(limited, team.gestor.api.token)
    statuses = [api.post("/leads", {"nome": "Lead"}).status for _ in range(5)]
    assert statuses == [201, 201, 201, 429, 429]
    refused = api.post("/leads", {"nome": "Lead"})
    assert refused.codigo == "MUITAS_REQUISICOES"
    assert 1 <= int(refused.headers["Retry-After"]) <= 3600
    assert _LEFT.fullmatch(refused.headers["RateLimit"])[1] == "0"  # type: ignore[index]
    assert team.gestor.api.get("/leads?total=1").data["total"] == 3


def test_it_is_each_credential_s_own(limited: Flask, team: Team) -> None:
    key = team.gestor.api.post("/auth/keys", {"nome": "crm", "role": "gestor"}).data["chave"]
    for token in (team.gestor.api.token, team.vendedor.api.token, key):
        api = Api(limited, token)
        assert [api.get("/auth/me").status for _ in range(4)] == [200, 200, 200, 429]


def test_a_made_up_credential_is_counted_before_it_is_looked_up(limited: Flask) -> None:
    api = Api(limited, "flk_1_adivinhada")
    assert [api.get("/leads").status for _ in range(4)] == [401, 401, 401, 429]


def test_what_needs_no_credential_is_not_counted(limited: Flask) -> None:
    for _ in range(5):
        reply = Api(limited).get("/healthz")
        assert (reply.status, "RateLimit" in reply.headers) == (200, False)


def test_after_the_window_it_goes_on(make_app: MakeApp, team: Team) -> None:
    api = Api(make_app(limite_api="2/second"), team.gestor.api.token)
    while 429 not in {api.get("/auth/me").status for _ in range(3)}:
        pass
    sleep(1.1)
    assert api.get("/auth/me").status == 200


def test_zero_means_no_limit(make_app: MakeApp, team: Team) -> None:
    reply = Api(make_app(limite_api="0/second"), team.gestor.api.token).get("/auth/me")
    assert (reply.status, "RateLimit" in reply.headers) == (200, False)
