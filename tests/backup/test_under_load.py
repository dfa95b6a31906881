"""A backup made while others write, restored into a server that knows nothing of them."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.faults.tools import wait_until
from tests.support.api import Team, sign_in
from tests.support.backups import Site, backed_up, digests
from tests.support.follower import Follower
from tests.support.leads import create, new_phone
from tests.support.roles import connected
from tests.support.servers import FAST, cold
from tests.support.terminal import run
from utils.postgres.embedded import EmbeddedPostgres

pytestmark = pytest.mark.xdist_group("backup")
__all__ = ["cold"]
_WRITERS = 4
# What must hold at every moment, whoever writes: no rows.
_BROKEN = {
    "a lead without its score": (
        "select id from leads l where not exists (select from lead_pontuacao p "
        "where p.equipe_id = l.equipe_id and p.lead_id = l.id)"
    ),
    "a lead without its event": (
        "select id from leads l where not exists (select from eventos e "
        "where e.equipe_id = l.equipe_id and e.lead_id = l.id and e.tipo = 'lead_criado')"
    ),
    "an event without its lead": (
        "select id from eventos e where lead_id is not null and not exists "
        "(select from leads l where l.equipe_id = e.equipe_id and l.id = e.lead_id)"
    ),
    "a lead without its phone": (
        "select id from leads l where telefone is not null and not exists "
        "(select from lead_contatos c where c.equipe_id = l.equipe_id and c.lead_id = l.id)"
    ),
    "a version without its event": (
        "select id from leads l where versao <> (select count(*) from eventos e "
        "where e.equipe_id = l.equipe_id and e.lead_id = l.id and e.versao is not null)"
    ),
    "a lead without its stay": (
        "select id from leads l where not exists (select from permanencias p "
        "where p.equipe_id = l.equipe_id and p.lead_id = l.id and p.saiu_em is null)"
    ),
}


@dataclass
class Load:
    """What was acknowledged, in order."""

    leads: list[int] = field(default_factory=list)


@contextmanager
def load(team: Team) -> Iterator[Load]:
    """Threads that create leads and move them on, through HTTP, until the block ends."""
    done, over = Load(), threading.Event()

    def write() -> None:
        while not over.is_set():
            lead = create(team.gestor.api, telefone=new_phone(), valor="10.00")
            moved = team.gestor.api.post(f"/leads/{lead['id']}/move", {"etapa": "contatado"})
            assert moved.status == 200, moved.body
            done.leads.append(lead["id"])

    threads = [threading.Thread(target=write) for _ in range(_WRITERS)]
    for thread in threads:
        thread.start()
    try:
        yield done
    finally:
        over.set()
        for thread in threads:
            thread.join()


@pytest.fixture
def other_server(cold: Path) -> Iterator[EmbeddedPostgres]:
    """Empty; its transactions are numbered from the beginning."""
    server = EmbeddedPostgres(cold, options=FAST)
    server.join()
    yield server
    server.leave()


def restore(folder: Path, file: Path) -> None:
    """With the embedded server of this folder, from a terminal."""
    done = run("-m", "flask", "backup", "restore", str(file), FINLEAD_INSTANCE=str(folder))
    assert done.returncode == 0, done.stderr


def ids(url: str, query: str) -> set[int]:
    with connected(url) as connection:
        return set(connection.exec_driver_sql(query).scalars())


def test_all_that_was_acknowledged_is_in_it_and_fits_together(
    source: Site, known: Team, cold: Path, other_server: EmbeddedPostgres, tmp_path: Path
) -> None:
    file = tmp_path / "load.backup"
    with load(known) as done:
        wait_until(lambda: len(done.leads) > 20)
        before = set(done.leads)
        backed_up(source, file)
        wait_until(lambda: len(done.leads) > len(before) + 20)
    restore(cold, file)
    url = other_server.url("finlead", "postgres")
    there = ids(url, "select id from leads")
    assert before <= there < ids(source.superuser, "select id from leads")
    assert [what for what, query in _BROKEN.items() if ids(url, query)] == []
    # Once nobody writes, two servers hold the same.
    quiet = backed_up(source, tmp_path / "quiet.backup")
    with connected(other_server.url("finlead", "postgres")) as superuser:
        superuser.exec_driver_sql("drop schema public cascade")
        superuser.exec_driver_sql("create schema public authorization finlead_dono")
    restore(cold, quiet)
    assert digests(url) == digests(source.superuser)


def test_a_follower_that_remembers_its_place_sees_every_event_once(
    source: Site,
    known: Team,
    cold: Path,
    other_server: EmbeddedPostgres,
    tmp_path: Path,
    make_app: Callable[..., Flask],
) -> None:
    follower, file = Follower(known.equipe_id), tmp_path / "a.backup"
    use_up(source)
    with load(known) as done, late(source, known) as unread:
        wait_until(lambda: len(done.leads) > 20)
        follower.read(source.setup.url)  # not beyond the transaction that is late
        backed_up(source, file)
    assert unread not in follower.seen and follower.seen
    restore(cold, file)
    superuser, url = other_server.url("finlead", "postgres"), other_server.url()
    kept = ids(superuser, f"select id from eventos where equipe_id = {known.equipe_id}")
    # Here even old events would be in the future, and new ones in the past.
    ((newest,),) = read(superuser, "select pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
    assert ids(superuser, f"select 1 from eventos where xid::text::bigint > {newest}") == {1}

    assert set(follower.seen) < kept
    follower.read(url)
    assert sorted(follower.seen) == sorted(kept)

    app = make_app(database_url=url, migration_database_url=other_server.owner_url())
    lead = create(sign_in(app, known.gestor.email).api)
    new = follower.read(url)
    query = f"select id from eventos where lead_id = {lead['id']} or tipo = 'login'"
    assert set(new) == ids(superuser, query) - kept
    assert len(follower.seen) == len(set(follower.seen))


def use_up(site: Site) -> None:
    """Transactions, so that this server's are far ahead of a new one's."""
    with connected(site.superuser) as superuser:
        superuser.exec_driver_sql(
            "do $$ begin for i in 1..3000 loop perform pg_current_xact_id(); commit; "
            "end loop; end $$"
        )


@contextmanager
def late(site: Site, team: Team) -> Iterator[int]:
    """A transaction that began early, wrote an event, and is not over."""
    insert = (
        "insert into eventos (equipe_id, tipo) "
        f"values ({team.equipe_id}, 'equipe_alterada') returning id"
    )
    with connected(site.superuser) as superuser:
        superuser.exec_driver_sql("begin")
        yield superuser.exec_driver_sql(insert).scalar_one()
        superuser.exec_driver_sql("rollback")


def read(url: str, query: str) -> list[Any]:
    with connected(url) as connection:
        return list(connection.exec_driver_sql(query))
