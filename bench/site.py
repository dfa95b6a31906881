"""The place where a bench happens: a fresh database, the served application, their CPU time."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench import load
from bench.database import Database, free_port, open_database, product_environment
from bench.errors import BenchFailed
from config import ROOT

_START_SECONDS = 60.0


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

    def __init__(
        self, version: Version, database: Database, settings: Mapping[str, str] | None = None
    ) -> None:
        self.version = version
        self._settings = dict(settings or {})
        self.database = database
        self.folder = database.folder
        self.port = free_port()
        self.data_dir = database.data_dir()
        self._postmaster = int((self.data_dir / "postmaster.pid").read_text().split()[0])
        self._server: subprocess.Popen[bytes] | None = None
        self._worker: subprocess.Popen[bytes] | None = None

    def sql(self, statement: str, **parameters: object) -> list[tuple[object, ...]]:
        """Run as superuser, beyond row-level security; the rows, if any."""
        return self.database.sql(statement, **parameters)

    def settle(self) -> None:
        """Finish all work now, so that none of it runs during another case's round."""
        self.database.settle()

    def cpu(self) -> Cost:
        """Seconds, user and system, since the servers began."""
        app = sum(_tree_seconds(each.pid) for each in (self._server, self._worker) if each)
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

    def family(self) -> list[psutil.Process]:
        """The application's parent and all that it has started."""
        assert self._server is not None
        parent = psutil.Process(self._server.pid)
        return [parent, *parent.children(recursive=True)]

    def operations(self) -> set[str]:
        """What this version serves, as `GET /leads/{id}`."""
        status, body = load.one(self.port, load.request("GET", "/openapi.json"))
        if status != 200:
            raise BenchFailed(f"{self.version.name} answers /openapi.json with {status}")
        return {
            f"{method.upper()} {re.sub(r'{[^}]*}', '{id}', path)}"
            for path, methods in json.loads(body)["paths"].items()
            for method in methods
        }

    def start(self) -> None:
        command = [self.version.python, "-m", self.version.module, "--migrate"]
        self._server = self._run(command)
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise BenchFailed(f"{self.version.name} did not start:\n{self._last_words()}")
            time.sleep(0.1)

    @contextmanager
    def worker(self) -> Iterator[None]:
        """What does jobs for as long as this lasts; its CPU time counts as the application's."""
        asked = ["--idle", "inf", "--parent", str(os.getpid())]
        self._worker = self._run([self.version.python, "-m", "commands.worker", *asked])
        try:
            yield
        finally:
            self._worker.terminate()
            self._worker.wait(15)
            self._worker = None

    def _run(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        environment = product_environment(self.port, **_addresses(self), **self._settings)
        # One line per request: written, so that its cost is measured, but not between the figures.
        with (self.folder / "app.log").open("ab") as log:
            return subprocess.Popen(
                command, cwd=self.version.root, env=environment, stdout=log, stderr=log
            )

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


def _addresses(site: Site) -> dict[str, str]:
    """The settings that say where the database is; a version that knows one role is its owner."""
    database = site.database
    if "MIGRATION_DATABASE_URL" not in (site.version.root / "config.py").read_text("utf-8"):
        return {"DATABASE_URL": database.owner_url}
    return database.addresses


@contextmanager
def open_site(version: Version, settings: Mapping[str, str] | None = None) -> Iterator[Site]:
    """A site from nothing; whatever happens, all of it is stopped and removed afterwards."""
    with open_database(version.name.replace(" ", "-")) as database:
        site = Site(version, database, settings)
        try:
            site.start()
            yield site
        finally:
            site.stop()


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
