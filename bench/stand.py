"""The served application as an init system keeps it, on an embedded database of its own.

The application starts its own PostgreSQL, as `make run` does, so that bringing it back is the
product's business; what the harness brings back is the application alone.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from sqlalchemy import NullPool, create_engine, text

from bench import load
from bench.database import free_port, product_environment
from bench.errors import BenchFailed
from config import ROOT
from utils.postgres.embedded import EmbeddedPostgres

_DATABASE = "finlead"
_START_SECONDS = 60.0


class Stand:
    def __init__(self, folder: Path, idle: int | None = None) -> None:
        self.folder = folder
        self._idle = "" if idle is None else str(idle)
        self.port = free_port()
        self.postgres = EmbeddedPostgres(folder)
        self.postgres.join()  # so that the database outlives the application
        self.restarts = 0
        self._server: subprocess.Popen[bytes] | None = None
        self._data = Path(str(self.sql("show data_directory", database="postgres")[0][0]))

    def sql(
        self, statement: str, database: str = _DATABASE, **parameters: object
    ) -> list[tuple[object, ...]]:
        """Run as superuser, beyond row-level security; the rows, if any."""
        url = self.postgres.url(database, "postgres")
        engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            result = connection.execute(text(statement), parameters)
            return [tuple(row) for row in result] if result.returns_rows else []

    def start(self) -> None:
        self._launch()
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the application did not start; its message is above")
            time.sleep(0.1)

    def tend(self) -> bool:
        """What an init system does: start the application again where it has ended."""
        if self._process.poll() is None:
            return False
        self._launch()
        self.restarts += 1
        return True

    def workers(self) -> list[psutil.Process]:
        """Beside the workers, Python's spawn keeps a small process that tracks resources."""
        family = psutil.Process(self._process.pid).children(recursive=True)
        return [child for child in family if child.memory_info().rss > 25 * 2**20]

    def job_workers(self) -> list[psutil.Process]:
        """The one that the application starts when a job waits."""
        return [process for process in self.workers() if "commands.worker" in _command(process)]

    def application(self) -> list[psutil.Process]:
        main = psutil.Process(self._process.pid)
        return [main, *main.children(recursive=True)]

    def postmaster(self) -> psutil.Process:
        return psutil.Process(int((self._data / "postmaster.pid").read_text().split()[0]))

    def stop(self) -> None:
        if self._server is not None and self._server.poll() is None:
            family = self.application()
            self._server.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._server.wait(30)
            for process in family:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            self._server.wait(30)
        self.postgres.leave()
        shutil.rmtree(self.folder, ignore_errors=True)
        # Elsewhere where the clone is closed to the server's account.
        shutil.rmtree(self._data, ignore_errors=True)

    @property
    def _process(self) -> subprocess.Popen[bytes]:
        assert self._server is not None
        return self._server

    def _launch(self) -> None:
        command = [sys.executable, "-m", "commands.serve"]
        log = (self.folder / "app.log").open("ab")
        own = {"FINLEAD_INSTANCE": str(self.folder), "TRABALHOS_SEGUNDOS": self._idle}
        environment = product_environment(self.port, **own)
        self._server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        log.close()

    def _answers(self) -> bool:
        with suppress(OSError, BenchFailed):
            return load.one(self.port, load.request("GET", "/readyz"))[0] == 200
        return False


def _command(process: psutil.Process) -> list[str]:
    with suppress(psutil.NoSuchProcess):
        return process.cmdline()
    return []


@contextmanager
def open_stand(label: str = "crash", idle: int | None = None) -> Iterator[Stand]:
    """A stand from nothing; whatever happens, all of it is stopped and removed afterwards. `idle`:
    seconds that its worker waits for another job."""
    stand = Stand(ROOT / "instance" / f"{label}-{os.getpid()}", idle)
    try:
        stand.start()
        yield stand
    finally:
        stand.stop()
