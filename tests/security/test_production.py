"""APP_ENV=production: what is refused at the start, with its reason, and what it adds."""

import json
from collections.abc import Callable, Iterator
from subprocess import CompletedProcess

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine

from models.db.access.roles import PowerfulRole, refuse_on_connect
from tests.support.api import Api
from tests.support.leads import run as run_sql
from tests.support.terminal import SERVE, run
from utils.postgres.embedded import EmbeddedPostgres

SECRET = "tQ8vZr2mXw5nKc7bLd9pHs4jGf6yUa3e"
_CREATE = "import app; app.create_app()"
_SERVE = "from app import create_app; create_app().test_client().get('/leads/1?q=Fulana')"


def start(code: str | None, **settings: str) -> CompletedProcess[str]:
    """A process of its own: `code`, or the server as it is deployed."""
    command = ("-c", code) if code else (*SERVE, "--migrate")
    return run(*command, **{"APP_ENV": "production", "SECRET_KEY": SECRET, **settings})


@pytest.fixture
def bypassing(postgres: EmbeddedPostgres, database_url: str, sql: Engine) -> Iterator[str]:
    """The URL of a role that is no superuser, but that no policy holds."""
    name = database_url.partition("@/")[2].partition("?")[0]
    role = f"finlead_bypass_{name}"
    run_sql(sql, f"create role {role} login bypassrls")
    yield postgres.url(name, role)
    run_sql(sql, f"drop role {role}")


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": SECRET[:31]}, "32 caracteres"),
        ({"SECRET_KEY": "change-me-change-me-change-me-change-me"}, "conhecida"),
        ({"SECRET_KEY": "k" * 64}, "conhecida"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"SECRET_KEY": "a1b2c" * 7}, "conhecida"),
        ({"DATABASE_URL": "sqlite:///x.db"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresqlx://u@h/b"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql+asyncpg://u@h/b"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://u@h:porta/b"}, "DATABASE_URL"),
        ({"LIMITE_LOGIN": "0/minute"}, "LIMITE_LOGIN"),
        ({"LIMITE_REGISTRO": "5/minute;20/hour"}, "LIMITE_REGISTRO"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
        ({"FLASK_DEBUG": "true"}, "FLASK_DEBUG"),
        ({"FLASK_ENV": "development"}, "FLASK_ENV"),
        ({"CORS_ORIGENS": "*"}, "CORS_ORIGENS"),
        ({"CORS_ORIGENS": "painel.exemplo.com.br"}, "CORS_ORIGENS"),
        ({"PROXIES_CONFIAVEIS": "-1"}, "PROXIES_CONFIAVEIS"),
        ({"PROXIES_CONFIAVEIS": "todos"}, "PROXIES_CONFIAVEIS"),
        ({"PROXIES_CONFIAVEIS": "99"}, "PROXIES_CONFIAVEIS"),
    ],
)
def test_a_bad_setting_is_refused_with_its_reason(
    database_url: str, environment: dict[str, str], reason: str
) -> None:
    done = start(_CREATE, **{"DATABASE_URL": database_url, **environment})
    assert done.returncode != 0
    said = [line for line in done.stderr.splitlines() if line.startswith("- ")]
    assert len(said) == 1 and reason in said[0]
    assert "Traceback" not in done.stderr


def test_all_reasons_come_together() -> None:
    done = start(None, SECRET_KEY="x", FLASK_DEBUG="1", CORS_ORIGENS="*", PROXIES_CONFIAVEIS="99")
    assert done.returncode != 0
    assert len([line for line in done.stderr.splitlines() if line.startswith("- ")]) == 5


@pytest.mark.parametrize("code", [_CREATE, None], ids=["create_app", "serve"])
def test_a_superuser_is_refused(
    app: Flask, postgres: EmbeddedPostgres, database_url: str, code: str | None
) -> None:
    name = database_url.partition("@/")[2].partition("?")[0]
    done = start(code, DATABASE_URL=postgres.url(name, "postgres"))
    assert done.returncode != 0
    assert "BYPASSRLS" in done.stderr and "Traceback" not in done.stderr
    assert "serving" not in done.stderr


def test_a_role_that_no_policy_holds_is_refused(bypassing: str) -> None:
    done = start(_CREATE, DATABASE_URL=bypassing)
    assert done.returncode != 0
    assert "BYPASSRLS" in done.stderr


def test_a_connection_of_such_a_role_is_refused_later_too(bypassing: str) -> None:
    engine = create_engine(bypassing)
    refuse_on_connect(engine)
    for _ in range(2):
        with pytest.raises(PowerfulRole):
            engine.connect()
    engine.dispose()


def test_an_ordinary_role_serves_and_logs_json_alone(app: Flask, database_url: str) -> None:
    done = start(_SERVE, DATABASE_URL=database_url)
    assert (done.returncode, done.stdout) == (0, "")
    (line,) = [json.loads(line) for line in done.stderr.splitlines()]
    assert (line["rota"], line["status"]) == ("/leads/<id:lead_id>", 401)


def test_without_a_database_it_starts_and_says_so(app: Flask) -> None:
    done = start(_CREATE, DATABASE_URL="postgresql://x@127.0.0.1:9/x")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("path", ["/healthz", "/docs", "/nada"])
def test_only_production_promises_https(make_app: Callable[..., Flask], path: str) -> None:
    name = "Strict-Transport-Security"
    told = Api(make_app(app_env="production")).get(path).headers.getlist(name)
    assert told == ["max-age=31536000; includeSubDomains"]
    assert name not in Api(make_app()).get(path).headers
