"""The embedded PostgreSQL as this process uses it: joined now, left when the process ends."""

import atexit
import sys
import threading
import time

from config import Addresses, Settings
from utils.postgres.embedded import EmbeddedPostgres, EmbeddedPostgresUnavailable

_LOOK_EVERY = 0.5  # seconds


def join_embedded(settings: Settings, *, keep_alive: bool = False) -> Addresses:
    """Start or join the embedded server; where its database is, for the API and for its owner.

    Ends the process with one sentence when there is no server to be had. `keep_alive` is for the
    process that outlives its workers: it starts the server again whenever it dies.
    """
    server = EmbeddedPostgres(settings.instance, bin_dir=settings.pg_bin, run_as=settings.pg_user)
    try:
        server.join()
        atexit.register(server.leave)
        server.ensure_database()
    except EmbeddedPostgresUnavailable as error:
        raise SystemExit(str(error)) from error
    if keep_alive:
        threading.Thread(target=_keep_alive, args=(server,), daemon=True).start()
    return Addresses(server.url(), server.owner_url())


def _keep_alive(server: EmbeddedPostgres) -> None:
    """Restart a server that was killed, for example by the system for lack of memory."""
    while True:
        time.sleep(_LOOK_EVERY)
        try:
            server.revive()
        except EmbeddedPostgresUnavailable as error:
            print(error, file=sys.stderr, flush=True)
