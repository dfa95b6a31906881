"""An import as a job: its file is surveyed, which writes nothing, and then written batch by batch.

A batch commits with the count of rows that are done, so each line is done once, whatever is killed.
A process keeps the files open that it is at: no step reads one from its beginning. Where another
process was at it, the rows that are done are passed over first, in steps of their own.
"""

from collections.abc import Callable
from time import monotonic
from typing import Any

from models.db import db
from models.imports.run import ImportRun, RunState
from services.imports import batches, runs, storage
from services.imports.asked import Asked
from services.imports.converting.usage import Usage
from services.imports.facts import team_facts
from services.imports.parser import File
from services.imports.reading.files import open_file
from services.imports.reporting.report import COUNTS
from services.imports.reporting.sentAgain import read_as_before
from services.imports.writing import settle
from services.imports.writing.duplicates import Batch
from services.jobs.steps import Json, Step
from services.principal import Principal
from services.scores import current
from utils.clock import now

# Rows of the first batch; those of the others follow from how long it took.
FIRST, _FEWEST, _LARGEST = 500, 100, 20_000
_LASTS = 0.5  # seconds that a step is to take
_CHUNK = 1_000  # rows between two looks at the clock
# Leads after which the planner is told of them; then again each time they are four times as many.
_UNCOUNTED, _TIMES = 1_000, 4
# Open files by import, and whether they are surveyed; each may take megabytes.
_MOST_OPEN = 4
_open: dict[tuple[int, bool], File] = {}


def step(caller: Principal, run: ImportRun, last: Step | None) -> Step:
    """The next step of an import. Raises UnreadableFile for a file that cannot be used at all."""
    place: Json = (last.checkpoint if last else None) or {"quantas": FIRST}
    if run.usos is None:
        return _survey(caller, run, place)
    if place.get("contar"):
        settle.refresh_statistics()
        return _stepped(run, {"quantas": place["quantas"]})
    return _write(caller, run, place["quantas"])


def end(run: ImportRun) -> None:
    """Its report is made, and its file goes."""
    runs.finish(run)
    if run.arquivo_id is not None:
        storage.forget(run.equipe_id, run.arquivo_id)


def _survey(caller: Principal, run: ImportRun, place: Json) -> Step:
    """Look at the next rows, as many as the time allows. A process that was lost begins anew."""
    file = _opened(caller, run)
    if _goes_on(lambda most: file.look(most)):
        _keep(run, file)
        return _stepped(run, place)
    run.usos, run.total = dict(file.settled().usages), file.done
    run.estado, run.iniciada_em = RunState.EM_ANDAMENTO, now()
    return _stepped(run, place)


def _write(caller: Principal, run: ImportRun, size: int) -> Step:
    began = monotonic()
    current.hold(caller.equipe_id)
    file = _opened(caller, run)
    if _goes_on(lambda most: file.skip(min(most, run.linhas - file.done))) and (
        file.done < run.linhas
    ):
        _keep(run, file)
        return _stepped(run, {"quantas": size})
    before = run.criados
    found = batches.stage(caller.equipe_id, file, size)
    batch = Batch(caller.equipe_id, run.id, first=run.linhas == 0, only=False)
    batches.write(caller, run, Asked.of(run), file, found, batch)
    if found.read < size:
        return _stepped(run, None)
    _keep(run, file)
    place: dict[str, Any] = {"quantas": next_size(size, monotonic() - began)}
    if _are_uncounted(before, run.criados):
        place["contar"] = True
    return _stepped(run, place)


def next_size(size: int, took: float) -> int:
    """How many rows the next batch has, so that it takes about as long as it may."""
    factor = max(0.5, min(2.0, _LASTS / max(took, 0.001)))
    return int(max(_FEWEST, min(_LARGEST, size * factor)))


def _opened(caller: Principal, run: ImportRun) -> File:
    """The run's file where this process has left it, or at its beginning."""
    team = team_facts(caller)
    file = _open.pop((run.id, run.usos is not None), None)
    # A step that was not committed has read further than the import is.
    if file is not None and run.usos is None:
        return file  # it is only looked at, and has seen what its columns have shown
    if file is not None and file.done <= run.linhas:
        file.check_against(team)
        return file
    sent = storage.sent_of(storage.get(run.equipe_id, run.arquivo_id or 0))
    table = open_file(sent.blocks, media=sent.media, charset=sent.charset, sheet=sent.planilha)
    usages = {name: Usage(usage) for name, usage in (run.usos or {}).items()}
    file = File(table.rows, Asked.of(run).mapping, team, usages=usages)
    return file if run.usos is not None else read_as_before(run.equipe_id, file)


def _keep(run: ImportRun, file: File) -> None:
    while len(_open) >= _MOST_OPEN:
        _open.pop(next(iter(_open)))
    _open[run.id, run.usos is not None] = file


def _goes_on(go: Callable[[int], int]) -> bool:
    """Go on with a file for as long as a step may take; whether there is more of it."""
    deadline = monotonic() + _LASTS
    while monotonic() < deadline:
        if go(_CHUNK) < _CHUNK:
            return False
    return True


def _are_uncounted(before: int, after: int) -> bool:
    mark = _UNCOUNTED
    while mark <= before:
        mark *= _TIMES
    return after >= mark


def _stepped(run: ImportRun, place: Json | None) -> Step:
    db.session.flush()
    done = {name: getattr(run, name) for name in COUNTS}
    return Step(place, {"importacao_id": run.id, **done}, run.linhas, run.total)
