"""The application's role has what it needs of the database, and cannot get more."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from tests.faults.tools import wait_until
from tests.support.roles import Setup, connected, flask_db, two_roles
from utils.postgres.embedded import EmbeddedPostgres

pytestmark = pytest.mark.xdist_group("database roles")
# Whose each object is, who may do what with it, and which protections are on. Of roles, superusers
# and those that this database knows: other workers make their own on the same server.
_STATE = """
select relname, relowner, relacl::text, relrowsecurity, relforcerowsecurity
from pg_class where relnamespace = 'public'::regnamespace
union all
select polname, polrelid, pg_get_expr(polqual, polrelid), false, false from pg_policy
union all
select tgname, tgrelid, tgenabled::text, false, false from pg_trigger
where tgrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)
union all
select proname, proowner, coalesce(proacl::text, '') || prosrc, prosecdef, false
from pg_proc where pronamespace = 'public'::regnamespace
union all
select nspname, nspowner, nspacl::text, false, false from pg_namespace where nspname !~ '^pg_'
union all
select rolname, oid, '', rolsuper or rolbypassrls, rolcreaterole from pg_roles r
where rolsuper or exists (select from pg_shdepend where refobjid = r.oid
  and dbid = (select oid from pg_database where datname = current_database()))
order by 1, 2
"""
_READ_WRITE = ["select", "insert", "update", "delete"]
REFUSED = [
    "alter table leads disable row level security",
    "alter table leads no force row level security",
    "alter table leads owner to current_user",
    "alter table leads add column x int",
    "drop policy leads_da_equipe on leads",
    "alter policy leads_da_equipe on leads using (true)",
    "create policy todos on leads using (true)",
    'grant "{owner}" to "{api}"',
    'set role "{owner}"',
    'set session authorization "{owner}"',
    'alter role "{api}" bypassrls',
    'alter role "{api}" superuser',
    "create role intruso superuser",
    "update eventos set tipo = 'outro'",
    "delete from eventos",
    "truncate eventos",
    "truncate leads",
    "alter table eventos disable trigger somente_acrescimo",
    "drop trigger somente_acrescimo on eventos",
    "create trigger meu before insert on leads for each row "
    "execute function suppress_redundant_updates_trigger()",
    "create or replace function eventos_somente_acrescimo() returns trigger language plpgsql "
    "as $$ begin return new; end $$",
    "alter function apagar_logins_recusados(int) set search_path = pg_temp",
    "drop function apagar_logins_recusados(int)",
    "set session_replication_role = replica",
    'reassign owned by "{owner}" to "{api}"',
    'drop owned by "{owner}"',
    "create table public.intrusa (id int)",
    "create function public.intrusa() returns int language sql as 'select 1'",
    "create schema intruso",
    "drop schema public cascade",
    "drop table leads cascade",
    "update alembic_version set version_num = '0001'",
    "select setval(pg_get_serial_sequence('leads', 'id'), 1)",
]
# PostgreSQL warns and does nothing.
IGNORED = ["grant all on leads to public", 'grant update on eventos to "{api}"']


@pytest.fixture(scope="module")
def by_hand(app: Flask, postgres: EmbeddedPostgres, sql: Engine) -> Iterator[Setup]:
    """Two roles on a server that nobody but its superuser prepared."""
    own = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with two_roles(postgres, sql, f"{own}_papeis") as setup:
        flask_db(setup, "upgrade")
        yield setup


@pytest.fixture(scope="module", params=["embedded", "by hand"])
def setup(
    request: pytest.FixtureRequest, app: Flask, postgres: EmbeddedPostgres, database_url: str
) -> Setup:
    if request.param == "by hand":
        by_hand: Setup = request.getfixturevalue("by_hand")
        return by_hand
    name = database_url.partition("@/")[2].partition("?")[0]
    owner = "finlead_test_dono"
    return Setup(database_url, postgres.url(name, owner), "finlead_test", owner)


@pytest.fixture
def superuser(setup: Setup, postgres: EmbeddedPostgres) -> Iterator[Connection]:
    with connected(setup.url.replace(f"//{setup.api}@", "//postgres@")) as connection:
        yield connection


@pytest.fixture
def ordinary(setup: Setup) -> Iterator[Connection]:
    with connected(setup.url) as connection:
        yield connection


def state(connection: Connection) -> list[Any]:
    return [tuple(row) for row in connection.exec_driver_sql(_STATE)]


@pytest.mark.parametrize("statement", REFUSED)
def test_the_applications_role_is_refused(
    setup: Setup, ordinary: Connection, superuser: Connection, statement: str
) -> None:
    before = state(superuser)
    with pytest.raises(DBAPIError) as caught:
        ordinary.exec_driver_sql(statement.format(api=setup.api, owner=setup.owner))
    assert caught.value.orig.pgcode in ("42501", "0LP01")  # type: ignore[union-attr]
    assert state(superuser) == before


@pytest.mark.parametrize("statement", IGNORED)
def test_it_grants_nothing(
    setup: Setup, ordinary: Connection, superuser: Connection, statement: str
) -> None:
    before = state(superuser)
    ordinary.exec_driver_sql(statement.format(api=setup.api, owner=setup.owner))
    assert state(superuser) == before


def test_it_has_what_it_needs_and_no_more(ordinary: Connection) -> None:
    query = (
        "select relname, array(select p from unnest(array['select', 'insert', 'update', 'delete', "
        "'truncate', 'references', 'trigger']) p where has_table_privilege(oid, p)) from pg_class "
        "where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')"
    )
    found = {name: allowed for name, allowed in ordinary.exec_driver_sql(query)}
    assert found.pop("eventos") == ["select", "insert"]
    assert found.pop("alembic_version") == ["select"]
    assert len(found) >= 10
    assert {tuple(allowed) for allowed in found.values()} == {tuple(_READ_WRITE)}


def test_it_owns_nothing_and_is_nobodys_member(ordinary: Connection) -> None:
    me = "(select oid from pg_roles where rolname = current_user)"
    here = "(select oid from pg_database where datname = current_database())"
    owned = (  # in this database: other tests give it databases of its own
        f"select count(*) from pg_shdepend where refobjid = {me} and deptype = 'o' "
        f"and (dbid = {here} or classid = 'pg_database'::regclass and objid = {here})"
    )
    member = f"select count(*) from pg_auth_members where member = {me}"
    assert ordinary.exec_driver_sql(owned).scalar_one() == 0
    assert ordinary.exec_driver_sql(member).scalar_one() == 0


_TRAP = """
create temp table eventos as select 1::bigint as equipe_id, 'login_recusado' as tipo,
  now() - interval '100 days' as criado_em;
