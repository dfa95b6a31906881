"""A server of their own for the tests that break it, and an application that uses it."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Engine, NullPool, create_engine

from app import create_app
from bench import pgbouncer
from config import Settings
from models.db import db
from utils.postgres.embedded import EmbeddedPostgres

# What the kernel was given survives the killing of a server; only a power cut would not be.
_FAST = ("fsync=off", "full_page_writes=off")
UNLIMITED = "1000000/second"

# No Python package has PgBouncer. `.ci/run` installs Debian's, so there its proof always runs.
collect_ignore = [] if pgbouncer.installed() else ["test_pooler.py"]


@pytest.fixture(scope="package")
def server() -> Iterator[EmbeddedPostgres]:
    folder = Path(tempfile.mkdtemp(prefix="finlead-faults-"))
    folder.chmod(0o755)  # under root the server runs as another account
    server = EmbeddedPostgres(folder, options=_FAST)
    server.join()
    server.ensure_database()
    yield server
    server.leave()
    shutil.rmtree(folder)


@pytest.fixture(scope="package")
def app(server: EmbeddedPostgres) -> Iterator[Flask]:
    settings = Settings(
        database_url=server.url(),
        migration_database_url=server.owner_url(),
        secret_key="dev123",
        threads=4,
        limite_api=UNLIMITED,
        limite_login=UNLIMITED,
        limite_sessoes=UNLIMITED,
        limite_registro=UNLIMITED,
    )
    application = create_app(settings)
    with application.app_context():
        upgrade()
    yield application
    with application.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture(scope="package")
def sql(server: EmbeddedPostgres, app: Flask) -> Engine:
    """The superuser's view; without a pool, whose connections a stopped server would cut."""
    url = server.url("finlead", "postgres")
    return create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)


@pytest.fixture(autouse=True)
def running(server: EmbeddedPostgres) -> Iterator[None]:
    """Whatever a test did to it, the next one finds the server up."""
    yield
    server.join()
