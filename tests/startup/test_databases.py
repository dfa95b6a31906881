"""A database that cannot be used: one sentence and exit code 1 at the terminal, 503 in a reply."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, make_url, text

from models.db import db
from models.db.access.fitness import UnfitDatabase
from models.db.access.inspection import inspect
from tests.support import databases
from tests.support.api import PASSWORD, Api, Team, new_email
from tests.support.leads import run as run_sql
from tests.support.terminal import FLASK_UPGRADE, SERVE, run, sentence
from utils.postgres.embedded import EmbeddedPostgres

pytestmark = pytest.mark.xdist_group("startup")
START = [("app.py",), (*SERVE, "--migrate")]
COMMANDS = [FLASK_UPGRADE, *START]
NAMES = ["flask db upgrade", "python app.py", "serve --migrate"]
NOWHERE = "postgresql://x@127.0.0.1:9/x"


@pytest.fixture(scope="module")
def make(app: Flask, postgres: EmbeddedPostgres, sql: Engine) -> Iterator[Callable[..., str]]:
    """`make(name, options)` makes a database that goes with this module; its URL."""
    with ExitStack() as stack:
        own = os.environ.get("PYTEST_XDIST_WORKER", "main")

        def make(name: str, how: str = "") -> str:
            made = databases.database(postgres, sql, f"{own}_{name}", how)
            return stack.enter_context(made)

        yield make


@pytest.fixture(scope="module")
def empty(make: Callable[..., str]) -> str:
    return make("vazio")


@pytest.fixture(scope="module")
def latin1(make: Callable[..., str]) -> str:
    return make("latin1", "encoding 'LATIN1' locale_provider libc locale 'C'")


@pytest.fixture(scope="module")
def newer(make: Callable[..., str]) -> str:
    """As a later version of the code has left it."""
    url = make("novo")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("create table alembic_version as select '9999' as version_num"))
    engine.dispose()
    return url


def refused(url: str, *, ordinary_role: bool = False) -> str:
    with pytest.raises(UnfitDatabase) as caught:
        inspect(url, ordinary_role=ordinary_role)
    return str(caught.value)


@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_a_server_that_does_not_answer(command: tuple[str, ...]) -> None:
    said = sentence(run(*command, DATABASE_URL=NOWHERE))
    assert "127.0.0.1:9" in said and "inicie o PostgreSQL" in said


@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_a_database_that_is_not_utf8(command: tuple[str, ...], latin1: str) -> None:
    said = sentence(run(*command, DATABASE_URL=latin1))
    assert "LATIN1" in said and "--encoding=UTF8" in said


def test_a_database_that_is_not_utf8_in_a_request(
    make_app: Callable[..., Flask], latin1: str
) -> None:
    reply = Api(make_app(database_url=latin1)).get("/readyz")
    assert (reply.status, reply.codigo) == (503, "BANCO_INDISPONIVEL")
    assert "LATIN1" in reply.message


def test_a_database_that_is_not_migrated(empty: str) -> None:
    assert "execute flask db upgrade" in sentence(run("app.py", DATABASE_URL=empty))
    reset = ("-m", "flask", "users", "reset-password", "a@exemplo.com.br")
    assert "execute flask db upgrade" in sentence(run(*reset, DATABASE_URL=empty))


def test_a_database_that_is_not_migrated_in_a_request(
    make_app: Callable[..., Flask], team: Team, empty: str
) -> None:
    api = Api(make_app(database_url=empty), team.gestor.api.token)
    known = {"email": new_email(), "senha": PASSWORD}
    replies = [
        Api(api.app).post("/auth/register", known | {"nome": "Pessoa", "role": "gestor"}),
        Api(api.app).post("/auth/login", known),
        api.get("/leads"),
        api.post("/leads", {"nome": "Lead Exemplo"}),
        api.get("/readyz"),
    ]
    for reply in replies:
        assert (reply.status, reply.codigo) == (503, "BANCO_INDISPONIVEL")
        assert "execute flask db upgrade" in reply.message


def test_a_statement_that_is_wrong_stays_an_error(make_app: Callable[..., Flask]) -> None:
    """A table that no migration makes is this code's fault, not the database's."""
    broken = make_app()
    broken.add_url_rule("/quebra", "quebra", lambda: db.session.execute(text("select * from nada")))
    assert broken.test_client().get("/quebra").status_code == 500


@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_a_database_of_a_later_version(command: tuple[str, ...], newer: str) -> None:
    said = sentence(run(*command, DATABASE_URL=newer))
    assert "9999" in said and "atualize o código" in said


def test_a_database_of_a_later_version_in_a_request(
    make_app: Callable[..., Flask], newer: str
) -> None:
    reply = Api(make_app(database_url=newer)).get("/readyz")
    assert (reply.status, reply.codigo) == (503, "BANCO_INDISPONIVEL")
    assert "atualize o código" in reply.message


def test_a_server_that_is_too_old(make_app: Callable[..., Flask]) -> None:
    with databases.old_server("14.9") as url:
        assert "PostgreSQL 14" in refused(url)
        reply = Api(make_app(database_url=url)).get("/readyz")
    assert (reply.status, reply.codigo) == (503, "BANCO_INDISPONIVEL")
    assert "15 ou mais novo" in reply.message


def test_text_without_an_encoding_is_refused(make: Callable[..., str]) -> None:
    url = make("ascii", "encoding 'SQL_ASCII' locale_provider libc locale 'C'")
    assert "SQL_ASCII" in refused(url)


def test_a_wrong_password(sql: Engine, database_url: str) -> None:
    run_sql(sql, "create role com_senha login password 'a certa'")
    url = make_url(database_url).set(username="com_senha")
    with databases.asked_for_a_password(sql, url):
        said = refused(url.set(password="a-errada").render_as_string(hide_password=False))
    run_sql(sql, "drop role com_senha")
    assert "usuário ou senha não conferem" in said
    assert "a-errada" not in said


def test_a_missing_database_role_or_host_is_named(postgres: EmbeddedPostgres) -> None:
    assert "crie-o com createdb --owner=finlead_test nenhum" in refused(
        postgres.url("nenhum", "finlead_test")
    )
    assert "crie-o com createuser --pwprompt ninguem" in refused(postgres.url("nenhum", "ninguem"))
    assert "o host não foi encontrado" in refused("postgresql+psycopg2://x@nenhum.invalid/x")


def test_an_unknown_complaint_of_postgresql_is_quoted(database_url: str) -> None:
    assert 'invalid sslmode value: "talvez"' in refused(f"{database_url}&sslmode=talvez")


def test_tables_that_the_user_may_not_read(
    app: Flask, postgres: EmbeddedPostgres, sql: Engine, database_url: str
) -> None:
    run_sql(sql, "create role alheio login")
    name = make_url(database_url).database or ""
    said = refused(postgres.url(name, "alheio"))
    run_sql(sql, "drop role alheio")
    assert "o usuário alheio não pode ler as tabelas" in said


def test_tables_that_the_user_may_not_make(
    postgres: EmbeddedPostgres, sql: Engine, empty: str
) -> None:
    run_sql(sql, "create role estranho login")
    url = postgres.url(make_url(empty).database or "", "estranho")
    done = run(*FLASK_UPGRADE, DATABASE_URL=url)
    run_sql(sql, "drop role estranho")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "O usuário estranho não pode criar ou mudar tabelas" in done.stderr.splitlines()[-1]


def test_in_production_the_server_does_not_start_without_its_database() -> None:
    secret = "tQ8vZr2mXw5nKc7bLd9pHs4jGf6yUa3e"
    started = run(*SERVE, APP_ENV="production", SECRET_KEY=secret, DATABASE_URL=NOWHERE)
    assert "inicie o PostgreSQL" in sentence(started)