create function pg_temp.lift() returns trigger language plpgsql as $$
begin execute 'alter table public.leads no force row level security'; return old; end $$;
create trigger lift before delete on pg_temp.eventos for each row
  execute function pg_temp.lift();
grant all on pg_temp.eventos to public;
set app.equipe_id = '1';
"""


def test_a_table_of_its_own_does_not_borrow_the_owners_power(
    ordinary: Connection, superuser: Connection
) -> None:
    """A function that runs as the owner must not look into pg_temp before the schema."""
    before = state(superuser)
    ordinary.exec_driver_sql(_TRAP)
    ordinary.exec_driver_sql("select apagar_logins_recusados(10)")
    assert state(superuser) == before
    assert ordinary.exec_driver_sql("select count(*) from pg_temp.eventos").scalar_one() == 1


def test_every_function_that_runs_as_its_owner_has_a_fixed_path(superuser: Connection) -> None:
    query = (
        "select proname, proconfig from pg_proc where prosecdef "
        "and pronamespace = 'public'::regnamespace"
    )
    found = dict(tuple(row) for row in superuser.exec_driver_sql(query))
    assert {"apagar_logins_recusados", "atualizar_estatisticas"} <= found.keys()
    for name, settings in found.items():
        assert "search_path=public, pg_temp" in settings, name


def test_only_the_applications_role_may_call_them(setup: Setup, superuser: Connection) -> None:
    query = (
        "select proname, array(select case grantee when 0 then 'public' else "
        "pg_get_userbyid(grantee) end from aclexplode(proacl)) from pg_proc where prosecdef "
        "and pronamespace = 'public'::regnamespace and prorettype <> 'trigger'::regtype"
    )
    for name, callers in superuser.exec_driver_sql(query):
        assert set(callers) == {setup.owner, setup.api}, name


def test_old_refused_logins_go_through_the_owners_function(
    ordinary: Connection, superuser: Connection
) -> None:
    ordinary.exec_driver_sql("set app.equipe_id = '0'")
    superuser.exec_driver_sql(
        "insert into eventos (equipe_id, tipo, criado_em) "
        "values (0, 'login_recusado', now() - interval '91 days'), (0, 'login_recusado', now())"
    )
    removed = ordinary.exec_driver_sql("select apagar_logins_recusados(10)").scalar_one()
    assert removed == 1
    old = "tipo = 'login_recusado' and criado_em < now() - interval '90 days'"
    left = f"select count(*) from eventos where {old}"
    assert superuser.exec_driver_sql(left).scalar_one() == 0


def test_statistics_are_refreshed_through_the_owners_function(
    ordinary: Connection, superuser: Connection
) -> None:
    query = "select last_analyze from pg_stat_user_tables where relname = 'leads'"
    before = superuser.exec_driver_sql(query).scalar_one()

    def is_refreshed() -> bool:
        ordinary.exec_driver_sql("select atualizar_estatisticas()")
        ordinary.exec_driver_sql("select pg_stat_force_next_flush()")
        return bool(superuser.exec_driver_sql(query).scalar_one() != before)

    wait_until(is_refreshed)  # autovacuum may hold the table: it is passed over then
