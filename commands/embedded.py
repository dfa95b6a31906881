"""The embedded PostgreSQL as this process uses it: joined now, left when the process ends."""

import atexit

from config import Settings
from utils.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresUnavailable


def join_embedded(settings: Settings) -> str:
    """Start or join the embedded server; the URL of its database, for an ordinary role.

    Ends the process with one sentence when there is no server to be had.
    """
    server = EmbeddedPostgres(settings.instance, bin_dir=settings.pg_bin, run_as=settings.pg_user)
    try:
        server.join()
        atexit.register(server.leave)
        server.ensure_database()
    except EmbeddedPostgresUnavailable as error:
        raise SystemExit(str(error)) from error
    return server.url()
