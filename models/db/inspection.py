"""The database as a process finds it when it starts, asked on one connection of its own."""

from collections.abc import Sequence

from sqlalchemy import NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from models.db.faults import is_away, lacks_tables
from models.db.fitness import UnfitDatabase, refuse_unfit
from models.db.roles import refuse_on_connect
from utils.postgres.complaints import why_unreachable
from utils.postgres.migrations import REVISIONS

_PATIENCE = 5  # seconds


class Unreachable(UnfitDatabase):
    """It may be there later; nothing else is known of it."""


def inspect(url: str, *, ordinary_role: bool) -> Sequence[str]:
    """The migrations at which it stands: one, or none where it is empty. Raises UnfitDatabase.

    `ordinary_role`: a role that row-level security does not hold is refused.
    """
    engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": _PATIENCE})
    refuse_unfit(engine)
    if ordinary_role:
        refuse_on_connect(engine)
    try:
        with engine.connect() as connection:
            return connection.exec_driver_sql(REVISIONS).scalars().all()
    except DBAPIError as error:
        if lacks_tables(error):
            return []
        kind = Unreachable if is_away(error) else UnfitDatabase
        raise kind(why_unreachable(error.orig or error, engine.url)) from error
