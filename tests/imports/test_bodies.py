"""Half a file must not pass for a whole one: what was announced has to arrive."""

from io import BytesIO
from typing import Any

import pytest

from tests.support.api import Reply, Team
from tests.support.leads import all_leads

FILES = ("/leads/import", "/leads/import/preview")
CSV = b"nome\nPrimeiro\nSegundo\n"
# As the server marks its requests: the stream ends by itself, for a client that is gone as well.
TERMINATED = {"wsgi.input_terminated": True}


def send(team: Team, path: str, body: bytes, *, missing: int = 0, **how: Any) -> Reply:
    """`missing`: how many bytes were announced and never came."""
    how = {"content_type": "text/csv", "environ_overrides": TERMINATED} | how
    length = {"CONTENT_LENGTH": str(len(body) + missing)}
    how["environ_overrides"] = how["environ_overrides"] | length
    return team.gestor.api.call("POST", path, input_stream=BytesIO(body), **how)


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "a"}])
@pytest.mark.parametrize("environ", [TERMINATED, {}])
@pytest.mark.parametrize("kind", ["text/csv", "multipart/form-data; boundary=x"])
def test_a_body_that_arrives_incomplete_is_refused(
    team: Team, kind: str, environ: dict[str, Any], key: dict[str, str], path: str
) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="arquivo"; filename="a"\r\n\r\n'
    body = CSV if kind == "text/csv" else part + CSV + b"\r\n--x--\r\n"
    how = {"content_type": kind, "environ_overrides": environ, "headers": key}
    short = send(team, path, body, missing=1, **how)
    assert (short.status, short.codigo) == (400, "REQUISICAO_INVALIDA")
    assert "incompleto" in short.message
    assert all_leads(team.gestor.api) == []
    assert send(team, path, body, **how).status in (200, 201)


def test_a_json_body_that_arrives_incomplete_is_refused(team: Team) -> None:
    body = b'{"nome": "A"}'
    reply = send(team, "/leads", body, missing=1, content_type="application/json")
    assert (reply.status, reply.codigo) == (400, "REQUISICAO_INVALIDA")
    assert all_leads(team.gestor.api) == []


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "a"}])
def test_a_file_announces_its_length(team: Team, key: dict[str, str], path: str) -> None:
    chunked = {"Transfer-Encoding": "chunked"} | key
    reply = send(team, path, CSV, headers=chunked)
    assert (reply.status, reply.codigo) == (411, "REQUISICAO_INVALIDA")
    assert "Content-Length" in reply.message
    assert all_leads(team.gestor.api) == []


def test_half_a_json_is_none_so_it_may_come_in_chunks(team: Team) -> None:
    how = {"headers": {"Transfer-Encoding": "chunked"}, "content_type": "application/json"}
    assert send(team, "/leads", b'{"nome": "A"}', **how).status == 201
    assert send(team, "/leads", b'{"nome": "B"', **how).status == 400
