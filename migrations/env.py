"""Runs the migrations: one at a time on a database, each in its own bounded transaction.

They run as the role of MIGRATION_DATABASE_URL where there is one. The API's role then owns nothing,
and gets its rights with every step (models/db/access/grants.py).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from alembic.util import CommandError
from flask import current_app
from sqlalchemy import URL, Connection, Engine, create_engine, text
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.exc import DBAPIError

from models.db import Base, db
from models.db.access.fitness import UnfitDatabase, refuse_unfit
from models.db.access.grants import grant_to
from models.db.access.roles import refuse_on_connect
from models.db.engines import OWNER_ADDRESS, PRODUCTION, write_options
from models.db.errors import is_away, is_busy
from models.types import TransactionId
from utils.postgres.complaints import BUSY, not_the_owner, why_unreachable
from utils.postgres.migrations import is_newer, refusal

# Any number, the same for every process that migrates. Polled, not awaited: a blocking advisory
# lock deadlocks with CREATE INDEX CONCURRENTLY in the process that holds it.
_LOCK = 727_001
# A migration that waits for a table blocks every later access to it, even reads. So it waits
# briefly, lets the others pass, and tries again.
_LOCK_TIMEOUT = "1s"
_PAUSE = 1.0  # seconds
_TRIES = 120
_NOT_THE_OWNER = "42501"

# So that `flask db check` knows the type when it reads the database.
ischema_names["xid8"] = TransactionId


def _owners_engine() -> Engine | None:
    address = current_app.config[OWNER_ADDRESS]
    if address is None:
        return None
    engine = create_engine(address, **write_options(address, threads=1))
    refuse_unfit(engine)
    if current_app.config[PRODUCTION]:
        refuse_on_connect(engine, variable=_variable())
    return engine


def _variable() -> str:
    return "MIGRATION_DATABASE_URL" if current_app.config[OWNER_ADDRESS] else "DATABASE_URL"


def _api_role() -> str:
    with _explained(db.engine.url, "DATABASE_URL"), db.engine.connect() as connection:
        return connection.execute(text("select current_user")).scalar_one()


def _moves() -> bool:
    """Whether this command goes to a revision; `flask db check` only looks."""
    try:
        context.get_revision_argument()
    except KeyError:
        return False
    return True


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
    owner = _owners_engine()
    role = None if owner is None else _api_role()
    engine = owner or db.engine
    with _explained(engine.url, _variable()), engine.connect() as connection:
        while not connection.exec_driver_sql(f"select pg_try_advisory_lock({_LOCK})").scalar():
            connection.commit()
            time.sleep(0.3)
        connection.exec_driver_sql(f"set lock_timeout = '{_LOCK_TIMEOUT}'")
        connection.commit()
        try:
            _run_patiently(connection, role)
        finally:
            connection.rollback()
            connection.exec_driver_sql("reset lock_timeout")
            connection.exec_driver_sql(f"select pg_advisory_unlock({_LOCK})")
            connection.commit()
    if owner is not None:
        owner.dispose()


def _run_patiently(connection: Connection, role: str | None) -> None:
    """What was migrated before a try that did not get its lock stays; the next one goes on."""
    for last in [*[False] * (_TRIES - 1), True]:
        try:
            return _run_and_grant(connection, role)
        except DBAPIError as error:
            if last or not is_busy(error):
                raise
            connection.rollback()
            time.sleep(_PAUSE)


def _run_and_grant(connection: Connection, role: str | None) -> None:
    """Grants come with each step, in its transaction; and once more at the end, for the role may
    be new to a database that needs no step."""
    if role is None:
        return _run_known(connection)
    _run_known(connection, on_version_apply=lambda **_: grant_to(connection, role))
    if _moves():
        grant_to(connection, role)
        connection.commit()


def _run_known(connection: Connection, **how: object) -> None:
    try:
        _run(connection, **how)
    except CommandError as error:
        connection.rollback()
        found = context.get_context().get_current_heads()
        if is_newer(found):
            raise SystemExit(refusal(found)) from error
        raise


@contextmanager
def _explained(url: URL, variable: str) -> Iterator[None]:
    """Ends the process with the reason why the migrations stopped, as one sentence."""
    try:
        yield
    except UnfitDatabase as error:
        raise SystemExit(str(error)) from error
    except DBAPIError as error:
        raise SystemExit(_why(error, url, variable)) from error


def _why(error: DBAPIError, url: URL, variable: str) -> str:
    """Described by names of the schema: PostgreSQL's own message may quote a value."""
    if is_away(error):
        return why_unreachable(error.orig or error, url, variable)
    if is_busy(error):
        return BUSY
    diag = getattr(error.orig, "diag", None)
    kind, sqlstate = type(error.orig).__name__, getattr(diag, "sqlstate", None)
    if sqlstate == _NOT_THE_OWNER:
        return not_the_owner(url, variable)
    return f"Uma migração parou ({kind}, SQLSTATE {sqlstate}); as anteriores a ela ficaram."


def _offline() -> None:
    url = db.engine.url
    _run(None, url=url.render_as_string(hide_password=False), literal_binds=True)


_offline() if context.is_offline_mode() else _online()
