"""A reply ends with a newline, for people who call from a terminal."""

import pytest
from flask import Flask

from tests.support.api import Api, Reply, Team
from tests.support.leads import create


def whole(reply: Reply) -> bytes:
    assert int(reply.headers["Content-Length"]) == len(reply.raw)
    return reply.raw


@pytest.mark.parametrize("path", ["/healthz", "/nada", "/leads", "/auth/login", "/openapi.json"])
def test_a_reply_ends_with_one_newline(app: Flask, path: str) -> None:
    assert whole(Api(app).get(path)).endswith(b"}\n")


def test_a_replayed_reply_has_one_too(team: Team) -> None:
    how = {"headers": {"X-Request-ID": "comparado", "Idempotency-Key": "uma-vez"}}
    first, again = (whole(team.gestor.api.post("/leads", {"nome": "A"}, **how)) for _ in range(2))
    assert first == again
    assert first.endswith(b"}\n")


def test_a_reply_without_body_gets_no_newline(app: Flask, team: Team) -> None:
    lead = f"/leads/{create(team.gestor.api)['id']}"
    etag = team.gestor.api.get(lead).headers["ETag"]
    unchanged = team.gestor.api.get(lead, headers={"If-None-Match": etag})
    assert (unchanged.status, unchanged.raw) == (304, b"")
    assert Api(app).call("HEAD", "/healthz").raw == b""


def test_a_length_is_announced_also_where_no_body_is_sent(app: Flask) -> None:
    asked = Api(app).call("HEAD", "/healthz")
    assert asked.headers["Content-Length"] == str(len(Api(app).get("/healthz").raw))
