"""Importing a file of leads: convert, COPY aside, settle duplicates, then set-based inserts.

COPY goes into a temporary table because row-level security refuses COPY into the real ones; the
INSERT…SELECT carries `equipe_id`. A small file is one transaction: the whole of it, its events and
its scores commit together, or nothing does. A large one is a job, which commits batch by batch.
"""

from dataclasses import replace
from typing import get_args

from models.db import db
from models.imports.file import ImportFile
from models.imports.run import ImportRun, RunState
from services import jobService, scoreService
from services.errors import PayloadTooLarge
from services.imports import runs, stepping, storage, turns
from services.imports.asked import Asked
from services.imports.atOnce import run_at_once
from services.imports.facts import require_people, team_facts
from services.imports.mapping.mappingJson import read_mapping, require_storable
from services.imports.parser import File
from services.imports.reading.files import CSV as CSV
from services.imports.reading.files import XLSX as XLSX
from services.imports.reading.files import Table, open_file, whole
from services.imports.reporting.sentAgain import map_as_before
from services.imports.storage import Sent as Sent
from services.imports.writing import settle
from services.imports.writing.duplicates import Action as Action
from services.imports.writing.duplicates import Duplicates as Duplicates
from services.imports.writing.owners import Owners as Owners
from services.imports.writing.owners import read_owners as read_owners
from services.jobs.steps import Json, Step
from services.policy import require_gestor
from services.principal import Principal
from services.queue import typical

ON_DUPLICATE: tuple[Action, ...] = get_args(Action)
TURN = turns.LEASE
JOB = "importar"
# What is imported at once, in a request: more would take longer than somebody waits for a reply.
MOST_BYTES, MOST_LINES = 5 * 1024 * 1024, 50_000
_TOO_LARGE = "Só se confere (dry_run) um arquivo de até 5 MB e 50.000 linhas."
# An import of more leads than this makes the statistics of the tables out of date.
_MANY = 1_000


def take_turn(caller: Principal) -> str:
    """Take the one turn to import of the caller's tenant; its holder. Raises ImportRunning."""
    return turns.take(caller.equipe_id)


def keep_turn(caller: Principal, holder: str) -> None:
    """Renew a turn for TURN seconds. Raises ImportRunning for one that is lost."""
    turns.renew(caller.equipe_id, holder)


def end_turn(caller: Principal, holder: str) -> None:
    """Give the turn back."""
    turns.end(caller.equipe_id, holder)


def import_file(
    caller: Principal,
    sent: Sent,
    mapping: bytes | None,
    duplicates: Duplicates,
    owners: Owners | None = None,
    **how: bool,
) -> ImportRun:
    """Import a file: at once, or as a job if it is large or asked for `later`; `mapping` is JSON.
    `dry_run`: nothing is left but what is told.

    Bad rows are reported and good ones kept. Raises Forbidden, ImportRunning, QueueFull,
    PayloadTooLarge, MalformedJsonBody, and Invalid for a file or a mapping that cannot be used.
    """
    require_gestor(caller)
    return _imported(caller, sent, Asked(read_mapping(mapping), duplicates, owners), None, **how)


def check_file(
    caller: Principal,
    sent: Sent,
    mapping: bytes | None,
    duplicates: Duplicates,
    owners: Owners | None = None,
) -> ImportRun:
    """What the import of a file of any size would come to; nothing is left."""
    require_gestor(caller)
    require_people(caller, owners)
    asked = Asked(read_mapping(mapping), duplicates, owners)
    return _at_once(caller, opened(sent), asked, dry_run=True)


def begin_file(caller: Principal, sent: Sent) -> int:
    """Keep a file whose blocks are added one by one, for queue_file(); its number."""
    require_gestor(caller)
    return storage.begin(caller.equipe_id, sent).id


def add_block(caller: Principal, arquivo_id: int, n: int, block: bytes) -> None:
    storage.add(caller.equipe_id, arquivo_id, n, block)


def queue_file(
    caller: Principal,
    arquivo_id: int,
    mapping: bytes | None,
    duplicates: Duplicates,
    owners: Owners | None = None,
) -> ImportRun:
    """Import a kept file as a job. Raises NotFound, QueueFull, MalformedJsonBody, Invalid."""
    require_gestor(caller)
    file = storage.get(caller.equipe_id, arquivo_id)
    require_people(caller, owners)
    asked = Asked(read_mapping(mapping), duplicates, owners)
    return _queue(caller, opened(storage.sent_of(file)), file, asked)


def import_kept(caller: Principal, file: ImportFile, asked: Asked, **how: bool) -> ImportRun:
    """Import a kept file, which is deleted when it is done. Raises what import_file() does."""
    return _imported(caller, storage.sent_of(file), asked, file, **how)


def import_step(caller: Principal, parametros: Json, last: Step | None) -> Step:
    """A step of the job."""
    run = runs.get(caller.equipe_id, parametros["importacao_id"])
    done = stepping.step(caller, run, last)
    if done.checkpoint is None:
        stepping.end(run)
        _follow_up(run)
    return done


def _imported(
    caller: Principal,
    sent: Sent,
    asked: Asked,
    file: ImportFile | None,
    *,
    dry_run: bool = False,
    later: bool = False,
) -> ImportRun:
    """`file`: where it is kept, if it is."""
    require_people(caller, asked.owners)
    if sent.tamanho <= MOST_BYTES:
        # While lines are copied aside, the connection can fetch no block.
        sent = replace(sent, blocks=whole(b"".join(sent.blocks())))
    table = opened(sent)
    large = sent.tamanho > MOST_BYTES or _lines(sent, table) > MOST_LINES
    if dry_run and large:
        raise PayloadTooLarge(_TOO_LARGE)
    if large or (later and not dry_run):
        return _queue(caller, table, file or storage.keep(caller.equipe_id, sent), asked)
    run = _at_once(caller, table, asked, dry_run=dry_run)
    if file and not dry_run:
        storage.forget(caller.equipe_id, file.id)
    return run


def _at_once(caller: Principal, table: Table, asked: Asked, *, dry_run: bool) -> ImportRun:
    asked = map_as_before(caller.equipe_id, table.rows, asked)
    run = run_at_once(caller, table, asked, dry_run=dry_run)
    if not dry_run:
        _follow_up(run)
    return run


def _follow_up(run: ImportRun) -> None:
    """See to what its leads change for others, and for the planner."""
    changed = run.criados + run.atualizados
    if changed and not typical.refresh(run.equipe_id):
        jobService.ensure_queued(run.equipe_id, scoreService.JOB)
    if changed > _MANY:
        settle.refresh_statistics()


def _queue(caller: Principal, table: Table, file: ImportFile, asked: Asked) -> ImportRun:
    """Refuse at once what no line can be taken of, and leave the rest to a worker."""
    asked = map_as_before(caller.equipe_id, table.rows, asked)
    require_storable(asked.mapping)
    columns = File(table.rows, asked.mapping, team_facts(caller)).columns
    run = runs.begin(
        caller,
        RunState.NA_FILA,
        arquivo_id=file.id,
        colunas=columns,
        **table.told,
        **asked.kept(),
    )
    run.trabalho_id = jobService.enqueue(caller, JOB, {"importacao_id": run.id}).id
    db.session.flush()
    return run


def opened(sent: Sent) -> Table:
    return open_file(sent.blocks, media=sent.media, charset=sent.charset, sheet=sent.planilha)


def _lines(sent: Sent, table: Table) -> int:
    """How many a file has, without reading its rows."""
    if table.linhas is not None:
        return table.linhas
    return sum(max(block.count(b"\n"), block.count(b"\r")) for block in sent.blocks())
