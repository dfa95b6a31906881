"""Statements are prepared once for each connection; where that fails they run plain, unnoticed."""

import logging
import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from models.db import db, transaction
from models.db.errors import is_worth_repeating
from models.db.messages import prepared
from models.db.messages.queries import Query
from models.db.statements import fetch, fetch_here, fetch_together, read_engine
from tests.support.api import Team
from tests.support.leads import run
from tests.support.wiretap import Wiretap

HOT = Query("select %(n)s::int, %(text)s || '%%', %(n)s::int + 1", {"text": "x"}, hot=True)
FOUND = [(7, "x%", 8)]
TENANT = Query("select current_setting('app.equipe_id', true)", {}, hot=True)


@pytest.fixture
def inside(tapped: Flask) -> Iterator[Flask]:
    with tapped.app_context():
        for engine in db.engines.values():
            engine.connect().close()  # SQLAlchemy asks the first connection questions of its own
        yield tapped


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """No test's pooler is another's."""
    yield
    prepared._plain.clear()


def read() -> Any:
    return fetch(HOT, {"n": 7}, equipe_id=1)


def on_server(engine: Engine, sql: str) -> None:
    """Sent on the one connection of a pool."""
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute(sql)


def test_the_text_has_numbers_for_names() -> None:
    this = prepared.prepared(HOT.sql)
    assert this.preparation == f"prepare {this.name} as select $1::int, $2 || '%%', $1::int + 1"
    assert this.execution == f"execute {this.name}(%(n)s, %(text)s)"
    nothing = prepared.prepared("select '100 %%'")
    assert nothing.execution == f"execute {nothing.name}"


def test_a_read_is_prepared_once_for_each_connection(inside: Flask, tap: Wiretap) -> None:
    with tap.heard() as sent:
        assert [read(), read(), read()] == [FOUND] * 3
    assert [message.count("prepare ") for message in sent] == [1, 0, 0]
    assert [message.count("execute ") for message in sent] == [1, 1, 1]
    read_engine().dispose()
    with tap.heard() as sent:
        assert [read(), read()] == [FOUND] * 2
    assert [message.count("prepare ") for message in sent if "set local" in message] == [1, 0]


def test_a_statement_without_parameters_keeps_its_signs(inside: Flask) -> None:
    hundred = Query("select '100 %%'", {}, hot=True)
    assert [fetch(hundred, {}, equipe_id=1) for _ in range(2)] == [[("100 %",)]] * 2


def test_a_request_prepares_nothing_again(team: Team, tap: Wiretap) -> None:
    with tap.heard() as sent:
        for _ in range(3):
            assert team.gestor.api.get("/leads").status == 200
    assert len(sent) == 3
    assert [re.findall("prepare|select", message) for message in sent] == [[]] * 3


def test_a_transaction_prepares_too_and_only_where_it_may_be_run_again(
    inside: Flask, tap: Wiretap
) -> None:
    for prepares, expected in ((False, [0, 0]), (True, [1, 0]), (True, [0, 0])):
        with tap.heard() as sent, transaction(prepares=prepares):
            assert fetch_here(HOT, {"n": 7}) == FOUND
            assert fetch_here(HOT, {"n": 7}) == FOUND
        assert [message.count("prepare ") for message in sent[:2]] == expected


def test_several_hot_statements_in_one_message(inside: Flask, tap: Wiretap) -> None:
    with tap.heard() as sent, transaction(prepares=True):
        assert fetch_together([(HOT, {"n": 6}), (TENANT, {}), (HOT, {"n": 7})]) == FOUND
    assert sent[0].count("prepare ") == 2
    with tap.heard() as sent, transaction(prepares=True):
        assert fetch_together([(HOT, {"n": 6}), (TENANT, {}), (HOT, {"n": 7})]) == FOUND
    assert sent[0].count("prepare ") == 0


def test_what_was_prepared_survives_its_transaction(inside: Flask, tap: Wiretap) -> None:
    with pytest.raises(KeyError), transaction(prepares=True):
        fetch_here(HOT, {"n": 7})
        raise KeyError
    with tap.heard() as sent, transaction(prepares=True):
        assert fetch_here(HOT, {"n": 7}) == FOUND
    assert "prepare" not in sent[0]


def test_a_tenant_ends_with_its_message_also_when_prepared(inside: Flask) -> None:
    asked = "select nullif(current_setting('app.equipe_id', true), '')"
    for equipe_id in (5, 6, 7):
        assert fetch(TENANT, {}, equipe_id=equipe_id) == [(str(equipe_id),)]
        with read_engine().connect() as connection:
            assert connection.exec_driver_sql(asked).scalar() is None
    broken = Query("select %(n)s / 0", {}, hot=True)
    with pytest.raises(DBAPIError):
        fetch(broken, {"n": 1}, equipe_id=7)
    with read_engine().connect() as connection:
        assert connection.exec_driver_sql(asked).scalar() is None


