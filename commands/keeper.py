"""The server's own worker: a child that does jobs, started when one waits.

The server's parent asks the database once a second whether a job waits. So a job is found whichever
process has asked for it: one of this server's, another server on the same database, a command, or
one that has ended since. The child ends when there was nothing to do for a while, which gives its
memory back, and when its parent has ended.
"""

import logging
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from config import ROOT
from models.db.engines import lone_engine
from services import workService

_LOOK_EVERY = 1.0  # seconds
_LONGEST_PAUSE = 60.0  # seconds until a child that keeps failing is started again
# A step takes about one second; its statements are given up after fifteen.
_PATIENCE = 20.0
_log = logging.getLogger("finlead")


class Keeper(threading.Thread):
    """`idle`: seconds that the child waits for another job."""

    def __init__(self, url: str, idle: int) -> None:
        super().__init__(daemon=True, name="keeper")
        self._engine = lone_engine(url)
        self._command = [sys.executable, "-m", "commands.worker", f"--idle={idle}"]
        self._over = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._reached = True
        self._failures = 0
        self._child_since = self._not_before = 0.0

    def run(self) -> None:
        while not self._over.wait(_LOOK_EVERY):
            if not self._at_work() and time.monotonic() >= self._not_before and self._is_due():
                self._start_child()

    def stop(self) -> None:
        """End the child after its step, and wait until it has ended."""
        self._over.set()
        self.join(_LOOK_EVERY * 2)  # a database that is frozen would keep it waiting
        if self._child is None or self._child.poll() is not None:
            return
        self._child.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(_PATIENCE)
        self._child.kill()
        self._child.wait()

    def _at_work(self) -> bool:
        if self._child is None:
            return False
        ended = self._child.poll()
        if ended is None:
            return True
        self._child = None
        if ended:
            self._wait_longer(ended)
        else:
            self._failures = 0
        return False

    def _wait_longer(self, status: int) -> None:
        """After each failure in a row: a child that worked for long begins a new row."""
        if time.monotonic() - self._child_since > _LONGEST_PAUSE:
            self._failures = 0
        pause = min(2.0**self._failures, _LONGEST_PAUSE)
        self._failures += 1
        self._not_before = time.monotonic() + pause
        _log.warning("worker failed", extra={"dados": {"saida": status}})

    def _is_due(self) -> bool:
        try:
            with self._engine.connect() as connection:
                due = workService.is_due(connection)
        except SQLAlchemyError as error:
            if self._reached:
                _log.warning("jobs are not looked for", exc_info=error)
            self._reached = False
            self._engine.dispose()
            return False
        self._reached = True
        return due

    def _start_child(self) -> None:
        """In a session of its own: at Ctrl-C it is told from here, once. The workers' way to end
        with their parent is Linux's alone; this one looks who its parent is."""
        command = [*self._command, f"--parent={os.getpid()}"]
        self._child_since = time.monotonic()
        try:
            self._child = subprocess.Popen(  # noqa: S603 - our own command
                command, cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True
            )
        except OSError as error:  # no memory, say
            self._wait_longer(error.errno or 0)
            return
        _log.info("worker started", extra={"dados": {"pid": self._child.pid}})
