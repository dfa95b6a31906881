"""An export under the real server: a client that goes away, and one that takes everything."""

import socket
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.exports.test_streaming import copies
from tests.faults.tools import wait_until
from tests.support.api import Team, open_team
from tests.support.exports import table
from tests.support.leads import rows
from tests.support.many import fill
from tests.support.served import PATIENCE, Served

# So many that the sockets between the database and the client do not hold all of them.
MANY = 60_000


@pytest.fixture(scope="module")
def crowd(app: Flask, sql: Engine) -> Team:
    team = open_team(app)
    fill(sql, team, MANY)
    return team


@pytest.fixture(scope="module")
def served(database_url: str) -> Iterator[Served]:
    server = Served(database_url)
    yield server
    server.end()


def test_a_client_that_goes_away_frees_the_connection(
    served: Served, crowd: Team, sql: Engine
) -> None:
    token = f"Authorization: Bearer {crowd.gestor.api.token}"
    with socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE) as client:
        client.sendall(f"GET /leads/export HTTP/1.1\r\nHost: x\r\n{token}\r\n\r\n".encode())
        assert client.recv(1024).startswith(b"HTTP/1.1 200")
        wait_until(lambda: copies(sql))
    wait_until(lambda: copies(sql) == [])


def test_a_whole_file_arrives(served: Served, crowd: Team, sql: Engine) -> None:
    connection = HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE)
    headers = {"Authorization": f"Bearer {crowd.gestor.api.token}"}
    connection.request("GET", "/leads/export?ordenar=criado_em", headers=headers)
    found = [row["id"] for row in table(connection.getresponse().read())]
    connection.close()
    there = rows(
        sql,
        "select id from leads where equipe_id = :e and excluido_em is null order by criado_em, id",
        e=crowd.equipe_id,
    )
    assert found == [str(lead_id) for (lead_id,) in there]
