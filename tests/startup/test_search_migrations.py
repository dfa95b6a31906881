"""The search's migrations: what they need of the server, and what they make of the names there."""

import os
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, text

from tests.support.roles import Setup, connected, flask_db, two_roles
from tests.support.terminal import FLASK_UPGRADE, run
from utils.postgres.embedded import EmbeddedPostgres

pytestmark = pytest.mark.xdist_group("startup")
OWN = os.environ.get("PYTEST_XDIST_WORKER", "main")
# Name, company, and how they are looked up before and after.
NAMES = [
    ("D'Ávila", None, "d'avila", "davila"),
    ("D’ÁVILA  Souza", "Copo d`Água", "d’avila souza copo d`agua", "davila souza copo dagua"),
    ("Joana d´Arc", None, "joana d arc", "joana darc"),
    ("ŉ", "′Prima", "ʼn ′prima", "n prima"),
    ("José", "Ação", "jose acao", "jose acao"),
    ("''", None, "''", ""),
]


@pytest.fixture
def setup(app: Flask, postgres: EmbeddedPostgres, sql: Engine) -> Iterator[Setup]:
    with two_roles(postgres, sql, f"{OWN}_busca") as setup:
        flask_db(setup, "upgrade", "0012")
        yield setup


@pytest.fixture
def superuser(setup: Setup) -> Iterator[Connection]:
    with connected(setup.url.replace(f"//{setup.api}@", "//postgres@")) as connection:
        yield connection


def told(setup: Setup) -> str:
    """The one sentence with which the migration stops."""
    done = run(*FLASK_UPGRADE, **setup.settings)
    assert done.returncode == 1, done
    *logged, sentence = done.stderr.splitlines()
    assert all(" INFO " in line for line in logged), done.stderr
    return sentence


def test_a_server_without_the_extensions_is_told_of(setup: Setup, superuser: Connection) -> None:
    # A catalog of nothing comes before PostgreSQL's own.
    superuser.exec_driver_sql("create table public.pg_available_extensions (name name)")
    superuser.exec_driver_sql("grant select on public.pg_available_extensions to public")
    superuser.exec_driver_sql(f'alter role "{setup.owner}" set search_path = public, pg_catalog')
    sentence = told(setup)
    assert sentence.startswith("O servidor PostgreSQL não tem pg_trgm nem btree_gin")
    assert "postgresql-contrib" in sentence


def test_a_role_that_may_not_create_them_is_told_of(setup: Setup, superuser: Connection) -> None:
    database = superuser.engine.url.database
    superuser.exec_driver_sql(f'alter database "{database}" owner to postgres')
    superuser.exec_driver_sql(f'grant create on schema public to "{setup.owner}"')
    sentence = told(setup)
    assert sentence.startswith("O usuário da migração não pode criar a extensão pg_trgm")
    for name in ("pg_trgm", "btree_gin"):
        superuser.exec_driver_sql(f"create extension {name}")
    flask_db(setup, "upgrade")
    # They are the superuser's, and stay.
    flask_db(setup, "downgrade", "0012")
    assert extensions(superuser) == {"btree_gin", "pg_trgm", "plpgsql"}


def test_extensions_of_another_schema_are_used(setup: Setup, superuser: Connection) -> None:
    superuser.exec_driver_sql("create schema extras; grant usage on schema extras to public")
    superuser.exec_driver_sql("create extension pg_trgm schema extras")
    flask_db(setup, "upgrade")
    assert "No new upgrade operations detected" in flask_db(setup, "check")


def extensions(superuser: Connection) -> set[str]:
    return set(superuser.exec_driver_sql("select extname from pg_extension").scalars())


def test_names_are_folded_as_they_are_when_they_are_written(
    setup: Setup, superuser: Connection
) -> None:
    fill(superuser)
    flask_db(setup, "upgrade")
    assert texts(superuser, "leads", "id") == [after for *_, after in NAMES]
    assert texts(superuser, "lead_busca", "lead_id") == [after for *_, after in NAMES]
    copied = "select responsavel_id, etapa from lead_pontuacao order by lead_id"
    assert superuser.exec_driver_sql(copied).all() == [(None, "novo")] * (len(NAMES) - 1)
    flask_db(setup, "downgrade", "0012")
    assert texts(superuser, "leads", "id") == [before for _, _, before, _ in NAMES]
    assert extensions(superuser) == {"plpgsql"}
    flask_db(setup, "upgrade")
    assert texts(superuser, "lead_busca", "lead_id") == [after for *_, after in NAMES]


def fill(superuser: Connection) -> None:
    """Leads with their scores; the last one is deleted and has none."""
    superuser.exec_driver_sql(
        "insert into equipes (nome) values ('Equipe'); "
        "insert into etapas (equipe_id, chave, nome, nome_chave, tipo, ordem) "
        "values (1, 'novo', 'Novo', 'novo', 'aberta', 1)"
    )
    for nome, empresa, before, _ in NAMES:
        superuser.execute(
            text(
                "insert into leads (equipe_id, nome, empresa, busca, etapa, etapa_desde) "
                "values (1, :nome, :empresa, :busca, 'novo', now())"
            ),
            {"nome": nome, "empresa": empresa, "busca": before},
        )
    superuser.exec_driver_sql("update leads set excluido_em = now() where nome = ''''''")
    superuser.exec_driver_sql(
        "insert into lead_pontuacao (equipe_id, lead_id, score, faixa, versao, pontos) "
        "select equipe_id, id, 50, 'morno', 1, '{}' from leads where excluido_em is null"
    )


def texts(superuser: Connection, table: str, key: str) -> list[str]:
    return list(superuser.exec_driver_sql(f"select busca from {table} order by {key}").scalars())
