"""The database as the terminal meets it: ready, or one sentence and exit code 1."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from config import ROOT
from models.db import db
from models.db.access.fitness import UnfitDatabase
from models.db.access.inspection import NotGranted, inspect
from models.db.errors import is_away
from services import healthService
from utils.postgres.complaints import why_unreachable
from utils.postgres.migrations import is_newer, refusal


def require_database(
    url: str, *, migrate: bool, ordinary_role: bool, owns_nothing: bool = False
) -> None:
    """Check that the database can be used and is migrated; `migrate` runs missing migrations first.

    Called before any worker is made: a worker that cannot start would be restarted for ever.
    """
    try:
        found = inspect(url, ordinary_role=ordinary_role, owns_nothing=owns_nothing)
    except UnfitDatabase as error:
        if isinstance(error, NotGranted) and migrate:
            return _upgrade()  # which grants
        raise SystemExit(str(error)) from error
    if migrate and not is_newer(found):
        # Skipped where nothing is missing: it would take half of the time of a restart.
        if refusal(found):
            _upgrade()
    elif sentence := refusal(found):
        raise SystemExit(sentence)


def _upgrade() -> None:
    """In a process of its own: migrations need Alembic, serving does not."""
    command = [sys.executable, "-m", "flask", "--app", str(ROOT / "app.py"), "db", "upgrade"]
    done = subprocess.run(command, cwd=ROOT, check=False)  # noqa: S603 - our own command
    if done.returncode:  # it has said why
        raise SystemExit(1)


@contextmanager
def database_explained() -> Iterator[None]:
    """Ends the process with one sentence if the database is the cause of an error."""
    try:
        yield
    except UnfitDatabase as error:
        raise SystemExit(str(error)) from error
    except SQLAlchemyError as error:
        if isinstance(error, DBAPIError) and is_away(error):
            raise SystemExit(why_unreachable(error.orig or error, db.engine.url)) from error
        if refused := healthService.explain(error):
            raise SystemExit(refused.message) from error
        raise
