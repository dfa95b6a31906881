"""Readiness: the database answers and stands at the migration this code was written for."""

from models.db.statements import fetch_global
from services.errors import Unavailable
from utils.postgres.migrations import head


class NotReady(Unavailable):
    message = "O banco de dados não está na versão esperada. Execute flask db upgrade."

    def __init__(self) -> None:
        super().__init__(retry_after=5)


def require_ready() -> None:
    """Raises NotReady when migrations are pending; database errors pass through."""
    known = fetch_global("select to_regclass('alembic_version') is not null", {})
    rows = fetch_global("select version_num from alembic_version", {}) if known[0][0] else ()
    if [row[0] for row in rows] != [head()]:
        raise NotReady()
