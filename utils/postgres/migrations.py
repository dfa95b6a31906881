"""Which migration this code was written for, and whether a database stands there."""

from functools import cache
from pathlib import Path

from sqlalchemy import NullPool, create_engine
from sqlalchemy.exc import DBAPIError

_VERSIONS = Path(__file__).resolve().parents[2] / "migrations" / "versions"
_PATIENCE = 5  # seconds


@cache
def head() -> str:
    """Revisions are numbered files in one line: the last one is the head."""
    return max(path.stem for path in _VERSIONS.glob("[0-9]*.py"))[:4]


def is_current(url: str) -> bool:
    """False as well where nobody answers or the database is empty: upgrading says which it is."""
    engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": _PATIENCE})
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql("select version_num from alembic_version")
            return [row[0] for row in found] == [head()]
    except DBAPIError:
        return False
