"""The suite brings its own PostgreSQL: one server per run, one database per worker.

Tests commit, as users do. The product itself keeps them apart: each test opens its own equipe, so
nothing has to be cleaned up between them.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from hypothesis import settings as hypothesis_settings
from sqlalchemy import create_engine
from sqlalchemy.engine import Engine

from app import create_app
from config import Settings
from tests.support import needles
from tests.support.api import Api, Team, open_team
from tests.support.statuses import (  # noqa: F401 - hooks
    pytest_sessionfinish,
    pytest_terminal_summary,
    pytest_testnodedown,
)
from utils.postgres.embedded import EmbeddedPostgres

# The data may be lost: speed instead of durability. And room for every application that a test
# makes beside the suite's own; each keeps two pools until it is collected.
_FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=400",
    "max_prepared_transactions=4",  # the product has none; others on its server may
)
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
_RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))

hypothesis_settings.register_profile("suite", deadline=None)
hypothesis_settings.load_profile("suite")


@pytest.fixture(scope="session", autouse=True)
def nothing_personal_is_logged() -> Iterator[None]:
    """Over every test of this worker; what is found fails the run at its end."""
    with needles.LogSearch() as log:
        yield
    assert log.found(needles.sent()) == []


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """The run's server; the last worker out stops it."""
    # Not tmp_path_factory: under root its folders are closed to the account that runs the server.
    base = Path(tempfile.gettempdir()) / f"finlead-test-{_RUN}"
    server = EmbeddedPostgres(base, options=_FAST)
    server.join()
    server.ensure_database(_WORKER, "finlead_test")
    yield server
    if server.leave():
        shutil.rmtree(base)


@pytest.fixture(scope="session")
def database_url(postgres: EmbeddedPostgres) -> str:
    """This worker's database, reached as an ordinary role that owns nothing."""
    return postgres.url(_WORKER, "finlead_test")


@pytest.fixture(scope="session")
def settings(database_url: str, postgres: EmbeddedPostgres) -> Settings:
    return Settings(
        database_url=database_url,
        migration_database_url=postgres.owner_url(_WORKER, "finlead_test"),
        secret_key="dev123",
        threads=16,
        limite_login="1000000/second",
        limite_api="1000000/second",
        limite_sessoes="1000000/second",
        limite_registro="1000000/second",
    )


@pytest.fixture(scope="session")
def app(settings: Settings) -> Flask:
    """The application on a database built by the migrations."""
    application = create_app(settings)
    with application.app_context():
        upgrade()
    return application


@pytest.fixture(scope="session")
def make_app(app: Flask, settings: Settings) -> Callable[..., Flask]:
    """Another application on the same database, with other settings."""
    from dataclasses import replace

    return lambda **changes: create_app(replace(settings, **changes))


@pytest.fixture
def api(app: Flask) -> Api:
    """An anonymous caller; every reply is held against /openapi.json."""
    return Api(app)


@pytest.fixture
def team(app: Flask) -> Team:
    """A new equipe: `team.gestor`, `team.vendedor` and `team.colleague` are signed in."""
    return open_team(app)


@pytest.fixture
def other_team(app: Flask) -> Team:
    return open_team(app)


@pytest.fixture(scope="session")
def sql(app: Flask, postgres: EmbeddedPostgres) -> Iterator[Engine]:
    """The database as its superuser sees it, beyond row-level security: for checking, in
    autocommit."""
    engine = create_engine(postgres.url(_WORKER, "postgres"), isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()
