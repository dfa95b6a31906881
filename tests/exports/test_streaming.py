"""A file is read while it is sent. Nobody waits for it, and who takes it no longer frees it."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from services.exportService import BROKEN_OFF
from tests.faults.tools import wait_until
from tests.support.api import Api, Member, Team, open_team
from tests.support.exports import export, table
from tests.support.leads import create, rows, upload
from tests.support.many import fill

# More than is read ahead of whoever takes it.
MANY = 12_000
_COPIES = (
    "select pid from pg_stat_activity where datname = current_database() "
    "and state = 'active' and query like '%copy (SELECT%' and pid <> pg_backend_pid()"
)


@pytest.fixture(scope="module")
def crowd(app: Flask, sql: Engine) -> Team:
    team = open_team(app)
    fill(sql, team, MANY)
    return team


@pytest.fixture(autouse=True)
def nobody_else(sql: Engine) -> Iterator[None]:
    yield
    wait_until(lambda: copies(sql) == [])


def copies(sql: Engine) -> list[int]:
    """The connections that an export is being read on."""
    return [pid for (pid,) in rows(sql, _COPIES)]


def begun(member: Member, **query: str) -> TestResponse:
    """An export of which nothing is taken yet."""
    headers = {"Authorization": f"Bearer {member.api.token}"}
    client = member.api.app.test_client()
    return client.get("/leads/export", headers=headers, query_string=query, buffered=False)


def test_followers_of_the_history_do_not_wait_for_it(crowd: Team, sql: Engine) -> None:
    gestor = crowd.gestor.api
    with closing(begun(crowd.gestor)) as reply:
        lead = create(gestor, nome="Lead que veio depois")
        assert copies(sql)
        # Another test's transaction, beside this one, may hold the history back for a moment.
        wait_until(lambda: lead["id"] in told(gestor))
        assert copies(sql)
        found = table(b"".join(reply.response))
    # It is of the moment in which it began.
    assert str(lead["id"]) not in {row["id"] for row in found}
    assert len(found) > MANY / 2


def told(gestor: Api) -> list[int | None]:
    """The leads of the events that a follower reads."""
    events = gestor.get("/events", query_string={"limite": 1_000}).data["itens"]
    return [event["lead_id"] for event in events]


def test_who_goes_away_frees_its_connection(crowd: Team, sql: Engine) -> None:
    reply = begun(crowd.gestor)
    assert len(copies(sql)) == 1
    reply.close()
    wait_until(lambda: copies(sql) == [])


def test_two_at_a_time(crowd: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.exportService._PATIENCE", 0.1)
    with closing(begun(crowd.gestor)):
        second = begun(crowd.gestor)
        refused = crowd.gestor.api.get("/leads/export")
        assert (refused.status, refused.codigo) == (503, "SERVIDOR_OCUPADO")
        assert refused.headers["Retry-After"]
        second.close()
        wait_until(lambda: crowd.gestor.api.get("/leads/export?uf=AC").status == 200)


def test_a_file_that_breaks_off_says_so(crowd: Team, other_team: Team, sql: Engine) -> None:
    """The server ends the reply as if it were complete."""
    reply = begun(crowd.gestor)
    (pid,) = copies(sql)
    rows(sql, "select pg_terminate_backend(:pid)", pid=pid)
    file = b"".join(reply.response)
    reply.close()
    assert file.decode().endswith(f"\n{BROKEN_OFF}")
    header = file[: file.index(b"\n") + 1]
    told = upload(other_team.gestor.api, header + BROKEN_OFF.encode(), dry_run=1).data
    assert [error["codigo"] for error in told["erros"]] == ["COLUNAS_DEMAIS"]
    # Connections that have ended are replaced.
    assert export(crowd.gestor.api, uf="AC").status == 200


def test_who_takes_nothing_for_long_is_not_waited_for(
    crowd: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.db.streams.PATIENCE", 0.2)
    reply = begun(crowd.gestor)
    wait_until(lambda: copies(sql) == [])
    assert b"".join(reply.response).decode().endswith(BROKEN_OFF)
    reply.close()


def test_what_takes_too_long_to_begin_is_an_error(
    crowd: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.exportService.LONGEST", 1)
    reply = crowd.gestor.api.get("/leads/export")
    assert (reply.status, reply.codigo) == (503, "BANCO_INDISPONIVEL")
