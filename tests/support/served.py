"""The application as it is served, in a process of its own."""

import socket
import subprocess
import sys
from contextlib import suppress
from http.client import HTTPConnection

import psutil

from config import ROOT
from tests.faults.tools import wait_until
from tests.support.terminal import SERVE, environment, free_port

PATIENCE = 60.0  # seconds, for a machine busy with something else


def does_jobs(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return "commands.worker" in process.cmdline()
    return False


def lives(process: psutil.Process) -> bool:
    """One that is ending has no command line any more: nobody can tell then what it did."""
    with suppress(psutil.NoSuchProcess):
        return bool(process.cmdline())
    return False


def resident(process: psutil.Process) -> int:
    """Bytes of it in memory; none of one that has ended since it was listed."""
    with suppress(psutil.NoSuchProcess):
        return int(process.memory_info().rss)
    return 0


class Served:
    def __init__(self, url: str, **settings: str) -> None:
        self.port = free_port()
        own = {"DATABASE_URL": url, "PORT": str(self.port), "WEB_CONCURRENCY": "1", **settings}
        self.process = subprocess.Popen([sys.executable, *SERVE], cwd=ROOT, env=environment(**own))
        wait_until(self.answers)

    def answers(self) -> bool:
        with suppress(OSError):
            return self.ask("GET", "/healthz") == 200
        return False

    def refuses(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
        except OSError:
            return True
        return False

    def ask(self, method: str, path: str, body: bytes | None = None, token: str = "") -> int:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Content-Type": "text/csv", "Authorization": f"Bearer {token}"} if token else {}
        connection.request(method, path, body, headers)
        status = connection.getresponse().status
        connection.close()
        return status

    def workers(self) -> list[psutil.Process]:
        """Those that serve requests."""
        return [child for child in self._children() if not does_jobs(child)]

    def job_workers(self) -> list[psutil.Process]:
        """The one that does jobs, while there are any."""
        return [child for child in self._children() if does_jobs(child)]

    def memory(self) -> int:
        """Resident bytes of the server and its children; what they share counts in each of them."""
        processes = [psutil.Process(self.process.pid), *self._children()]
        return sum(map(resident, processes))

    def _children(self) -> list[psutil.Process]:
        return [child for child in psutil.Process(self.process.pid).children() if lives(child)]

    def end(self) -> None:
        with suppress(psutil.NoSuchProcess):
            for process in psutil.Process(self.process.pid).children(recursive=True):
                process.kill()
        self.process.kill()
        self.process.wait()