def test_beyond_so_many_names_statements_stay_plain(
    inside: Flask, tap: Wiretap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "MOST", 3)
    many = [Query(f"select {n} + %(n)s", {}, hot=True) for n in range(5)]
    with tap.heard() as sent:
        for _ in range(2):
            assert [fetch(q, {"n": 1}, equipe_id=1)[0][0] for q in many] == [1, 2, 3, 4, 5]
    assert [("prepare" in message, "execute" in message) for message in sent[:5]] == (
        [(True, True)] * 3 + [(False, False)] * 2
    )
    assert ["execute" in message for message in sent[5:10]] == [True] * 3 + [False] * 2


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]


def test_a_server_that_does_not_know_the_name_is_behind_a_pooler(
    inside: Flask, tap: Wiretap, caplog: pytest.LogCaptureFixture
) -> None:
    assert read() == FOUND
    on_server(read_engine(), "deallocate all")
    with tap.heard() as sent:
        assert [read(), read()] == [FOUND] * 2
    assert ["execute" in message for message in sent] == [True, False, False]
    with transaction(prepares=True), tap.heard() as sent:
        assert fetch_here(HOT, {"n": 7}) == FOUND
    assert "execute" not in sent[0]  # the other pool has the same pooler before it
    (line,) = warnings(caplog)
    assert "pooler" in line


def test_a_name_that_exists_counts_as_made(
    inside: Flask, tap: Wiretap, caplog: pytest.LogCaptureFixture
) -> None:
    this = prepared.prepared(HOT.sql)
    on_server(read_engine(), this.preparation.replace("%%", "%"))
    with tap.heard() as sent:
        assert [read(), read()] == [FOUND] * 2
    assert ["execute" in message for message in sent] == [True, False, True]
    assert warnings(caplog) == []


def test_a_failed_first_execution_is_followed_by_a_good_one(inside: Flask) -> None:
    """It is not known whether the message failed before or after it prepared."""
    divided = Query("select 1 / %(n)s", {}, hot=True)
    with pytest.raises(DBAPIError):
        fetch(divided, {"n": 0}, equipe_id=1)
    assert fetch(divided, {"n": 1}, equipe_id=1) == [(1,)]


@pytest.mark.parametrize("prepares", [True, False])
def test_a_transaction_that_is_broken_by_it_says_that_it_can_be_run_again(
    prepares: bool, inside: Flask
) -> None:
    this = prepared.prepared(HOT.sql)
    for trouble in (this.preparation.replace("%%", "%"), "deallocate all"):
        on_server(db.engine, trouble)
        try:
            with transaction(prepares=prepares):
                assert fetch_here(HOT, {"n": 7}) == FOUND
        except DBAPIError as error:
            assert prepares and is_worth_repeating(error)
        else:
            assert not prepares


def test_a_request_is_served_once_more_without(
    team: Team, tapped: Flask, tap: Wiretap, sql: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    assert team.gestor.api.post("/leads", {"nome": "Segundo"}).status == 201
    with tapped.app_context():
        on_server(db.engine, "deallocate all")
    key = {"Idempotency-Key": "uma-vez"}
    with tap.heard() as sent:
        first = team.gestor.api.post("/leads", {"nome": "Terceiro"}, headers=key)
    assert first.status == 201
    assert (sent.count("rollback"), sent.count("commit")) == (1, 1)
    assert team.gestor.api.post("/leads", {"nome": "Terceiro"}, headers=key).raw == first.raw
    assert len(team.gestor.api.get("/leads").data["itens"]) == 3
    assert len(warnings(caplog)) == 1


@pytest.fixture
def changing(sql: Engine) -> Iterator[Query]:
    run(sql, "create table mudada as select 7 as n")
    run(sql, "grant select on mudada to finlead_test")
    yield Query("select n from mudada where %(yes)s", {"yes": True}, hot=True)
    run(sql, "drop table mudada")


def test_other_columns_after_a_migration_are_prepared_on_a_new_connection(
    inside: Flask, tap: Wiretap, sql: Engine, changing: Query, caplog: pytest.LogCaptureFixture
) -> None:
    assert fetch(changing, {}, equipe_id=1) == [(7,)]
    with transaction(prepares=True):
        assert fetch_here(changing, {}) == [(7,)]
    run(sql, "alter table mudada alter n type text")
    assert fetch(changing, {}, equipe_id=1) == [("7",)]
    with pytest.raises(DBAPIError) as raised, transaction(prepares=True):
        fetch_here(changing, {})
    assert is_worth_repeating(raised.value)
    with tap.heard() as sent, transaction(prepares=True):
        assert fetch_here(changing, {}) == [("7",)]
    assert sent[-2].count("prepare ") == 1
    assert warnings(caplog) == []


def test_of_tenants_own_statements_the_last_used_are_kept(
    inside: Flask, tap: Wiretap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "MOST_OWN", 2)
    own = [Query(f"select {n}", {}, hot=True, own=True) for n in range(3)]

    def asked(*which: int) -> list[str]:
        """What each message prepares and takes away."""
        with tap.heard() as sent:
            for n in which:
                assert fetch(own[n], {}, equipe_id=1) == [(n,)]
        return [
            "-" * message.count("deallocate ") + "+" * message.count("prepare ") for message in sent
        ]

    assert asked(0, 1, 0) == ["+", "+", ""]
    assert asked(2, 0, 1) == ["-+", "", "-+"]
    assert asked(1, 0, 2) == ["", "", "-+"]
    assert read() == FOUND
