"""Doing jobs, one step after another; each function here is called in a transaction of its own.

A worker takes a job, does steps of it while they come to no end, and lets it go: after a while, so
that other tenants' jobs come to their turn, or when it is told to stop.
"""

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from models.db import enter_tenant
from models.job import JobState
from services import (
    bulkService,
    healthService,
    importService,
    metricsService,
    modelService,
    ownershipService,
    scoreService,
    simulationService,
    undoService,
)
from services.auth.authority import hold_role
from services.errors import AppError, Code, Forbidden, Unauthenticated
from services.jobs import queue
from services.jobs.queue import JobLost as JobLost
from services.jobs.queue import Taken as Taken
from services.jobs.queue import let_go as let_go
from services.jobs.steps import Json, Kind
from services.principal import NO_ONE, Principal

# Whatever a job can be. Its name is in `tipo`.
KINDS: dict[str, Kind] = {
    scoreService.JOB: Kind(scoreService.rescore_step),
    modelService.JOB: Kind(
        modelService.train_step, owed=modelService.is_decided, aside=modelService.learn_aside
    ),
    # The version is in force, by the power of whoever put it there.
    scoreService.PUBLISH: Kind(scoreService.publish_step, owed=lambda _: True),
    bulkService.JOB: Kind(bulkService.job_step),
    ownershipService.JOB: Kind(ownershipService.handover_step),
    simulationService.JOB: Kind(simulationService.simulate_step),
    importService.JOB: Kind(importService.import_step),
    undoService.JOB: Kind(undoService.undo_step),
    # Nobody's leads are shown or changed by it.
    metricsService.JOB: Kind(metricsService.recount_step, one_moment=True, owed=lambda _: True),
}
# A step that fails is tried so often, with pauses that double up to the longest.
TRIES = 8
_LONGEST_PAUSE = 60.0  # seconds


class PowerLost(Forbidden):
    message = "Quem pediu o trabalho não pode mais fazê-lo."


def is_due(connection: Connection) -> bool:
    """Whether a worker would find a job, asked on a connection of the caller's own."""
    return bool(connection.exec_driver_sql(queue.IS_DUE, {"tipos": list(KINDS)}).scalar())


def take(holder: str) -> Taken | None:
    """Take the job that has waited longest, of those that this code knows how to do. Raises
    IntegrityError if another worker was a moment earlier: look again."""
    return queue.take(holder, KINDS)


def is_of_one_moment(job: Taken) -> bool:
    """Whether the steps of this job are done in a transaction that sees one moment."""
    return KINDS[job.tipo].one_moment


def step(job: Taken) -> JobState:
    """Do the next step, or see that there is none to do; where the job stands then. Raises JobLost,
    and whatever the step raises: fail() is for that."""
    held = queue.hold(job)
    enter_tenant(job.equipe_id)
    if held.cancelled:
        return _ended(job, JobState.CANCELADA)
    if held.tentativas >= TRIES:  # its workers were killed each time
        return _ended(job, JobState.FALHOU, _said(Code.ERRO_INTERNO, "O trabalho não avança."))
    kind = KINDS[job.tipo]
    done = kind.step(held.caller, held.parametros, held.last)
    if not kind.owed(held.last):
        _hold_power(held.caller)
    queue.keep(job, done)
    return JobState.EM_ANDAMENTO if done.checkpoint is not None else _ended(job, JobState.CONCLUIDA)


def aside(job: Taken) -> bool:
    """Do what the last step has left to be done outside of any transaction, where none is open;
    whether there was anything. Raises whatever it raises: fail() is for that too."""
    found = KINDS[job.tipo].aside
    return found is not None and found(job.id)


def keep_figures(job: Taken) -> None:
    """Between two steps: what they change is folded as they go, since whoever reads figures looks
    at all that is not."""
    enter_tenant(job.equipe_id)
    metricsService.keep_up_with_much(job.equipe_id)


def fail(job: Taken, error: Exception) -> JobState:
    """After a step that raised, and so did nothing: leave it for another try after a pause, or end
    the job. Raises JobLost."""
    tried = queue.count_try(job)
    # A refusal that says when to come back is none for good.
    refused = isinstance(error, AppError) and error.retry_after is None
    if refused or tried >= TRIES:
        return _ended(job, JobState.FALHOU, _why(error))
    queue.let_go(job, pause=pause_after(tried))
    return JobState.EM_ANDAMENTO


def pause_after(tried: int) -> float:
    """Seconds until a step is tried again."""
    return min(2.0 ** (tried - 1), _LONGEST_PAUSE)


def _hold_power(caller: Principal) -> None:
    """Whoever asked must still be allowed to, until this step commits. Raises PowerLost.

    Asked at the end, as by all writers of leads: who waits for a lead holds no person. Whoever
    changes people would wait for them, and the lead's writer for a gestor that they hold.
    """
    if caller.usuario_id == NO_ONE:
        return
    try:
        hold_role(caller)
    except (Forbidden, Unauthenticated) as error:
        raise PowerLost() from error


def _ended(job: Taken, state: JobState, erro: Json | None = None) -> JobState:
    queue.end(job, state, erro)
    return state


def _told(error: AppError) -> Json:
    """A refusal, with the fields that it names."""
    fields = [f"{field.campo}: {field.mensagem}" for field in error.fields]
    return _said(error.code, " ".join([error.message, *fields]))


def _why(error: Exception) -> Json:
    """What is not the caller's fault is told without anything from inside."""
    if isinstance(error, AppError):
        return _told(error)
    found = healthService.explain(error) if isinstance(error, SQLAlchemyError) else None
    return _told(found) if found else _said(Code.ERRO_INTERNO, "Erro interno.")


def _said(code: Code, message: str) -> Json:
    return {"codigo": code.value, "mensagem": message}
