"""`flask worker`: does the jobs that requests have asked for, until it is stopped.

`python -m commands.worker` is the one that the server starts when a job is queued, see
commands/keeper: without the API's own modules, which take memory, and only for as long as there is
something to do.
"""

import argparse
import logging
import math
import os
import secrets
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

import click
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

import models  # noqa: F401 - registers every table
from commands.connection import connect
from config import Settings, wants_colour
from models.db import step_transaction, transaction
from models.job import JobState
from services import workService
from services.errors import AppError
from services.workService import JobLost, Taken
from utils.logs.setup import configure_logs

Stopped = Callable[[], bool]
# A job that takes longer lets the jobs of other tenants come to their turn.
TURN = 2.0  # seconds
PAUSE = 0.5  # seconds between two looks at a queue in which nothing waits
_AWAY = (DBAPIError, PoolTimeout)
_log = logging.getLogger("finlead")


@click.command("worker")
@with_appcontext
def worker_command() -> None:
    """Faz os trabalhos da fila até ser encerrado (Ctrl-C ou SIGTERM)."""
    click.echo("Fazendo os trabalhos da fila; Ctrl-C encerra.")
    Worker(_until_told()).work()


def main(argv: list[str] | None = None) -> None:
    """Work until told to stop, until the parent has ended, or until there was nothing to do for
    `--idle` seconds."""
    parser = argparse.ArgumentParser(prog="python -m commands.worker")
    parser.add_argument("--idle", type=float, required=True)
    parser.add_argument("--parent", type=int, required=True)
    asked = parser.parse_args(argv)
    told = _until_told()
    settings = Settings.from_env()
    configure_logs(as_json=settings.production, coloured=wants_colour())
    app = Flask(__name__, static_folder=None)
    connect(app, settings, threads=1)
    with app.app_context():
        Worker(lambda: told() or os.getppid() != asked.parent).work(idle=asked.idle)


class Worker:
    """One job at a time. `stopped` is asked between two steps."""

    def __init__(self, stopped: Stopped = lambda: False) -> None:
        self._holder = secrets.token_hex(16)
        self._stopped = stopped
        self._reached = True

    def work(self, *, idle: float = math.inf) -> None:
        """Do jobs until stopped, or until there was nothing to do for `idle` seconds."""
        since = time.monotonic()
        while not self._stopped():
            if self._turn_if_reached():
                since = time.monotonic()
            elif time.monotonic() - since >= idle:
                return
            else:
                time.sleep(PAUSE)

    def turn(self) -> bool:
        """Take the job that has waited longest and do it, for TURN seconds; whether one waited."""
        job = _taken(self._holder)
        if job is None:
            return False
        end = time.monotonic() + TURN
        while _step(job) is JobState.EM_ANDAMENTO:
            if self._stopped() or time.monotonic() >= end:
                with transaction():
                    workService.let_go(job)
                break
        return True

    def _turn_if_reached(self) -> bool:
        """A database that is away is waited for; a job that was begun is taken again by its
        lease."""
        try:
            found = self.turn()
        except _AWAY as error:
            if self._reached:
                _log.warning("worker waits for the database", exc_info=error)
            self._reached = False
            return False
        self._reached = True
        return found


def _taken(holder: str) -> Taken | None:
    try:
        with transaction():
            job = workService.take(holder)
    except IntegrityError:  # another worker was a moment earlier
        return None
    if job is not None and not job.again:
        _log.info("job started", extra=_named(job))
    elif job is not None and job.tentativas:
        _log.warning("job taken up again", extra=_named(job, tentativas=job.tentativas))
    return job


def _step(job: Taken) -> JobState | None:
    """Where the job stands after its next step; None if this worker has lost it or must leave it
    for a while."""
    try:
        state = _stepped(job)
    except JobLost:
        _log.warning("job lost to another worker", extra=_named(job))
        return None
    except Exception as error:
        return _failed(job, error)
    with suppress(*_AWAY), transaction():  # the step is done, whatever becomes of this
        workService.keep_figures(job)
    return _told(job, state)


def _stepped(job: Taken) -> JobState:
    """What is made aside is in this process alone: its step follows at once."""
    with step_transaction(one_moment=workService.is_of_one_moment(job)):
        state = workService.step(job)
    if state is JobState.EM_ANDAMENTO and workService.aside(job):
        return _stepped(job)
    return state


def _failed(job: Taken, error: Exception) -> JobState | None:
    if not isinstance(error, AppError):
        _log.warning("step of a job failed", exc_info=error, extra=_named(job))
    try:
        with transaction():
            state = workService.fail(job, error)
    except JobLost:
        return None
    if state is JobState.EM_ANDAMENTO:
        return None
    return _told(job, state, codigo=error.code.value if isinstance(error, AppError) else None)


def _told(job: Taken, state: JobState, **more: object) -> JobState:
    if state is not JobState.EM_ANDAMENTO:
        level = logging.WARNING if state is JobState.FALHOU else logging.INFO
        _log.log(level, "job ended", extra=_named(job, estado=state.value, **more))
    return state


def _named(job: Taken, **more: object) -> dict[str, Any]:
    """Ids alone: what a job is about may be personal."""
    about = {"trabalho_id": job.id, "tipo": job.tipo, "equipe_id": job.equipe_id}
    who = {"usuario_id": job.usuario_id, "chave_id": job.chave_id}
    return {"dados": about | who | more}


def _until_told() -> Stopped:
    """Whether SIGTERM or SIGINT has come: the step that is under way is finished first."""
    told: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        told.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, note)
    return lambda: bool(told)


if __name__ == "__main__":
    main()
