"""A connection that died is found without a message; a write is repeated only if it is certain
that nothing was written."""

from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import Engine

from models.db.messages.connections import Connection
from models.db.statements import fetch_global, read_engine, write_global
from tests.faults.tools import refused, wait_until
from tests.support.api import Team
from tests.support.leads import rows, run
from tests.support.wiretap import Wiretap

LEAD = {"nome": "Lead Exemplo"}
CSV = b"nome\nPrimeiro\nSegundo\n"


def test_a_write_on_a_dead_connection_goes_to_a_new_one(team: Team, tap: Wiretap) -> None:
    tap.cut()
    with tap.heard() as sent:
        assert team.gestor.api.post("/leads", LEAD).status == 201
    assert sent.count("commit") == 1
    with tap.heard() as sent:
        assert team.gestor.api.get("/leads").status == 200
    assert len(sent) == 1


@pytest.mark.usefixtures("team")
def test_a_counter_is_not_written_on_a_dead_connection(tapped: Flask, tap: Wiretap) -> None:
    tap.cut()
    with tapped.app_context():
        assert write_global("select 7", {}) == [(7,)]


@pytest.mark.usefixtures("team")
def test_a_connection_with_something_to_say_is_asked_and_kept(
    tapped: Flask, tap: Wiretap, sql: Engine
) -> None:
    with tapped.app_context():
        fetch_global("select pg_backend_pid() from (select 1) x", {})
        before = fetch_global("select pg_backend_pid()", {})
        with read_engine().connect() as connection:
            connection.exec_driver_sql("listen something")
            dead = connection.connection.dbapi_connection
        run(sql, "notify something")
        wait_until(lambda: dead._socket.poll(0))
        with tap.heard() as sent:
            assert write_global("select pg_backend_pid()", {}) == before
    assert [message == "select 1" for message in sent] == [True, False]


@pytest.mark.parametrize("form", [False, True])
def test_a_first_message_that_was_lost_is_sent_again(
    form: bool, team: Team, tap: Wiretap, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the connection had died between the look at its socket and the message."""
    monkeypatch.setattr(Connection, "alive", lambda _: True)
    tap.cut()
    how = {"data": {"arquivo": (BytesIO(CSV), "leads.csv")}} if form else {"data": CSV}
    kind = "multipart/form-data" if form else "text/csv"
    team.gestor.api.get("/leads")
    reply = team.gestor.api.call("POST", "/leads/import", content_type=kind, **how)
    assert (reply.status, reply.data["criados"]) == (200, 2)
    counted = "select count(*) from leads where equipe_id = :e"
    assert rows(sql, counted, e=team.equipe_id) == [(3,)]


def test_a_message_that_was_lost_later_is_not_sent_again(
    team: Team, tap: Wiretap, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, asked = Connection.commit, []

    def cut_and_commit(connection: Connection) -> None:
        asked.append(connection)
        tap.cut()
        commit(connection)

    monkeypatch.setattr(Connection, "commit", cut_and_commit)
    assert refused(team.gestor.api.post("/leads", LEAD))
    assert len(asked) == 1
    counted = "select count(*) from leads where equipe_id = :e"
    assert rows(sql, counted, e=team.equipe_id) == [(1,)]
