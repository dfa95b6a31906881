"""Jobs as those who ask see them: asked for, looked at, cancelled. workService does them."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, func, select

from models.db import db
from models.db.statements import count_here
from models.job import ENDED, Job, JobState
from models.team import Team
from models.types import Role
from services.errors import Code, Conflict, NotFound
from services.jobs.steps import Json
from services.paging import Page, Paging
from services.policy import visible_jobs
from services.principal import Principal
from utils.clock import now

MAX_QUEUED = 100  # of a tenant
# An ended job is kept for a while: it tells what became of it.
_KEPT = timedelta(days=90)


class QueueFull(Conflict):
    code = Code.FILA_CHEIA
    message = f"A equipe já tem {MAX_QUEUED} trabalhos na fila. Tente de novo quando andarem."

    def __init__(self) -> None:
        super().__init__(retry_after=60)


class JobEnded(Conflict):
    code = Code.TRABALHO_TERMINADO
    message = "O trabalho já terminou: não há o que cancelar."


class Standing(NamedTuple):
    """Where a job stands; `resultado`: what its steps have come to until now."""

    id: int
    equipe_id: int
    estado: JobState
    progresso: Json | None
    resultado: Json | None


def enqueue(caller: Principal, tipo: str, parametros: Json) -> Job:
    """Ask for a job, in the caller's name and with their power. A worker finds it once the
    transaction is committed. Raises QueueFull."""
    if _queued(caller.equipe_id) >= MAX_QUEUED:
        raise QueueFull()
    return _add(
        Job(
            equipe_id=caller.equipe_id,
            usuario_id=caller.usuario_id,
            chave_id=caller.chave_id,
            role=caller.role,
            tipo=tipo,
            parametros=parametros,
        )
    )


def enqueue_for_operator(equipe_id: int, tipo: str) -> Job:
    """A job that whoever runs the server asks for, in the name of no one. Raises NotFound."""
    require_team(equipe_id)
    return _add(Job(equipe_id=equipe_id, role=Role.GESTOR, tipo=tipo))


def require_team(equipe_id: int) -> None:
    """Of whoever runs the server, who may name one that is not there. Raises NotFound."""
    if db.session.get(Team, equipe_id) is None:
        raise NotFound(f"Não há equipe com o número {equipe_id}.")


def ensure_queued(equipe_id: int, tipo: str) -> None:
    """A job that follows from what has changed, in the name of no one; none if one of its kind
    waits already, for that one will see the change too."""
    waiting = select(Job.id).where(
        Job.equipe_id == equipe_id, Job.tipo == tipo, Job.estado == JobState.NA_FILA
    )
    if db.session.scalar(waiting.limit(1)) is None:
        _add(Job(equipe_id=equipe_id, role=Role.GESTOR, tipo=tipo))


def asked_since(equipe_id: int, kinds: Collection[str], moment: datetime) -> bool:
    """Whether a job of one of these kinds was asked for since a moment."""
    asked = select(Job.id).where(
        Job.equipe_id == equipe_id, Job.tipo.in_(kinds), Job.criado_em > moment
    )
    return db.session.scalar(asked.limit(1)) is not None


def is_at_work(equipe_id: int, kinds: Collection[str]) -> bool:
    """Whether a job of one of these kinds waits or is being done."""
    mine = (Job.equipe_id == equipe_id, Job.tipo.in_(kinds))
    alive = Job.estado.in_([JobState.NA_FILA, JobState.EM_ANDAMENTO])
    return db.session.scalar(select(Job.id).where(*mine, alive).limit(1)) is not None


def is_alive(job_id: int) -> bool:
    """Whether a job waits or is being done."""
    return db.session.scalar(select(Job.estado).where(Job.id == job_id)) not in (None, *ENDED)


def list_jobs(
    caller: Principal,
    *,
    estados: Sequence[str] = (),
    limite: int,
    cursor: str | None,
    cursor_key: bytes,
) -> Page[Job]:
    """One page of the jobs that the caller sees, newest first. Raises InvalidCursorGiven.

    `estados`: those in one of these states only.
    """
    view = f"jobs {caller.equipe_id} {caller.usuario_id} {caller.chave_id} {sorted(estados)}"
    paging = Paging(view, limite, cursor, cursor_key)
    conditions = [*visible_jobs(caller), *([Job.estado.in_(estados)] if estados else [])]
    if after := paging.after():
        conditions.append(Job.id < after[0])
    found = select(Job).where(*conditions).order_by(Job.id.desc()).limit(limite + 1)
    return paging.page(db.session.scalars(found).all(), lambda job: [job.id])


def get_job(caller: Principal, job_id: int) -> Job:
    """A job that the caller sees. Raises NotFound."""
    job = db.session.scalar(select(Job).where(*visible_jobs(caller), Job.id == job_id))
    if job is None:
        raise NotFound()
    return job


def cancel_job(caller: Principal, job_id: int) -> Job:
    """Cancel a job that the caller sees: at once where no worker is at it, else before its next
    step. What its steps have done stays. Asked for again it changes nothing.

    Raises NotFound, JobEnded. A step that is under way is waited for.
    """
    job = get_job(caller, job_id)
    db.session.refresh(job, with_for_update={"key_share": True})
    if job.estado == JobState.CANCELADA:
        return job
    if job.estado in ENDED:
        raise JobEnded()
    job.cancelamento_em = job.cancelamento_em or now()
    if job.tomado_por is None or (job.tomado_ate and job.tomado_ate < now()):
        _end_cancelled(job)
    db.session.flush()
    return job


def look_at(ids: Collection[int]) -> list[Standing]:
    """Where jobs stand that were asked for here, by their ids."""
    columns = (Job.id, Job.equipe_id, Job.estado, Job.progresso, Job.resultado)
    found = select(*columns).where(Job.id.in_(ids)).order_by(Job.id)
    return [
        Standing(job_id, equipe_id, JobState(estado), progresso, resultado)
        for job_id, equipe_id, estado, progresso, resultado in db.session.execute(found)
    ]


def forget_ended(most: int) -> int:
    """Delete jobs that ended more than 90 days ago, so many of them; how many there were."""
    old = select(Job.id).where(Job.concluida_em < now() - _KEPT).limit(most)
    return count_here(delete(Job).where(Job.id.in_(old)))


def _add(job: Job) -> Job:
    db.session.add(job)
    db.session.flush()  # generates the id that the reply names
    return job


def _queued(equipe_id: int) -> int:
    waiting = Job.estado == JobState.NA_FILA
    counted = select(func.count()).where(Job.equipe_id == equipe_id, waiting)
    return db.session.scalar(counted) or 0


def _end_cancelled(job: Job) -> None:
    job.estado, job.concluida_em = JobState.CANCELADA, now()
    job.tomado_por = job.tomado_ate = job.checkpoint = None
    job.parametros = {}
