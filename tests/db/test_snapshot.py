"""A snapshot sees one moment, and nothing inside it may be read past it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from models.db import enter_tenant, snapshot, step_transaction, transaction
from models.db.errors import is_busy
from models.db.messages.queries import Query
from models.db.statements import fetch, fetch_global, fetch_here, write_global
from models.db.transactions import ReadBeside
from tests.support.api import Team
from tests.support.leads import create, run

COUNT = Query("select count(*) from leads", {})
LIMITS = Query(
    "select current_setting('transaction_isolation'), current_setting('transaction_read_only'), "
    "current_setting('lock_timeout'), current_setting('statement_timeout')",
    {},
)
BESIDE: dict[str, Callable[[int], object]] = {
    "fetch": lambda equipe_id: fetch(COUNT, {}, equipe_id=equipe_id),
    "fetch_global": lambda _: fetch_global("select 1", {}),
    "write_global": lambda _: write_global("select 1", {}),
}


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def counted() -> int:
    return int(fetch_here(COUNT, {})[0][0])


@pytest.mark.usefixtures("inside")
def test_what_is_committed_meanwhile_is_not_seen(team: Team) -> None:
    equipe_id = team.equipe_id
    with snapshot():
        enter_tenant(equipe_id)
        before = counted()
        with_another_connection(team)
        assert counted() == before
    with transaction():
        enter_tenant(equipe_id)
        assert counted() == before + 1
        with_another_connection(team)
        assert counted() == before + 2


def with_another_connection(team: Team) -> None:
    """In a thread of its own, as another request is."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(create, team.gestor.api).result()


@pytest.mark.usefixtures("inside")
def test_a_snapshot_writes_nothing(team: Team) -> None:
    equipe_id = team.equipe_id
    with pytest.raises(DBAPIError, match="read-only"), snapshot() as session:
        enter_tenant(equipe_id)
        session.execute(text("update leads set nome = 'Outro'"))


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize("read", BESIDE.values(), ids=BESIDE)
@pytest.mark.parametrize("within", [snapshot, step_transaction])
def test_no_read_leaves_it(
    team: Team, read: Callable[[int], object], within: Callable[[], Iterator[None]]
) -> None:
    equipe_id = team.equipe_id
    with pytest.raises(ReadBeside), within():
        enter_tenant(equipe_id)
        read(equipe_id)
    read(equipe_id)
    with transaction():
        read(equipe_id)


@pytest.mark.usefixtures("inside")
def test_the_next_transaction_is_an_ordinary_one() -> None:
    with snapshot():
        assert fetch_here(LIMITS, {}) == [("repeatable read", "on", "10s", "8s")]
    with step_transaction(one_moment=True):
        assert fetch_here(LIMITS, {}) == [("repeatable read", "off", "2s", "15s")]
    with step_transaction():
        assert fetch_here(LIMITS, {}) == [("read committed", "off", "2s", "15s")]
    with transaction():
        assert fetch_here(LIMITS, {}) == [("read committed", "off", "10s", "15s")]


@pytest.mark.usefixtures("inside")
def test_a_step_of_one_moment_does_not_overwrite_what_it_has_not_seen(
    team: Team, sql: Engine
) -> None:
    lead = create(team.gestor.api)
    equipe_id = team.equipe_id
    change = "update leads set nome = 'Mudado' where id = :id"
    with pytest.raises(DBAPIError) as caught, step_transaction(one_moment=True) as session:
        enter_tenant(equipe_id)
        counted()
        run(sql, change, id=lead["id"])
        session.execute(text(change), {"id": lead["id"]})
    assert is_busy(caught.value)
