"""The data of 0.1.0, whose one role owned everything, in an embedded server that has two."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from tests.support.roles import connected
from tests.support.served import Served
from tests.support.servers import FAST, cold, query
from tests.support.terminal import FLASK_UPGRADE, run
from utils.postgres.embedded import EmbeddedPostgres

pytestmark = pytest.mark.xdist_group("startup")
__all__ = ["cold"]
_KEPT = """
insert into equipes (nome) values ('Equipe');
insert into etapas (equipe_id, chave, nome, tipo, ordem) values (1, 'novo', 'Novo', 'aberta', 1);
insert into leads (equipe_id, nome) values (1, 'Lead');
insert into eventos (equipe_id, tipo, lead_id) values (1, 'lead_criado', 1);
"""
_COUNTS = "select (select count(*) from leads), (select count(*) from eventos)"
# The functions of an extension are the superuser's, whoever creates it.
_OWNERS = """
select distinct relowner::regrole::text from pg_class where relnamespace = 'public'::regnamespace
union select distinct proowner::regrole::text from pg_proc p
where pronamespace = 'public'::regnamespace and not exists (
  select from pg_depend where objid = p.oid and classid = 'pg_proc'::regclass and deptype = 'e'
)
union select distinct extowner::regrole::text from pg_extension where extname <> 'plpgsql'
union select datdba::regrole::text from pg_database where datname = 'finlead'
"""


@pytest.fixture
def older(cold: Path, request: pytest.FixtureRequest) -> EmbeddedPostgres:
    """A running server as 0.1.0 prepared it: one role that owns its database."""
    server = EmbeddedPostgres(cold, options=FAST)
    request.addfinalizer(server.leave)
    server.join()
    query(server, "create role finlead login")
    with connected(server.url("postgres", "postgres")) as superuser:
        superuser.exec_driver_sql("create database finlead owner finlead template template0")
    return server


def migrate(server: EmbeddedPostgres, revision: str) -> None:
    """With one role, as 0.1.0 did; and give it rows to keep."""
    _upgrade(server, "0007")
    with inside(server) as superuser:
        superuser.exec_driver_sql(_KEPT)
    _upgrade(server, revision)


def _upgrade(server: EmbeddedPostgres, revision: str) -> None:
    done = run(*FLASK_UPGRADE, revision, DATABASE_URL=server.url())
    assert done.returncode == 0, done.stderr


def inside(server: EmbeddedPostgres) -> Any:
    return connected(server.url("finlead", "postgres"))


def handed_over(superuser: Connection) -> bool:
    owners = set(superuser.exec_driver_sql(_OWNERS).scalars())
    return superuser.exec_driver_sql(_COUNTS).one() == (1, 1) and owners == {"finlead_dono"}


def test_flask_db_upgrade_takes_it_from_the_apis_role(older: EmbeddedPostgres, cold: Path) -> None:
    migrate(older, "0007")
    for _ in range(2):
        done = run(*FLASK_UPGRADE, FINLEAD_INSTANCE=str(cold))
        assert done.returncode == 0, done.stderr
        with inside(older) as superuser:
            assert handed_over(superuser)
    with connected(older.url()) as api:
        api.exec_driver_sql("set app.equipe_id = '1'")
        assert api.exec_driver_sql(_COUNTS).one() == (1, 1)
        api.exec_driver_sql("update leads set nome = 'Outro' where equipe_id = 1")
        with pytest.raises(DBAPIError):
            api.exec_driver_sql("alter table leads no force row level security")


def test_the_server_takes_it_too_and_grants_where_no_migration_is_missing(
    older: EmbeddedPostgres, cold: Path
) -> None:
    migrate(older, "head")
    served = Served("", FINLEAD_INSTANCE=str(cold))
    try:
        assert served.ask("GET", "/readyz") == 200
        with inside(older) as superuser:
            assert handed_over(superuser)
    finally:
        served.end()
