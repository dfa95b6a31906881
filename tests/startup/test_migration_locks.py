"""A migration that has to wait for a table lets the others at it in between."""

import os
import subprocess
import sys

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from config import ROOT
from tests.faults.tools import wait_until
from tests.support import databases
from tests.support.leads import rows
from tests.support.terminal import environment
from utils.postgres.embedded import EmbeddedPostgres

pytestmark = pytest.mark.xdist_group("startup")
WAITS = (
    "select 1 from pg_locks l join pg_database d on d.oid = l.database and d.datname = :name "
    "where not l.granted and l.mode = 'AccessExclusiveLock'"
)
UPGRADE = [sys.executable, "-m", "flask", "--app", "app.py", "db", "upgrade"]


def test_readers_get_through_while_a_migration_waits(
    app: Flask, postgres: EmbeddedPostgres, sql: Engine
) -> None:
    name = f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_espera"
    with databases.database(postgres, sql, name) as url:
        settings = environment(DATABASE_URL=url)
        subprocess.run([*UPGRADE, "0001"], cwd=ROOT, env=settings, check=True, capture_output=True)
        engine = create_engine(url)
        with engine.connect() as reader:
            reader.execute(text("select count(*) from usuarios"))  # its transaction goes on
            upgrade = subprocess.Popen(UPGRADE, cwd=ROOT, env=settings, stderr=subprocess.DEVNULL)
            waits = 0
            while waits < 3:
                wait_until(lambda: rows(sql, WAITS, name=name))
                waits += 1
                assert read_in_time(engine), "a reader stood behind the migration"
                wait_until(lambda: not rows(sql, WAITS, name=name))
            assert upgrade.poll() is None
        assert upgrade.wait(60) == 0
        with engine.connect() as connection:
            done = connection.execute(text("select version_num from alembic_version")).scalar()
            assert done > "0001"
        engine.dispose()


def read_in_time(engine: Engine) -> bool:
    """Whether a read that somebody waits for gets its turn."""
    try:
        with engine.connect() as connection:
            connection.execute(text("set local statement_timeout = '2500ms'"))
            connection.execute(text("select count(*) from usuarios"))
    except DBAPIError:
        return False
    return True
