"""One batch of an import: lines are converted, copied aside, settled among leads and each other,
and told. What a file comes to does not depend on how it is parted."""

from collections.abc import Iterator
from functools import partial

from models.imports.line import LineResult
from models.imports.run import ImportRun
from services.imports.asked import Asked
from services.imports.parser import File, Lines
from services.imports.reporting.report import Counts
from services.imports.writing import lines, owners, staging
from services.imports.writing.duplicates import Batch, mark_known
from services.imports.writing.lines import Told
from services.imports.writing.settle import settle
from services.imports.writing.verdicts import Reason, verdicts
from services.leads.duplicates import lock_buckets
from services.principal import Principal


def stage(equipe_id: int, file: File, most: int | None = None) -> Lines:
    """Copy the next lines aside."""
    staging.stage(equipe_id)
    return _copied(file, most)


def stage_again(file: File) -> Lines:
    """Copy the lines of a file that has to be read once more."""
    staging.empty()
    return _copied(file, None)


def _copied(file: File, most: int | None) -> Lines:
    found = Lines()
    good = file.lines(found, most)
    # The blocks of a kept file come over the connection that copies: a batch is read before that.
    staging.copy(good if most is None else iter(list(good)))
    return found


def write(
    caller: Principal,
    run: ImportRun,
    asked: Asked,
    file: File,
    found: Lines,
    batch: Batch,
    *,
    locked: bool = True,
) -> None:
    """Write what is staged, count it in `run` and tell of what is not taken. `file` is where it
    comes from: its keys are `locked` first, or the caller sees to it that nobody used one."""
    owners.take_turn(caller, asked.owners)
    if file.keys.numbers:
        if locked:
            lock_buckets(caller.equipe_id, file.keys.numbers)
        mark_known(batch, asked.duplicates)
    first, give = file.team.first, None
    if asked.owners:
        give = partial(
            owners.distribute, caller, run, asked.owners, file.team.stages, file.team.first
        )
    done = settle(caller, batch, asked.duplicates, first=first, give=give)
    told = [*_rejected(found), *_not_taken(asked, found)]
    lines.keep(batch.values, told)
    skipped = sum(each.resultado is LineResult.PULADA for each in told)
    rejected = len(told) - skipped
    run.avisados += done.dropped
    Counts(found.read, done.created, done.updated, done.same, skipped, rejected).add_to(run)


def _rejected(found: Lines) -> Iterator[Told]:
    """Lines that say something that nobody can take."""
    for linha, errors, row in found.rejected:
        yield Told(linha, LineResult.REJEITADA, errors, row)


def _not_taken(asked: Asked, found: Lines) -> Iterator[Told]:
    """Lines that stand beside a lead or another line."""
    skips = asked.duplicates.action == "pular"
    for linha, lead_id, reason, error in verdicts():
        skipped = skips and reason is not Reason.MEMBER
        result = LineResult.PULADA if skipped else LineResult.REJEITADA
        yield Told(linha, result, [error], found.cells(linha), lead_id)
