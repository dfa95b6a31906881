"""Runs the migrations: one at a time on a database, each in its own bounded transaction."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from alembic.util import CommandError
from flask import current_app
from sqlalchemy import URL, Connection
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.exc import DBAPIError

from models.db import Base
from models.db.faults import is_away, is_busy
from models.db.fitness import UnfitDatabase
from models.types import TransactionId
from utils.postgres.complaints import why_unreachable
from utils.postgres.migrations import is_newer, refusal

# Any number, the same for every process that migrates. Polled, not awaited: a blocking advisory
# lock deadlocks with CREATE INDEX CONCURRENTLY in the process that holds it.
_LOCK = 727_001
# Whoever waits for a table lets nobody else at it meanwhile, readers neither. So a migration waits
# briefly, lets the others pass, and tries again.
_LOCK_TIMEOUT = "1s"
_PAUSE = 1.0  # seconds
_TRIES = 120
_NOT_THE_OWNER = "42501"

# So that `flask db check` knows the type when it reads the database.
ischema_names["xid8"] = TransactionId


def _run(connection: Connection | None, **how: object) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transaction_per_migration=True,
        compare_server_default=False,
        **how,
    )
    with context.begin_transaction():
        context.run_migrations()


def _online() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with _explained(engine.url), engine.connect() as connection:
        while not connection.exec_driver_sql(f"select pg_try_advisory_lock({_LOCK})").scalar():
            connection.commit()
            time.sleep(0.3)
        connection.exec_driver_sql(f"set lock_timeout = '{_LOCK_TIMEOUT}'")
        connection.commit()
        try:
            _run_patiently(connection)
        finally:
            connection.rollback()
            connection.exec_driver_sql("reset lock_timeout")
            connection.exec_driver_sql(f"select pg_advisory_unlock({_LOCK})")
            connection.commit()


def _run_patiently(connection: Connection) -> None:
    """What was migrated before a try that did not get its lock stays; the next one goes on."""
    for last in [*[False] * (_TRIES - 1), True]:
        try:
            return _run_known(connection)
        except DBAPIError as error:
            if last or not is_busy(error):
                raise
            connection.rollback()
            time.sleep(_PAUSE)


def _run_known(connection: Connection) -> None:
    try:
        _run(connection)
    except CommandError as error:
        connection.rollback()
        found = context.get_context().get_current_heads()
        if is_newer(found):
            raise SystemExit(refusal(found)) from error
        raise


@contextmanager
def _explained(url: URL) -> Iterator[None]:
    """What stopped the migrations, as one sentence and exit code 1."""
    try:
        yield
    except UnfitDatabase as error:
        raise SystemExit(str(error)) from error
    except DBAPIError as error:
        raise SystemExit(_why(error, url)) from error


def _why(error: DBAPIError, url: URL) -> str:
    """By names of the schema: PostgreSQL's own words may quote a value."""
    if is_away(error):
        return why_unreachable(error.orig or error, url)
    if is_busy(error):
        return "O banco de dados está ocupado: tente de novo em instantes."
    diag = getattr(error.orig, "diag", None)
    kind, sqlstate = type(error.orig).__name__, getattr(diag, "sqlstate", None)
    if sqlstate == _NOT_THE_OWNER:
        return (
            f"O usuário {url.username} não pode criar ou mudar tabelas no banco {url.database}: "
            "use em DATABASE_URL o dono do banco."
        )
    return f"Uma migração parou ({kind}, SQLSTATE {sqlstate}); as anteriores a ela ficaram."


def _offline() -> None:
    url = current_app.extensions["migrate"].db.engine.url
    _run(None, url=url.render_as_string(hide_password=False), literal_binds=True)


_offline() if context.is_offline_mode() else _online()
