"""Undoing an import: at once, or as a job where it has made or changed many leads.

The leads that it made are gone, and those that it changed have their old values again; what
somebody has touched since stays as it is, and is named.
"""

from dataclasses import asdict, dataclass
from time import monotonic

from models.db import db
from models.db.locks import try_lock
from models.imports.run import ImportRun, RunState
from services import jobService
from services.errors import Code, Conflict, ImportRunning
from services.imports import runs, stepping, turns
from services.imports.reporting.lines import KEPT
from services.imports.undoing.outcome import Outcome
from services.imports.undoing.outcome import WhyKept as WhyKept
from services.imports.undoing.undoing import undo_next, undo_whole
from services.jobs.steps import Json, Step
from services.policy import require_gestor
from services.principal import Principal
from utils.clock import now

JOB = "desfazer"
# Leads of an undo in a request; more would take longer than somebody waits for a reply.
AT_ONCE = 1_000
_FIRST = 500  # leads of a job's first step


class AlreadyUndone(Conflict):
    code = Code.IMPORTACAO_DESFEITA
    message = "A importação já foi desfeita, ou está sendo."


class TooLateToUndo(Conflict):
    code = Code.PRAZO_PARA_DESFAZER
    message = f"Uma importação só se desfaz até {KEPT.days} dias depois que terminou."


class NotEnded(ImportRunning):
    message = "A importação ainda não terminou. Desfaça quando terminar, ou cancele-a antes."


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing an import has come to. `trabalho_id`: the job that does it."""

    id: int
    estado: str
    outcome: Json
    trabalho_id: int | None


def undo_import(caller: Principal, run_id: int, *, later: bool = False) -> Undone:
    """Undo an import that has ended, also by a cancellation or a failure: at once, or as a job if
    it is large or asked for `later`.

    Raises Forbidden, NotFound, ImportRunning, NotEnded, AlreadyUndone, TooLateToUndo, QueueFull.
    """
    require_gestor(caller)
    run = _undoable(caller, run_id)
    if later or run.criados + run.atualizados > AT_ONCE:
        run.desfazer_trabalho_id = jobService.enqueue(caller, JOB, {"importacao_id": run.id}).id
    else:
        undo_whole(caller, run, AT_ONCE)
        run.estado = RunState.DESFEITA
    db.session.flush()
    return Undone(run.id, run.estado, asdict(Outcome.of(run)), run.desfazer_trabalho_id)


def undo_step(caller: Principal, asked: Json, last: Step | None) -> Step:
    """A step of the job."""
    began = monotonic()
    run = runs.get(caller.equipe_id, asked["importacao_id"])
    most = int(last.checkpoint["quantos"]) if last and last.checkpoint else _FIRST
    goes_on = undo_next(caller, run, most)
    if not goes_on:
        run.estado = RunState.DESFEITA
    db.session.flush()
    done = Outcome.of(run)
    came_to = {
        "importacao_id": run.id,
        "excluidos": done.excluidos,
        "restaurados": done.restaurados,
        "mantidos_total": done.mantidos_total,
    }
    place = {"quantos": stepping.next_size(most, monotonic() - began)} if goes_on else None
    total = run.criados + run.atualizados
    return Step(place, came_to, done.done, total)


def _undoable(caller: Principal, run_id: int) -> ImportRun:
    """The import, held: who asks for the same waits, and sees what became of it."""
    free = try_lock(turns.lock_of(caller.equipe_id)) and not runs.is_at_work(caller.equipe_id)
    run = runs.hold(caller.equipe_id, run_id)
    if run.estado == RunState.DESFEITA or _is_being_undone(run):
        raise AlreadyUndone()
    if run.concluida_em is None:
        raise NotEnded()
    if run.concluida_em < now() - KEPT:
        raise TooLateToUndo()
    if not free:
        raise ImportRunning()
    return run


def _is_being_undone(run: ImportRun) -> bool:
    """By a job that was neither cancelled nor has failed: after these it goes on where it was."""
    return run.desfazer_trabalho_id is not None and jobService.is_alive(run.desfazer_trabalho_id)
