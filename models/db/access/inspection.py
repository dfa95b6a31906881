"""The database as a process finds it when it starts, asked on one connection of its own."""

from collections.abc import Sequence

from sqlalchemy import NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from models.db.access.fitness import UnfitDatabase, refuse_unfit
from models.db.access.roles import refuse_on_connect
from models.db.errors import is_away, is_forbidden, lacks_tables
from utils.postgres.complaints import why_unreachable
from utils.postgres.migrations import REVISIONS

_PATIENCE = 5  # seconds


class Unreachable(UnfitDatabase):
    """The database did not answer; it may do so later."""


class NotGranted(UnfitDatabase):
    """The tables are another role's, and migrations have not granted them to this one yet."""


def inspect(url: str, *, ordinary_role: bool, owns_nothing: bool = False) -> Sequence[str]:
    """The database's migrations: one, or none if it is empty. Raises UnfitDatabase.

    `ordinary_role`: a role that bypasses row-level security is refused; `owns_nothing`: so is one
    that could lift it.
    """
    engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": _PATIENCE})
    refuse_unfit(engine)
    if ordinary_role:
        refuse_on_connect(engine, owns_nothing=owns_nothing)
    try:
        with engine.connect() as connection:
            return connection.exec_driver_sql(REVISIONS).scalars().all()
    except DBAPIError as error:
        if lacks_tables(error):
            return []
        kind = Unreachable if is_away(error) else UnfitDatabase
        kind = NotGranted if is_forbidden(error) else kind
        raise kind(why_unreachable(error.orig or error, engine.url)) from error
