"""A whole file in the caller's transaction: all of it commits together, or nothing does."""

from functools import partial

from models.db import db
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
from services.imports.writing.duplicates import Batch
from services.principal import Principal
from services.scores import current


def run_at_once(caller: Principal, table: Table, asked: Asked, *, dry_run: bool) -> ImportRun:
    """Import it; after a dry run nothing is left but what is told.

    Raises ImportRunning, and Invalid for a file or a mapping that cannot be used at all.
    """
    if not try_lock(turns.lock_of(caller.equipe_id)) or runs.is_at_work(caller.equipe_id):
        raise ImportRunning()
    current.hold(caller.equipe_id)
    read = partial(File, table.rows, asked.mapping, team_facts(caller))
    file = read_as_before(caller.equipe_id, read())
    savepoint = db.session.begin_nested()
    run = runs.begin(caller, RunState.EM_ANDAMENTO, colunas=file.columns, **table.told)
    file, found, usages = _staged(caller, file, read)
    run.usos = dict(usages)
    batches.write(caller, run, asked, file, found, Batch(caller.equipe_id, run.id))
    run.total = run.linhas
    runs.finish(run)
    if dry_run:
        db.session.expunge(run)
        savepoint.rollback()
    return run


def _staged(caller: Principal, file: File, read: partial[File]) -> tuple[File, Lines, Usages]:
    """The lines aside; once more where later ones showed what earlier ones mean."""
    found = batches.stage(caller.equipe_id, file)
    settled = file.settled()
    if settled.again:
        file = read(usages=settled.usages)
        found = batches.stage_again(file)
    return file, found, settled.usages
