"""PostgreSQL's own programs, as the README says, and `flask db restored` after them."""

import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, make_url

from tests.support.api import Api, Team, open_team
from tests.support.backups import Site, digests, protections, signed_in
from tests.support.leads import create, run
from tests.support.roles import connected, flask_db
from utils.postgres.embedded import EmbeddedPostgres

pytestmark = pytest.mark.xdist_group("backup")


@pytest.fixture
def program(postgres: EmbeddedPostgres) -> Callable[..., subprocess.CompletedProcess[str]]:
    def call(name: str, url: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        at = make_url(url)
        where = ["-h", str(at.query["host"]), "-p", "5432", "-U", at.username, "-d", at.database]
        command = [postgres.bin_dir / name, *where, *arguments]
        return subprocess.run([str(each) for each in command], capture_output=True, text=True)

    return call


@pytest.fixture
def reader(source: Site, sql: Engine) -> Iterator[str]:
    """The address of a role for backups, as the administrator makes it."""
    role = f"{source.setup.api}_backup"
    run(sql, f'create role "{role}" login bypassrls')
    run(sql, f'grant pg_read_all_data to "{role}"')
    yield source.setup.url.replace(f"//{source.setup.api}@", f"//{role}@")
    run(sql, f'drop role "{role}"')


def test_pg_dump_needs_a_role_that_may_pass_row_level_security(
    source: Site, known: Team, program: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    done = program("pg_dump", source.setup.owner_url)
    assert done.returncode == 1
    assert "query would be affected by row-level security policy" in done.stderr


@pytest.fixture
def dumped(
    source: Site,
    target: Site,
    known: Team,
    reader: str,
    program: Callable[..., subprocess.CompletedProcess[str]],
    tmp_path: Path,
) -> Site:
    """The source in another database, by pg_dump and pg_restore."""
    file = tmp_path / "finlead.dump"
    done = program("pg_dump", reader, "--format=custom", f"--file={file}")
    assert done.returncode == 0, done.stderr
    # As the owner: it needs no power of its own.
    done = program("pg_restore", target.setup.owner_url, *("--no-owner --no-acl".split()), file)
    assert done.returncode == 0, done.stderr
    return target


def test_pg_restore_and_flask_db_restored_do_what_our_own_restore_does(
    source: Site, dumped: Site, known: Team
) -> None:
    before = dumped.epoch()
    flask_db(dumped.setup, "upgrade")  # which grants
    result = dumped.flask("db", "restored")
    assert result.exit_code == 0, result.output
    assert f"Época {dumped.epoch()} aberta" in result.output and dumped.epoch() > before
    assert digests(dumped.superuser) == digests(source.superuser)
    assert protections(dumped.superuser) == protections(source.superuser)
    assert Api(dumped.app, known.gestor.api.token).get("/auth/me").status == 401
    lost = create(known.gestor.api)["id"]
    assert create(signed_in(dumped, known.gestor).api)["id"] > lost + 900_000


def test_keys_end_where_that_is_asked_for(dumped: Site) -> None:
    flask_db(dumped.setup, "upgrade")
    result = dumped.flask("db", "restored", "--revogar-chaves")
    assert "Chaves de API que valem: 0;" in result.output
    with connected(dumped.superuser) as superuser:
        query = "select count(*) from chaves where revogada_em is null"
        assert superuser.exec_driver_sql(query).scalar_one() == 0


def test_each_time_it_is_a_later_epoch(dumped: Site) -> None:
    flask_db(dumped.setup, "upgrade")
    epochs = []
    for _ in range(3):
        assert dumped.flask("db", "restored").exit_code == 0
        epochs.append(dumped.epoch())
    assert epochs == sorted(set(epochs))


def test_a_server_that_runs_already_writes_in_the_new_epoch(target: Site) -> None:
    """What its connections have prepared must not keep the old one."""
    flask_db(target.setup, "upgrade")
    team = open_team(target.app)
    for _ in range(3):
        create(team.gestor.api)
    assert target.flask("db", "restored").exit_code == 0
    api = signed_in(target, team.gestor).api
    for _ in range(3):
        create(api)
    with connected(target.superuser) as superuser:
        query = "select epoca, tipo from eventos where lead_id is not null or tipo = 'login'"
        written = Counter(superuser.exec_driver_sql(f"{query} order by id").all())
    old, new = (0, "lead_criado"), (target.epoch(), "lead_criado")
    assert written == {old: 3, new: 3, (target.epoch(), "login"): 1}


def test_restored_asks_for_migrations_and_for_the_owner(
    target: Site, make_app: Callable[..., Flask]
) -> None:
    assert "execute flask db upgrade" in target.refused("db", "restored")
    flask_db(target.setup, "upgrade")
    alone = Site(target.setup, make_app(database_url=target.setup.url, migration_database_url=None))
    assert "use em DATABASE_URL o dono do banco" in alone.refused("db", "restored")
    assert target.epoch() == 0
