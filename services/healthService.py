"""Whether the database can be used: it answers and has the migrations that this code expects."""

from collections.abc import Sequence

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from models.db.errors import is_away, is_busy, is_forbidden, lacks_tables
from models.db.statements import fetch_global
from services.errors import AppError, Code
from utils.postgres.migrations import REVISIONS, refusal

_AWAY = "O banco de dados está indisponível. Tente de novo em instantes."
_BUSY = "O banco de dados está ocupado. Tente de novo em instantes."


class NotReady(AppError):
    status = 503
    code = Code.BANCO_INDISPONIVEL
    message = _AWAY

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message, retry_after=2)


def require_ready() -> None:
    """Raises NotReady unless this code's migrations are there; database errors pass through."""
    if message := refusal(_revisions()):
        raise NotReady(message)


def explain(error: SQLAlchemyError) -> NotReady | None:
    """The reply to an error of the database; None if the error is in this code."""
    if isinstance(error, PoolTimeout):
        return NotReady()
    if not isinstance(error, DBAPIError):
        return None
    if is_busy(error):
        return NotReady(_BUSY)
    if is_away(error):
        return NotReady()
    return _not_migrated() if lacks_tables(error) or is_forbidden(error) else None


def _not_migrated() -> NotReady | None:
    """Ask the database whether it is migrated: a statement may also name a table wrongly."""
    try:
        require_ready()
    except NotReady as refused:
        return refused
    except DBAPIError:
        pass
    return None


def _revisions() -> Sequence[str]:
    try:
        return [row[0] for row in fetch_global(REVISIONS, {})]
    except DBAPIError as error:
        if lacks_tables(error) or is_forbidden(error):  # migrations grant, too
            return []
        raise
