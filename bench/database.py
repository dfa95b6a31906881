"""A database on a server that a bench started: SQL, PostgreSQL's own programs, migrations."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from bench.errors import BenchFailed
from config import ROOT, Settings
from utils.postgres.embedded import EmbeddedPostgres

ROLE = "finlead"
_LAST_WORDS = 2_000  # characters of a failed program's message
# Millions of logins from one address are what a bench does.
_UNLIMITED = "100000000/second"


@dataclass(frozen=True, slots=True)
class Database:
    """One database: one role owns it, another one is what the application is."""

    postgres: EmbeddedPostgres
    folder: Path
    name: str = "finlead"

    @property
    def url(self) -> str:
        return self.postgres.url(self.name, ROLE)

    @property
    def owner_url(self) -> str:
        return self.postgres.owner_url(self.name, ROLE)

    @property
    def addresses(self) -> dict[str, str]:
        """The settings of a version that knows both roles."""
        return {"DATABASE_URL": self.url, "MIGRATION_DATABASE_URL": self.owner_url}

    def create(self) -> None:
        self.postgres.ensure_database(self.name, ROLE)

    def data_dir(self) -> Path:
        return Path(str(self.sql("show data_directory")[0][0]))

    def sql(self, statement: str, **parameters: object) -> list[tuple[object, ...]]:
        """Run as superuser, beyond row-level security; the rows, if any."""
        url = self.postgres.url(self.name, "postgres")
        engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                result = connection.execute(text(statement), parameters)
                return [tuple(row) for row in result] if result.returns_rows else []
        except DBAPIError as error:
            raise BenchFailed(f"PostgreSQL: {error.orig}") from error

    def columns(self, table: str) -> list[str]:
        """The columns that are written; the generated ones are not."""
        rows = self.sql(
            "select column_name from information_schema.columns where table_schema = 'public' "
            "and table_name = :table and is_generated = 'NEVER' order by ordinal_position",
            table=table,
        )
        return [str(row[0]) for row in rows]

    def settle(self) -> None:
        """Finish all work now, so that none of it runs during another case's round."""
        self.sql("vacuum analyze")
        self.sql("checkpoint")

    def client(self, program: str, *arguments: str, role: str = ROLE) -> str:
        """Run pgbench or psql of the server's own release; what it printed."""
        postgres = self.postgres
        command = [str(postgres.bin_dir / program), "-h", str(postgres.socket_dir), "-p", "5432"]
        command += ["-U", role, *arguments, self.name]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder)
        if done.returncode:
            raise BenchFailed(f"{program}: {done.stderr.strip()[-_LAST_WORDS:]}")
        return done.stdout

    def run_file(self, path: Path, **variables: object) -> None:
        """A file of SQL through psql as superuser, each `:name` replaced; the first error ends."""
        given = [f"--set={name}={value}" for name, value in variables.items()]
        self.client("psql", "-q", "--set=ON_ERROR_STOP=1", *given, "-f", str(path), role="postgres")

    def migrate(self, *arguments: str) -> float:
        """`flask db` with these arguments, as its owner; how many seconds it took."""
        command = [sys.executable, "-m", "flask", "--app", str(ROOT / "app.py"), "db", *arguments]
        environment = product_environment(free_port(), **self.addresses)
        began = time.perf_counter()
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        if done.returncode:
            said = (done.stdout + done.stderr).strip()[-_LAST_WORDS:]
            raise BenchFailed(f"flask db {' '.join(arguments)}:\n{said}")
        return time.perf_counter() - began


@contextmanager
def open_database(label: str) -> Iterator[Database]:
    """A server from nothing with an empty database; afterwards neither of them stays."""
    folder = ROOT / "instance" / f"bench-{os.getpid()}-{label}"
    database, data = Database(EmbeddedPostgres(folder), folder), folder
    try:
        database.postgres.join()
        database.create()
        data = database.data_dir()
        yield database
    finally:
        database.postgres.leave()
        shutil.rmtree(folder, ignore_errors=True)
        # Elsewhere where the clone is closed to the server's account.
        shutil.rmtree(data, ignore_errors=True)


def product_environment(port: int, **own: str) -> dict[str, str]:
    """The product's defaults whatever the shell or a .env says, on this port and without limits."""
    defaults = {spec.metadata["env"]: "" for spec in Settings.__dataclass_fields__.values()}
    ours = {
        "SECRET_KEY": "a key that signs nothing outside this bench",
        "PORT": str(port),
        "ACESSO_MINUTOS": "1440",  # longer than any bench
        "TRABALHOS_SEGUNDOS": "0",  # what looks for jobs would be counted among the messages
        "LIMITE_API": "0/second",
        "LIMITE_LOGIN": _UNLIMITED,
        "LIMITE_SESSOES": _UNLIMITED,
        "LIMITE_REGISTRO": _UNLIMITED,
    }
    return os.environ | defaults | ours | own


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
