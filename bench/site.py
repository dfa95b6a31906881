"""The place where a bench happens: a fresh database, the served application, their CPU time."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from sqlalchemy import Engine, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from bench import load
from bench.errors import BenchFailed
from config import ROOT, Settings
from utils.postgres.embedded import EmbeddedPostgres

_START_SECONDS = 60.0
_DATABASE = "finlead"
# Millions of logins from one address are what a bench does.
_UNLIMITED = "100000000/second"


@dataclass(frozen=True, slots=True)
class Version:
    """A checkout of the product: its folder, its interpreter and the module that serves it."""

    name: str
    root: Path
    python: str
    module: str = "commands.serve"


THIS_TREE = Version("this tree", ROOT, sys.executable)
YARDSTICK = Version("yardstick", ROOT, sys.executable, "bench.yardstick")


@dataclass(frozen=True, slots=True)
class Cost:
    """What the application's and PostgreSQL's processes took, of CPU or of memory."""

    app: float
    pg: float

    def __sub__(self, before: "Cost") -> "Cost":
        return Cost(self.app - before.app, self.pg - before.pg)

    def per(self, count: int) -> "Cost":
        """Microseconds of each of so many, of what was seconds of all."""
        return Cost(self.app * 1e6 / count, self.pg * 1e6 / count)

    @property
    def total(self) -> float:
        return self.app + self.pg


class Site:
    """A running application on a running PostgreSQL, both of this bench alone."""

    def __init__(self, version: Version, postgres: EmbeddedPostgres, folder: Path) -> None:
        self.version = version
        self.folder = folder
        self.bin_dir = postgres.bin_dir
        self.socket_dir = postgres.socket_dir
        self.addresses = _addresses(version, postgres)
        self.port = free_port()
        options = {"poolclass": NullPool, "isolation_level": "AUTOCOMMIT"}
        self._admin: Engine = create_engine(postgres.url(_DATABASE, "postgres"), **options)
        self.data_dir = Path(str(self.sql("show data_directory")[0][0]))
        self._postmaster = int((self.data_dir / "postmaster.pid").read_text().split()[0])
        self._server: subprocess.Popen[bytes] | None = None

    def sql(self, statement: str, **parameters: object) -> list[tuple[object, ...]]:
        """Run as superuser, beyond row-level security; the rows, if any."""
        try:
            with self._admin.connect() as connection:
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

    def client(self, program: str, *arguments: str, role: str = _DATABASE) -> str:
        """Run pgbench or psql of the server's own release; what it printed."""
        command = [str(self.bin_dir / program), "-h", str(self.socket_dir), "-p", "5432"]
        command += ["-U", role, *arguments, _DATABASE]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder)
        if done.returncode:
            raise BenchFailed(f"{program}: {done.stderr.strip()[-2_000:]}")
        return done.stdout

    def cpu(self) -> Cost:
        """Seconds, user and system, since the servers began."""
        app = _tree_seconds(self._server.pid) if self._server else 0.0
        return Cost(app, _tree_seconds(self._postmaster))

    def workers(self) -> dict[int, float]:
        """Resident memory of each worker process of the application, in MiB, by its pid."""
        assert self._server is not None
        family = psutil.Process(self._server.pid).children(recursive=True)
        sizes = {}
        for process in family:
            with suppress(psutil.NoSuchProcess):
                sizes[process.pid] = process.memory_info().rss / 2**20
        # Beside the workers, Python's spawn keeps a small process that tracks resources.
        return {pid: size for pid, size in sizes.items() if size > 25}

    def start(self) -> None:
        command = [self.version.python, "-m", self.version.module, "--migrate"]
        environment = product_environment(self.port, **self.addresses)
        # One line per request: written, so that its cost is measured, but not between the figures.
        with (self.folder / "app.log").open("ab") as log:
            self._server = subprocess.Popen(
                command, cwd=self.version.root, env=environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise BenchFailed(f"{self.version.name} did not start:\n{self._last_words()}")
            time.sleep(0.1)

    def stop(self) -> None:
        if self._server is not None and self._server.poll() is None:
            family = psutil.Process(self._server.pid).children(recursive=True)
            self._server.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._server.wait(15)
            for process in [*family, self._server]:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            self._server.wait(15)

    def _answers(self) -> bool:
        with suppress(OSError, BenchFailed):
            return load.one(self.port, load.request("GET", "/healthz"))[0] == 200
        return False

    def _last_words(self) -> str:
        return (self.folder / "app.log").read_text(errors="replace")[-2_000:]


def _addresses(version: Version, postgres: EmbeddedPostgres) -> dict[str, str]:
    """The settings that say where the database is; a version that knows one role is its owner."""
    owner = postgres.owner_url(_DATABASE)
    if "MIGRATION_DATABASE_URL" not in (version.root / "config.py").read_text("utf-8"):
        return {"DATABASE_URL": owner}
    return {"DATABASE_URL": postgres.url(_DATABASE), "MIGRATION_DATABASE_URL": owner}


def product_environment(port: int, **own: str) -> dict[str, str]:
    """The product's defaults whatever the shell or a .env says, on this port and without limits."""
    defaults = {spec.metadata["env"]: "" for spec in Settings.__dataclass_fields__.values()}
    ours = {
        "SECRET_KEY": "a key that signs nothing outside this bench",
        "PORT": str(port),
        "ACESSO_MINUTOS": "1440",  # longer than any bench
        "LIMITE_API": "0/second",
        "LIMITE_LOGIN": _UNLIMITED,
        "LIMITE_SESSOES": _UNLIMITED,
        "LIMITE_REGISTRO": _UNLIMITED,
    }
    return os.environ | defaults | ours | own


@contextmanager
def open_site(version: Version) -> Iterator[Site]:
    """A site from nothing; whatever happens, all of it is stopped and removed afterwards."""
    folder = ROOT / "instance" / f"bench-{os.getpid()}-{version.name.replace(' ', '-')}"
    postgres, site = EmbeddedPostgres(folder), None
    try:
        postgres.join()
        postgres.ensure_database(_DATABASE)
        site = Site(version, postgres, folder)
        site.start()
        yield site
    finally:
        if site is not None:
            site.stop()
        postgres.leave()
        shutil.rmtree(folder, ignore_errors=True)
        if site is not None:  # elsewhere where the clone is closed to the server's account
            shutil.rmtree(site.data_dir, ignore_errors=True)


def _tree_seconds(pid: int) -> float:
    """CPU of a process, its descendants and those of their children that have ended."""
    try:
        root = psutil.Process(pid)
    except psutil.NoSuchProcess as error:
        raise BenchFailed("a server has ended in the middle of the bench") from error
    seconds = 0.0
    for process in [root, *root.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            seconds += times.user + times.system + times.children_user + times.children_system
    return seconds


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
