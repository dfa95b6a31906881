"""The database as the terminal meets it: ready, or one sentence and exit code 1."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from config import ROOT
from models.db import db
from models.db.faults import is_away
from models.db.fitness import UnfitDatabase
from models.db.inspection import inspect
from services import healthService
from utils.postgres.complaints import why_unreachable
from utils.postgres.migrations import is_newer, refusal


def require_database(url: str, *, migrate: bool, ordinary_role: bool) -> None:
    """Fit to be served from and migrated; `migrate`: the migrations it lacks are run first.

    Before any worker: one that refuses to start would be started again and again.
    """
    try:
        found = inspect(url, ordinary_role=ordinary_role)
    except UnfitDatabase as error:
        raise SystemExit(str(error)) from error
    if migrate and not is_newer(found):
        # Spared where nothing is to be done: half of the time that a restart takes.
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
    """Ends the process with a sentence where the database is at fault."""
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
