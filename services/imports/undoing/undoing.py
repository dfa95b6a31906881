"""Undoing an import, a number of leads at a time: first those that it has changed, then those that
it has made. Each time commits with the place where the next one goes on."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from models.db.messages.queries import Query
from models.db.statements import execute_here
from models.imports.run import ImportRun
from services.imports.undoing.outcome import Outcome
from services.imports.undoing.removing import bounds, next_leads, remove
from services.imports.undoing.restoring import Line, next_lines, restore
from services.leads.duplicates import lock_buckets
from services.leads.locking import lock_these, stages_lock
from services.principal import Principal
from services.scores import current

# What is planned for any number of leads is planned well for so many.
MOST_RESTORED = 1_000
# After the leads: a claim passes these over, and whoever holds a lead already is seen.
_HOLD_PLACES = Query(
    "select lead_id from fila where equipe_id = %(equipe_id)s "
    "and lead_id = any(cast(%(ids)s as bigint[])) order by lead_id for update",
    {},
)


def undo_next(caller: Principal, run: ImportRun, most: int) -> bool:
    """Undo what became of the next lines, or of none; whether there is more."""
    done = Outcome.of(run)
    if done.ate is None:
        lines = next_lines(run.equipe_id, run.id, done.linha, min(most, MOST_RESTORED))
        if lines:
            _undo(caller, run, done, lines, [])
            return True
        done = _at_leads(run, done)
    ids = next_leads(run.equipe_id, run.id, done.depois, done.ate or 0, most)
    _undo(caller, run, done, [], ids)
    return len(ids) == most


def undo_whole(caller: Principal, run: ImportRun, most: int) -> None:
    """Undo all of an import that did so much at the most: its locks are taken once, in order."""
    done = Outcome.of(run)
    lines = next_lines(run.equipe_id, run.id, done.linha, most)
    done = _at_leads(run, done)
    ids = next_leads(run.equipe_id, run.id, done.depois, done.ate or 0, most)
    _undo(caller, run, done, lines, ids)


def _at_leads(run: ImportRun, done: Outcome) -> Outcome:
    if done.ate is not None:
        return done
    before, last = bounds(run.equipe_id, run.id)
    return replace(done, depois=before, ate=last)


def _undo(
    caller: Principal, run: ImportRun, done: Outcome, lines: Sequence[Line], ids: Sequence[int]
) -> None:
    _hold(caller, lines, ids)
    if lines:
        kept = restore(caller, run.id, run.criado_em, lines)
        restored = done.restaurados + len(lines) - len(kept)
        done = done.and_kept(kept, restaurados=restored, linha=lines[-1].linha)
    if ids:
        kept = remove(caller, run.id, ids)
        removed = done.excluidos + len(ids) - len(kept)
        done = done.and_kept(kept, excluidos=removed, depois=ids[-1])
    done.keep(run)


def _hold(caller: Principal, lines: Sequence[Line], ids: Sequence[int]) -> None:
    """In the order of all writers of leads."""
    equipe_id = caller.equipe_id
    current.hold(equipe_id)
    if buckets := {number for line in lines for number in line.buckets}:
        lock_buckets(equipe_id, buckets, patiently=False)
    of_equipe: dict[str, Any] = {"equipe_id": equipe_id}
    if lines:
        execute_here(stages_lock(), of_equipe)
    all_ids = sorted({*ids, *(line.lead_id for line in lines)})
    lock_these(equipe_id, all_ids)
    execute_here(_HOLD_PLACES, {**of_equipe, "ids": all_ids})
