"""Nothing is skipped and nothing comes twice, whatever is committed when."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, NullPool, create_engine, text

from tests.faults.tools import wait_until
from tests.history.test_feed import events
from tests.support.api import Api, Team, open_team
from tests.support.backups import Site, backed_up, restored, signed_in, site
from tests.support.leads import create, rows, run, upload
from tests.support.roles import flask_db
from utils.postgres.embedded import EmbeddedPostgres

WRITERS, TRANSACTIONS = 32, 5
_WRITE = text("insert into eventos (equipe_id, tipo, alvo_id) values (:e, 'equipe_alterada', :n)")
_SLEEP = text("select pg_sleep(:seconds)")
_IDS = "select id from eventos where equipe_id = :e"


class Reader:
    """A follower; `seen`: the ids of events in the order read."""

    def __init__(self, api: Api, **query: Any) -> None:
        self.api, self.query = api, dict(query)
        self.seen: list[int] = []

    def step(self, limite: int) -> None:
        reply = events(self.api, limite=limite, **self.query)
        assert reply.status == 200, reply.body
        self.query["depois"] = reply.data["proximo"]
        self.seen += [event["id"] for event in reply.data["itens"]]

    def follow(self, over: Callable[[], bool]) -> None:
        while not over():
            self.step(random.choice([1, 7, 100, 1_000]))

    def catch_up(self, expected: set[int]) -> None:
        """Other tests' transactions on this server hold it up as well."""

        def all_read() -> bool:
            self.step(1_000)
            return len(self.seen) >= len(expected)

        wait_until(all_read)
        for _ in range(3):
            self.step(1_000)
        assert len(self.seen) == len(set(self.seen))
        assert set(self.seen) == expected


@pytest.fixture
def raw(sql: Engine) -> Iterator[Engine]:
    """Connections with transactions, beyond row-level security."""
    engine = create_engine(sql.url, poolclass=NullPool)
    yield engine
    engine.dispose()


def known(sql: Engine, equipe_id: int, kinds: str = "%") -> set[int]:
    found = rows(sql, f"{_IDS} and tipo like :k", e=equipe_id, k=kinds)
    return {event_id for (event_id,) in found}


def test_a_follower_beside_many_writers_sees_every_event_once(
    team: Team, sql: Engine, raw: Engine
) -> None:
    equipe_id, done = team.equipe_id, [False]
    readers = [
        Reader(team.gestor.api),
        Reader(team.gestor.api),
        Reader(team.gestor.api, tipo="lead_criado"),
    ]

    def write(number: int) -> None:
        dice = random.Random(number)
        for turn in range(TRANSACTIONS):
            with raw.connect() as connection:
                for _ in range(dice.randint(1, 3)):
                    connection.execute(_WRITE, {"e": equipe_id, "n": number})
                connection.execute(_SLEEP, {"seconds": dice.random() * 0.15})
                connection.execute(_WRITE, {"e": equipe_id, "n": number})
                (connection.rollback if dice.random() < 0.2 else connection.commit)()
            if (number + turn) % 4 == 0:
                create(team.gestor.api)

    def load() -> None:
        lines = "".join(f"Lead {n}\n" for n in range(1_000))
        assert upload(team.gestor.api, f"nome\n{lines}").status == 200

    with ThreadPoolExecutor(WRITERS + len(readers) + 1) as pool:
        following = [pool.submit(reader.follow, lambda: done[0]) for reader in readers]
        writing = [pool.submit(write, number) for number in range(WRITERS)]
        writing.append(pool.submit(load))
        try:
            for each in writing:
                each.result()
        finally:
            done[0] = True
        for each in following:
            each.result()
    everything, created = known(sql, equipe_id), known(sql, equipe_id, "lead_criado")
    assert len(created) > 1_000
    for reader, expected in zip(readers, (everything, everything, created), strict=True):
        reader.catch_up(expected)
    assert readers[0].seen == readers[1].seen


def test_what_is_committed_late_is_read_then(team: Team, sql: Engine, raw: Engine) -> None:
    reader = Reader(team.gestor.api)
    reader.catch_up(known(sql, team.equipe_id))
    with raw.connect() as late:
        late.execute(_WRITE, {"e": team.equipe_id, "n": 1})
        held_up(team, reader)
        late.commit()
    reader.catch_up(known(sql, team.equipe_id))


def test_what_is_prepared_is_waited_for(team: Team, sql: Engine, raw: Engine) -> None:
    """A transaction that waits for another server's commit is as open as any."""
    reader, name = Reader(team.gestor.api), f"equipe {team.equipe_id}"
    reader.catch_up(known(sql, team.equipe_id))
    with raw.connect() as late:
        late.execute(_WRITE, {"e": team.equipe_id, "n": 1})
        late.exec_driver_sql(f"prepare transaction '{name}'")
    try:
        held_up(team, reader)
    finally:
        run(sql, f"commit prepared '{name}'")
    reader.catch_up(known(sql, team.equipe_id))


def held_up(team: Team, reader: Reader) -> None:
    """What is newer than an open transaction is not read before it."""
    before = len(reader.seen)
    create(team.gestor.api)
    for _ in range(3):
        reader.step(100)
    assert len(reader.seen) == before


@pytest.fixture
def restored_site(
    app: Flask, postgres: EmbeddedPostgres, sql: Engine, make_app: Callable[..., Flask]
) -> Iterator[tuple[Site, Site]]:
    with (
        site(postgres, sql, make_app, "feed_origem") as source,
        site(postgres, sql, make_app, "feed_destino") as target,
    ):
        flask_db(source.setup, "upgrade")
        yield source, target


@pytest.mark.xdist_group("feed restore")
def test_after_a_restore_all_of_the_backup_is_read_once_and_what_is_new(
    restored_site: tuple[Site, Site], tmp_path: Path
) -> None:
    source, target = restored_site
    team = open_team(source.app)
    for _ in range(5):
        create(team.gestor.api)
    half = Reader(team.gestor.api)

    def three_read() -> bool:
        half.step(3 - len(half.seen) or 1)
        return len(half.seen) == 3

    wait_until(three_read)
    file = backed_up(source, tmp_path / "a.backup")
    lost = create(team.gestor.api)
    restored(target, file)
    gestor = signed_in(target, team.gestor)
    half.api = gestor.api
    whole = Reader(gestor.api)
    new = create(gestor.api)
    engine = create_engine(target.superuser, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    everything = known(engine, team.equipe_id)
    whole.catch_up(everything)
    half.catch_up(everything)
    assert half.seen == whole.seen
    reply = events(gestor.api, limite=1_000).data["itens"]
    leads = {event["lead_id"] for event in reply}
    assert new["id"] in leads and lost["id"] not in leads
