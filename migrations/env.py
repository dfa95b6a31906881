"""Runs the migrations: one at a time on a database, each in its own bounded transaction."""

import time

from alembic import context
from flask import current_app
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql.base import ischema_names

from models.db import Base
from models.types import TransactionId

# Any number, the same for every process that migrates. Polled, not awaited: a blocking advisory
# lock deadlocks with CREATE INDEX CONCURRENTLY in the process that holds it.
_LOCK = 727_001
_LOCK_TIMEOUT = "5s"

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
    with engine.connect() as connection:
        while not connection.exec_driver_sql(f"select pg_try_advisory_lock({_LOCK})").scalar():
            connection.commit()
            time.sleep(0.3)
        connection.exec_driver_sql(f"set lock_timeout = '{_LOCK_TIMEOUT}'")
        connection.commit()
        try:
            _run(connection)
        finally:
            connection.rollback()
            connection.exec_driver_sql("reset lock_timeout")
            connection.exec_driver_sql(f"select pg_advisory_unlock({_LOCK})")
            connection.commit()


def _offline() -> None:
    url = current_app.extensions["migrate"].db.engine.url
    _run(None, url=url.render_as_string(hide_password=False), literal_binds=True)


_offline() if context.is_offline_mode() else _online()
