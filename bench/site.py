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

from bench import load
from config import ROOT, Settings
from utils.postgres.embedded import EmbeddedPostgres

_START_SECONDS = 60.0
_DATABASE = "finlead"
# Millions of logins from one address are what a bench does.
_UNLIMITED = "100000000/second"


@dataclass(frozen=True, slots=True)
class Cpu:
    """CPU seconds, user and system, of the application's and of PostgreSQL's processes."""

    app: float
    pg: float

    def __sub__(self, before: "Cpu") -> "Cpu":
        return Cpu(self.app - before.app, self.pg - before.pg)

    @property
    def total(self) -> float:
        return self.app + self.pg


class Site:
    """A running application on a running PostgreSQL, both of this bench alone."""

    def __init__(self, postgres: EmbeddedPostgres, folder: Path) -> None:
        self.folder = folder
        self.bin_dir = postgres.bin_dir
        self.socket_dir = postgres.socket_dir
        self.url = postgres.url(_DATABASE)
        self.port = free_port()
        options = {"poolclass": NullPool, "isolation_level": "AUTOCOMMIT"}
        self._admin: Engine = create_engine(postgres.url(_DATABASE, "postgres"), **options)
        self.data_dir = Path(str(self.sql("show data_directory")[0][0]))
        self._postmaster = int((self.data_dir / "postmaster.pid").read_text().split()[0])
        self._server: subprocess.Popen[bytes] | None = None

    def sql(self, statement: str, **parameters: object) -> list[tuple[object, ...]]:
        """Run as superuser, beyond row-level security; the rows, if any."""
        with self._admin.connect() as connection:
            result = connection.execute(text(statement), parameters)
            return [tuple(row) for row in result] if result.returns_rows else []

    def settle(self) -> None:
        """Leave no work behind that would run during somebody else's round."""
        self.sql("vacuum analyze")
        self.sql("checkpoint")

    def client(self, program: str, *arguments: str, role: str = _DATABASE) -> str:
        """Run pgbench or psql of the server's own release; what it printed."""
        command = [str(self.bin_dir / program), "-h", str(self.socket_dir), "-p", "5432"]
        command += ["-U", role, *arguments, _DATABASE]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder)
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.strip()[-2_000:]}")
        return done.stdout

    def cpu(self) -> Cpu:
        app = _tree_seconds(self._server.pid) if self._server else 0.0
        return Cpu(app, _tree_seconds(self._postmaster))

    def workers_mib(self) -> list[float]:
        """Resident memory of each worker process of the application."""
        assert self._server is not None
        family = psutil.Process(self._server.pid).children(recursive=True)
        sizes = [process.memory_info().rss / 2**20 for process in family]
        # Beside the workers, Python's spawn keeps a small process that tracks resources.
        return [size for size in sizes if size > 25]

    def start(self) -> None:
        self._run_to_end("flask", "--app", str(ROOT / "app.py"), "db", "upgrade")
        command = [sys.executable, "-m", "bench.yardstick"]
        # A line a request: kept, so that its cost is measured, but not between the figures.
        with (self.folder / "app.log").open("ab") as log:
            self._server = subprocess.Popen(
                command, cwd=ROOT, env=self._environment(), stdout=log, stderr=log
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.folder / "app.log").read_text()[-2_000:])
            time.sleep(0.1)

    def stop(self) -> None:
        if self._server is not None:
            family = psutil.Process(self._server.pid).children(recursive=True)
            self._server.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._server.wait(15)
            for process in [*family, self._server]:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            self._server.wait(15)

    def _answers(self) -> bool:
        with suppress(OSError, load.LoadFailed):
            return load.one(self.port, load.request("GET", "/healthz"))[0] == 200
        return False

    def _run_to_end(self, module: str, *arguments: str) -> None:
        command = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self._environment(), capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{module}: {done.stderr.strip()[-2_000:]}")

    def _environment(self) -> dict[str, str]:
        """The product's defaults whatever the shell or a .env says, on this database and port."""
        defaults = {spec.metadata["env"]: "" for spec in Settings.__dataclass_fields__.values()}
        return (
            os.environ
            | defaults
            | {
                "DATABASE_URL": self.url,
                "SECRET_KEY": "a key that signs nothing outside this bench",
                "PORT": str(self.port),
                "ACESSO_MINUTOS": "1440",  # longer than any bench
                "LIMITE_LOGIN": _UNLIMITED,
                "LIMITE_API": "0/second",
                "LIMITE_SESSOES": _UNLIMITED,
                "LIMITE_REGISTRO": _UNLIMITED,
            }
        )


@contextmanager
def open_site() -> Iterator[Site]:
    """A site from nothing; whatever happens, all of it is stopped and removed afterwards."""
    folder = ROOT / "instance" / f"bench-{os.getpid()}"
    postgres, site = EmbeddedPostgres(folder), None
    try:
        postgres.join()
        postgres.ensure_database(_DATABASE)
        site = Site(postgres, folder)
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
    root = psutil.Process(pid)
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
