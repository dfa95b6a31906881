"""Serve the API: the database if none was given, its migrations, then granian.

`python app.py` and `make run` both end up here. Ctrl-C ends all that was started.
"""

import ctypes
import logging
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server
from granian.server.common import AbstractServer

from commands.database import require_database
from commands.embedded import join_embedded
from commands.keeper import Keeper
from commands.port import take_port
from config import ROOT, Addresses, Settings, share_with_children, wants_colour
from utils.logs.setup import configure_logs, server_logging

# glibc's malloc.h: one heap; a block of a megabyte goes back to the system when it is freed, and of
# the heap's free end all but eight.
_MALLOC = {-8: 1, -3: 1 << 20, -1: 8 << 20}  # M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD
_MAX_THREADS = 128  # of a worker; made when needed, ended when idle
_PR_SET_PDEATHSIG = 1  # Linux's sys/prctl.h


def main(argv: list[str] | None = None) -> None:
    """`--migrate` upgrades the database first; the embedded one always is."""
    arguments = sys.argv[1:] if argv is None else argv
    # Until granian handles SIGTERM, it would end this process and leave its database running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    settings = Settings.from_env()
    configure_logs(as_json=settings.production, coloured=wants_colour())
    take_port(settings.host, settings.port)
    addresses = settings.addresses or _start_embedded(settings)
    share_with_children(settings, addresses)
    require_database(
        addresses.api,
        migrate="--migrate" in arguments or settings.addresses is None,
        ordinary_role=settings.production,
        owns_nothing=settings.production and addresses.owner is not None,
    )
    _announce(settings)
    _prepare_workers()
    with _doing_jobs(settings, addresses):
        _server(settings).serve()


@contextmanager
def _doing_jobs(settings: Settings, addresses: Addresses) -> Iterator[None]:
    """Jobs are done beside the requests, unless another process is there for them."""
    if not settings.trabalhos_segundos:
        yield
        return
    keeper = Keeper(addresses.api, settings.trabalhos_segundos)
    keeper.start()
    try:
        yield
    finally:
        keeper.stop()


def _start_embedded(settings: Settings) -> Addresses:
    print("Iniciando o PostgreSQL embutido (alguns segundos na primeira vez)", flush=True)
    return join_embedded(settings, keep_alive=True)


def _announce(settings: Settings) -> None:
    if settings.production:  # whose log is read by a machine
        where = {"host": settings.host, "port": settings.port}
        logging.getLogger("finlead").info("serving", extra={"dados": where})
        return
    print(f"FinLead API em {settings.address}", flush=True)
    print(f"Documentação em {settings.address}/docs (Ctrl-C encerra)", flush=True)


def _prepare_workers() -> None:
    """Make granian fork its workers, which Python 3.14 no longer does by default.

    Workers leave the terminal's process group, so that Ctrl-C reaches them once, from here: one
    that gets both the terminal's SIGINT and its parent's SIGTERM may never end.
    """
    _keep_little_memory()
    # It warns of many threads at every start.
    logging.getLogger("_granian").addFilter(lambda record: "Python threads" not in record.msg)
    if sys.platform == "linux":
        multiprocessing.set_start_method("fork", force=True)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_be_a_worker)


def _be_a_worker() -> None:
    os.setpgid(0, 0)
    # A worker whose parent was killed could not be stopped: it would share the port with later
    # servers and go on serving old code. Only Linux has the call.
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _server(settings: Settings) -> AbstractServer[Any]:
    return Server(
        "app:create_worker",
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.host,
        port=settings.port,
        workers=settings.workers or os.cpu_count() or 1,
        # Most of them wait, for a body or a slot: settings.threads are at work (utils/sharing).
        blocking_threads=_MAX_THREADS,
        backpressure=_MAX_THREADS * 2,
        respawn_failed_workers=True,
        # Requests in flight finish; one that does not is cut in the end.
        workers_kill_timeout=25,
        websockets=False,
        working_dir=ROOT,
        log_level=LogLevels.warning,
        log_dictconfig=server_logging(as_json=settings.production, coloured=wants_colour()),
    )


def _keep_little_memory() -> None:
    """Let all threads of a worker share one heap.

    By default glibc gives each thread its own, and each would keep the 19 MiB of a password's hash
    and the megabytes of an import: twice the memory that a worker needs. Python allocates under one
    lock anyway.
    """
    # Other C libraries have no such function.
    with suppress(AttributeError, OSError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        for parameter, value in _MALLOC.items():
            mallopt(parameter, value)


if __name__ == "__main__":
    main()
