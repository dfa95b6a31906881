"""A whole file in the caller's transaction: all of it commits together, or nothing does."""

from functools import partial

from sqlalchemy.exc import DBAPIError

from models.db import db
from models.db.errors import is_locked_out
from models.db.locks import try_lock
from models.imports.run import ImportRun, RunState
from services.errors import ImportRunning
from services.imports import batches, runs, turns
from services.imports.asked import Asked
from services.imports.converting.readings import Usages
from services.imports.facts import team_facts
from services.imports.parser import File, Lines
from services.imports.reading.files import Table
from services.imports.reporting.sentAgain import read_as_before
from services.imports.writing import meanwhile
from services.imports.writing.duplicates import Batch
from services.leads.duplicates import lock_buckets
from services.principal import Principal
from services.scores import current


class _Overtaken(Exception):
    """Another writer has used a key of a line meanwhile."""


def run_at_once(caller: Principal, table: Table, asked: Asked, *, dry_run: bool) -> ImportRun:
    """Import it; after a dry run nothing is left but what is told.

    Raises ImportRunning, and Invalid for a file or a mapping that cannot be used at all.
    """
    if not try_lock(turns.lock_of(caller.equipe_id)) or runs.is_at_work(caller.equipe_id):
        raise ImportRunning()
    current.hold(caller.equipe_id)
    savepoint = db.session.begin_nested()
    run = None
    # Leads that are updated stay locked, and keys come before leads in the order of locks.
    if dry_run or not asked.duplicates.updates:
        run = _optimistically(caller, table, asked, checked=not dry_run)
    if run is None:
        run, _ = _written(caller, table, asked, locked=True)
    if dry_run:
        db.session.expunge(run)
        savepoint.rollback()
    return run


def _optimistically(
    caller: Principal, table: Table, asked: Asked, *, checked: bool
) -> ImportRun | None:
    """Write first, then lock the keys and look whether somebody has used one meanwhile: other
    writers wait for this look, not for the import. None if somebody has: nothing is written then.

    Source: Kung and Robinson, On Optimistic Methods for Concurrency Control, 1981.
    """
    since = meanwhile.oldest_running()
    try:
        with db.session.begin_nested():
            run, file = _written(caller, table, asked, locked=False)
            if checked:
                _check(run, file, asked, since)
            return run
    except _Overtaken:
        return None
    except DBAPIError as error:
        if not is_locked_out(error):
            raise
        return None


def _check(run: ImportRun, file: File, asked: Asked, since: str) -> None:
    lock_buckets(run.equipe_id, file.keys.numbers)
    if meanwhile.is_overtaken(run.equipe_id, asked.duplicates, since):
        raise _Overtaken


def _written(
    caller: Principal, table: Table, asked: Asked, *, locked: bool
) -> tuple[ImportRun, File]:
    """The import with its report, and the file that was read."""
    read = partial(File, table.rows, asked.mapping, team_facts(caller))
    file = read_as_before(caller.equipe_id, read())
    run = runs.begin(caller, RunState.EM_ANDAMENTO, colunas=file.columns, **table.told)
    file, found, usages = _staged(caller, file, read)
    run.usos = dict(usages)
    batch = Batch(caller.equipe_id, run.id)
    batches.write(caller, run, asked, file, found, batch, locked=locked)
    run.total = run.linhas
    runs.finish(run)
    return run, file


def _staged(caller: Principal, file: File, read: partial[File]) -> tuple[File, Lines, Usages]:
    """The lines aside; once more where later ones showed what earlier ones mean."""
    found = batches.stage(caller.equipe_id, file)
    settled = file.settled()
    if settled.again:
        file = read(usages=settled.usages)
        found = batches.stage_again(file)
    return file, found, settled.usages
