"""What an error of the database means for the caller."""

import psycopg2
from sqlalchemy.exc import DBAPIError, OperationalError

_LOCKED = {"55P03", "40P01"}  # a lock that was not had in time, a deadlock
_TAKEN = "23505"
# A writer looks an entry of these up before it makes it, and does not see one that an import has
# not committed yet.
_LATE = {"ix_leads_equipe_id_id_externo"}
# These, cancelled statements, and a primary that has become a standby: the caller may try again.
_BUSY = {*_LOCKED, "57014", "40001", "25006"}
_CANCELLED = "57014"  # by its time limit, or by an operator
_FORBIDDEN = "42501"
_LACKING = {"42P01", "42703"}  # a table, a column


class WorthRepeating(psycopg2.OperationalError):  # type: ignore[misc]
    """Nothing was carried out, for a reason that a second try does not meet."""


def is_worth_repeating(error: DBAPIError) -> bool:
    return isinstance(error.orig, WorthRepeating)


def is_busy(error: DBAPIError) -> bool:
    return _sqlstate(error) in _BUSY or _is_late(error)


def is_locked_out(error: DBAPIError) -> bool:
    """Nothing was carried out: others held a lock for too long, each waited for the other, or one
    was first with what is unique. Who begins again sees what they have written."""
    return _sqlstate(error) in _LOCKED or _is_late(error)


def is_cancelled(error: DBAPIError) -> bool:
    return _sqlstate(error) == _CANCELLED


def is_away(error: DBAPIError) -> bool:
    return error.connection_invalidated or isinstance(error, OperationalError)


def lacks_tables(error: DBAPIError) -> bool:
    """The database has not been migrated, or one of our statements is wrong."""
    return _sqlstate(error) in _LACKING


def is_forbidden(error: DBAPIError) -> bool:
    """The role may not do it."""
    return _sqlstate(error) == _FORBIDDEN


def _is_late(error: DBAPIError) -> bool:
    """Another writer was first with something unique, of which this one could not know."""
    named = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    return _sqlstate(error) == _TAKEN and named in _LATE


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "pgcode", None)
