"""Failures as machines and people cause them, each done with one signal or statement."""

import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress

import psutil

from bench.stand import Stand

_BACKENDS = "select pid from pg_stat_activity where usename = 'finlead'"
_FREEZE_SECONDS = 8.0


def _kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def kill_worker(stand: Stand) -> None:
    _kill([random.choice(stand.workers())])


def kill_job_worker(stand: Stand) -> None:
    """None where no job waits."""
    _kill(stand.job_workers())


def kill_main(stand: Stand) -> None:
    """Kill only the parent, as a careless `kill -9` does."""
    _kill(stand.application()[:1])


def kill_app(stand: Stand) -> None:
    _kill(stand.application())


def stop_app(stand: Stand) -> None:
    stand.application()[0].terminate()


def terminate_backends(stand: Stand) -> None:
    stand.sql(f"select pg_terminate_backend(pid) from ({_BACKENDS}) b")


def kill_backend(stand: Stand) -> None:
    """PostgreSQL then throws every connection out and recovers."""
    pids = [int(str(row[0])) for row in stand.sql(_BACKENDS)]
    _kill([psutil.Process(random.choice(pids))])


def kill_postmaster(stand: Stand) -> None:
    _kill([stand.postmaster()])


def immediate_restart(stand: Stand) -> None:
    stand.postmaster().send_signal(signal.SIGQUIT)


def fast_restart(stand: Stand) -> None:
    stand.postmaster().send_signal(signal.SIGINT)


def kill_everything(stand: Stand) -> None:
    _kill([*stand.application(), stand.postmaster()])


def freeze_postgres(stand: Stand) -> None:
    """No connection is lost and nothing answers: a stopped virtual machine, a cut network."""
    postmaster = stand.postmaster()
    family = [postmaster, *postmaster.children()]
    try:
        _signal(family, signal.SIGSTOP)
        time.sleep(_FREEZE_SECONDS)
    finally:
        _signal(family, signal.SIGCONT)


def _signal(processes: list[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)


Fault = Callable[[Stand], None]
FAULTS: dict[str, Fault] = {
    "kill -9 worker": kill_worker,
    "kill -9 app": kill_app,
    "kill -9 app's parent": kill_main,
    "SIGTERM app": stop_app,
    "pg_terminate_backend": terminate_backends,
    "kill -9 backend": kill_backend,
    "kill -9 postmaster": kill_postmaster,
    "immediate restart": immediate_restart,
    "fast restart": fast_restart,
    "kill -9 app+postmaster": kill_everything,
    "frozen PostgreSQL": freeze_postgres,
}
