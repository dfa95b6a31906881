"""Real servers in temporary folders, for the tests of the embedded PostgreSQL."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from utils.postgres.embedded import EmbeddedPostgres

FAST = ("fsync=off", "full_page_writes=off")


def open_folder() -> Path:
    """A folder that every account can enter, unlike pytest's own: root's server runs as another."""
    folder = Path(tempfile.mkdtemp(prefix="finlead test "))
    folder.chmod(0o755)
    return folder


@pytest.fixture
def cold() -> Iterator[Path]:
    folder = open_folder()
    yield folder / "instance"
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def base() -> Iterator[Path]:
    """One for many tests: making the cluster is slow, and every test ends with it stopped."""
    folder = open_folder()
    yield folder / "instance"
    shutil.rmtree(folder)


@pytest.fixture
def server(base: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(base, options=FAST)
    yield server
    server.leave()


def query(server: EmbeddedPostgres, sql: str, user: str = "postgres", name: str = "postgres"):
    connection = psycopg2.connect(host=str(server.socket_dir), port=5432, user=user, dbname=name)
    with closing(connection), connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone() if cursor.description else None


def pid_file(server: EmbeddedPostgres) -> Path:
    return Path(query(server, "SHOW data_directory")[0]) / "postmaster.pid"


def pid_in(file: Path) -> int:
    return int(file.read_text().split()[0])
