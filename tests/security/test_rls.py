"""The last line of defence: row-level security on every tenant table, append-only history."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from models.db import enter_tenant, transaction
from models.db.statements import read_engine
from models.db.transactions import for_tenant
from tests.support.api import Team
from tests.support.leads import new_phone, run
from tests.support.routes import OVERRIDE

# Outside row-level security by design; `alembic_version` is the migrations' own.
GLOBAL = {
    *("chaves", "equipes", "fusos_dias", "usuarios", "sessoes", "limites", "trabalhos"),
    "alembic_version",
}


@pytest.fixture(scope="module")
def tenant_tables(sql: Engine) -> list[str]:
    query = (
        "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace "
        "where n.nspname = 'public' and c.relkind in ('r', 'p', 'f', 'm', 'v') order by 1"
    )
    with sql.connect() as connection:
        found = list(connection.exec_driver_sql(query).scalars())
    return [table for table in found if table not in GLOBAL]


# What jobs and the sweep write.
OF_JOBS = (
    "insert into cargas (equipe_id, usuario_id, etapa, n) values (:e, 0, 'novo', 1)",
    "insert into cargas_delta (equipe_id, usuario_id, etapa, n) values (:e, 0, 'novo', 1)",
    "insert into lead_instantaneo (equipe_id, lead_id, registrado_em, campos) "
    "select equipe_id, min(id), now(), '{}' from leads where equipe_id = :e group by equipe_id",
    "insert into importacao_chaves (equipe_id, importacao_id, chave, lead_id, dita, tinha) "
    "values (:e, 1, 1, 1, true, true)",
    "insert into modelos "
    "(equipe_id, versao, estado, treinado_em, n, ganhos, parametros, relatorio) "
    "values (:e, 1, 'recusado', now(), 0, 0, '{}', '{}')",
)


@pytest.fixture
def filled(team: Team, sql: Engine) -> int:
    """An equipe with a row in every tenant table; its id."""
    api, key = team.gestor.api, {"Idempotency-Key": "chave"}
    assert api.post("/scores/rules/drafts", {}).status == 201
    lead = api.post("/leads", {"nome": "Lead", "telefone": new_phone()}, headers=key)
    assert lead.status == 201
    note = {"tipo": "nota", "texto": "Anotado."}
    assert api.post(f"/leads/{lead.data['id']}/activities", note).status == 201
    path = f"/leads/{lead.data['id']}/score"
    assert api.post(f"{path}/review", {"motivo": "Não convence."}).status == 201
    assert api.call("PUT", f"{path}/override", json=OVERRIDE).status == 200
    assert api.post("/queue/next", {}).data["situacao"] == "lead"
    assert api.call("PUT", "/goals/2026-08", json={"metas": [{"ganhos": 20}]}).status == 200
    csv = b"nome,valor,origem\nOutro Lead,100,Feira\nLead Sem Valor,nada,Feira\n"
    for path, status in (("/leads/import", 200), ("/leads/import/preview", 201)):
        assert api.post(path, data=csv, content_type="text/csv").status == status
    later = {"Prefer": "respond-async"}
    waits = api.post("/leads/import", data=csv, content_type="text/csv", headers=later)
    assert waits.status == 202
    for statement in OF_JOBS:
        run(sql, statement, e=team.equipe_id)
    # Folded, and what is not folded yet.
    run(sql, "select metricas_dobrar(:e, null)", e=team.equipe_id)
    run(sql, "update leads set valor_centavos = 1 where equipe_id = :e", e=team.equipe_id)
    return team.equipe_id


def rows(connection: Connection, table: str) -> int:
    return connection.exec_driver_sql(f"select count(*) from {table}").scalar_one()


def enter(connection: Connection, equipe_id: int) -> None:
    connection.exec_driver_sql(f"set app.equipe_id = '{equipe_id}'")


def test_every_table_but_the_global_ones_forces_row_level_security(
    sql: Engine, tenant_tables: list[str]
) -> None:
    query = text("select relname from pg_class where relrowsecurity and relforcerowsecurity")
    with sql.connect() as connection:
        forced = set(connection.execute(query).scalars())
    assert len(tenant_tables) >= 6
    assert set(tenant_tables) <= forced


def test_the_primary_key_of_every_tenant_table_begins_with_its_equipe(
    sql: Engine, tenant_tables: list[str]
) -> None:
    query = text(
        "select c.relname from pg_index i join pg_class c on c.oid = i.indrelid "
        "join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0] "
        "where i.indisprimary and a.attname = 'equipe_id'"
    )
    with sql.connect() as connection:
        assert set(tenant_tables) <= set(connection.execute(query).scalars())


def test_the_application_role_is_held_by_the_policies(ordinary: Connection) -> None:
    query = "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
    assert ordinary.exec_driver_sql(query).scalar_one() is False


def test_without_a_context_no_row_exists(
    filled: int, ordinary: Connection, sql: Engine, tenant_tables: list[str]
) -> None:
    with sql.connect() as everything:
        for table in tenant_tables:
            assert rows(everything, table) > 0, f"{table} is empty: fill it in `filled`"
            assert rows(ordinary, table) == 0, table


def test_a_reset_context_hides_every_row(
    filled: int, ordinary: Connection, tenant_tables: list[str]
) -> None:
    enter(ordinary, filled)
    ordinary.exec_driver_sql("reset app.equipe_id")
    assert {table: rows(ordinary, table) for table in tenant_tables} == dict.fromkeys(
        tenant_tables, 0
    )


def test_a_context_sees_its_own_rows_only(
    filled: int, other_team: Team, ordinary: Connection, tenant_tables: list[str]
) -> None:
    for equipe_id in (filled, other_team.equipe_id):
        enter(ordinary, equipe_id)
        for table in tenant_tables:
            query = f"select distinct equipe_id from {table}"
            assert set(ordinary.exec_driver_sql(query).scalars()) <= {equipe_id}
    assert rows(ordinary, "etapas") == 6
    assert rows(ordinary, "leads") == 0


def test_no_context_hands_a_row_to_another_equipe(
    filled: int, other_team: Team, ordinary: Connection, tenant_tables: list[str]
) -> None:
    enter(ordinary, filled)
    for table in tenant_tables:
        with pytest.raises(ProgrammingError, match=r"row-level security|permission denied"):
            ordinary.exec_driver_sql(f"update {table} set equipe_id = {other_team.equipe_id}")


def test_no_context_changes_or_deletes_rows_of_another(
    filled: int, other_team: Team, ordinary: Connection, tenant_tables: list[str]
) -> None:
    enter(ordinary, other_team.equipe_id)
    for table in set(tenant_tables) - {"eventos"}:
        changed = f"update {table} set equipe_id = equipe_id where equipe_id = {filled}"
        assert ordinary.exec_driver_sql(changed).rowcount == 0
        removed = f"delete from {table} where equipe_id = {filled}"
        assert ordinary.exec_driver_sql(removed).rowcount == 0


@pytest.mark.parametrize(
    "statement",
    ["update eventos set tipo = 'outro'", "delete from eventos", "truncate eventos"],
)
@pytest.mark.parametrize("who", ["the application", "the superuser"])
def test_no_role_rewrites_history(
    filled: int, ordinary: Connection, sql: Engine, statement: str, who: str
) -> None:
    enter(ordinary, filled)
    with sql.connect() as superuser:
        before = rows(superuser, "eventos")
        connection = ordinary if who == "the application" else superuser
        with pytest.raises(ProgrammingError, match=r"permission denied|somente acréscimo"):
            connection.exec_driver_sql(statement)
        assert rows(superuser, "eventos") == before > 0


def test_a_hot_read_leaves_no_tenant_behind(app: Flask, filled: int) -> None:
    setting = "select nullif(current_setting('app.equipe_id', true), '')"
    with app.app_context(), read_engine().connect() as connection:
        counted = connection.exec_driver_sql(for_tenant(filled, "select count(*) from leads"))
        assert counted.scalar_one() == 2
        assert connection.exec_driver_sql(setting).scalar_one() is None
        assert rows(connection, "leads") == 0


def test_a_failed_hot_read_leaves_no_tenant_behind(app: Flask, filled: int) -> None:
    with app.app_context(), read_engine().connect() as connection:
        with pytest.raises(ProgrammingError):
            connection.exec_driver_sql(for_tenant(filled, "select nothing from leads"))
        assert rows(connection, "leads") == 0


def test_a_transaction_leaves_no_tenant_behind(make_app: Callable[..., Flask], filled: int) -> None:
    with make_app(threads=1).app_context():
        with transaction() as session:
            enter_tenant(filled)
            backend = session.connection().exec_driver_sql("select pg_backend_pid()").scalar_one()
            assert rows(session.connection(), "leads") == 2
        with transaction() as session:
            again = session.connection().exec_driver_sql("select pg_backend_pid()").scalar_one()
            assert again == backend
            assert rows(session.connection(), "leads") == 0


def test_a_transaction_works_for_one_equipe_only(app: Flask, filled: int) -> None:
    with app.app_context(), transaction():
        enter_tenant(filled)
        with pytest.raises(RuntimeError, match="another equipe"):
            enter_tenant(filled + 1)
