"""In development a reply ends with a newline, for whoever calls from a terminal; nothing else."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.support.api import Api, Reply, Team
from tests.support.leads import create

MakeApp = Callable[..., Flask]
SAME_ID = {"X-Request-ID": "comparado"}


@pytest.fixture(scope="module")
def production(make_app: MakeApp) -> Flask:
    return make_app(app_env="production")


def whole(reply: Reply) -> bytes:
    assert int(reply.headers["Content-Length"]) == len(reply.raw)
    return reply.raw


@pytest.mark.parametrize("path", ["/healthz", "/nada", "/leads", "/auth/login", "/openapi.json"])
def test_the_newline_is_the_only_difference(app: Flask, production: Flask, path: str) -> None:
    ours = whole(Api(app).get(path, headers=SAME_ID))
    theirs = whole(Api(production).get(path, headers=SAME_ID))
    assert theirs.endswith(b"}")
    assert ours == theirs + b"\n"


def test_a_replayed_reply_has_one_too(team: Team) -> None:
    how = {"headers": SAME_ID | {"Idempotency-Key": "uma-vez"}}
    first, again = (whole(team.gestor.api.post("/leads", {"nome": "A"}, **how)) for _ in range(2))
    assert first == again
    assert first.endswith(b"}\n")


def test_what_has_no_body_gets_none(app: Flask, team: Team) -> None:
    lead = f"/leads/{create(team.gestor.api)['id']}"
    etag = team.gestor.api.get(lead).headers["ETag"]
    unchanged = team.gestor.api.get(lead, headers={"If-None-Match": etag})
    assert (unchanged.status, unchanged.raw) == (304, b"")
    assert Api(app).call("HEAD", "/healthz").raw == b""


def test_pages_stay_as_they_are(app: Flask, production: Flask) -> None:
    for path in ("/", "/docs", "/docs/pages.css"):
        assert Api(app).get(path).raw == Api(production).get(path).raw
