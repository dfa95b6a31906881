"""The queue in `trabalhos`: a job is taken, held for each of its steps, and let go.

Two things keep a job from being done by two workers. A lease (`tomado_ate`) says between its steps
whose it is. During a step its row is locked, for as long as the step lasts: a lease that ends
meanwhile gives the job to nobody. So the lease need only outlast the moment between two steps, and
the job of a worker that was killed waits no longer than that.

All moments are those of the database's clock.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from models.db.messages.queries import Query
from models.db.statements import execute_here, fetch_here
from models.job import JobState
from services.jobs.steps import Json, Step
from services.principal import Principal, the_server

LEASE = 10  # seconds
# Of a job that does something between two steps, whose row nobody locks meanwhile.
LONG_LEASE = 120

# Tenants take turns. A job waits since it was asked for or, if that is later, since its tenant was
# served last; one that was let go between two steps waits since then. Of a tenant's jobs the oldest
# comes first.
_WAITING = """
select t.id, greatest(t.criado_em, (
    select a.concluida_em from trabalhos a
    where a.equipe_id = t.equipe_id and a.iniciada_em is not null order by a.id desc limit 1
  )) as desde
from trabalhos t
where t.estado = 'na_fila' and t.tipo = any(%(tipos)s)
  and not exists (
    select from trabalhos r where r.equipe_id = t.equipe_id and r.estado = 'em_andamento')
  and not exists (
    select from trabalhos o where o.equipe_id = t.equipe_id and o.estado = 'na_fila'
      and o.id < t.id and o.tipo = any(%(tipos)s))
union all
select id, tomado_ate from trabalhos
where estado = 'em_andamento' and tomado_ate < clock_timestamp() and tipo = any(%(tipos)s)
"""
IS_DUE = f"select exists ({_WAITING})"
# What has changed since the statement began is looked at again when the row is locked. A worker
# that vanished has tried a step in vain.
_TAKE = Query(
    f"""
    with fila as materialized ({_WAITING}), escolhido as (
      select t.id, t.iniciada_em is not null as de_novo from fila join trabalhos t on t.id = fila.id
      where t.estado = 'na_fila' or (t.estado = 'em_andamento' and t.tomado_ate < clock_timestamp())
      order by fila.desde, t.id limit 1 for no key update of t skip locked
    )
    update trabalhos t set
      estado = 'em_andamento', tomado_por = %(titular)s,
      tomado_ate = clock_timestamp() + %(prazo)s * interval '1 second',
      tentativas = t.tentativas + cast(t.tomado_por is not null as int),
      iniciada_em = coalesce(t.iniciada_em, clock_timestamp())
    from escolhido where t.id = escolhido.id
    returning t.id, t.equipe_id, t.tipo, t.usuario_id, t.chave_id, t.tentativas, t.tomado_por,
      escolhido.de_novo
    """,
    {"prazo": LEASE},
)
_HOLD = Query(
    """
    select t.role, e.fuso, t.parametros, t.checkpoint, t.resultado, t.progresso,
      t.cancelamento_em is not null, t.tentativas
    from trabalhos t join equipes e on e.id = t.equipe_id
    where t.id = %(id)s and t.tomado_por = %(titular)s for no key update of t
    """,
    {},
)
_OURS = " where id = %(id)s and tomado_por = %(titular)s returning id"
# A step that leaves something to be done aside counts as done when that is, too: the step is the
# first part of each try, and succeeds each time.
_KEEP = Query(
    """
    update trabalhos set checkpoint = cast(%(checkpoint)s as jsonb),
      progresso = cast(%(progresso)s as jsonb), resultado = cast(%(resultado)s as jsonb),
      tentativas = case when %(aparte)s then tentativas else 0 end,
      tomado_ate = clock_timestamp() + %(prazo)s * interval '1 second'
    """
    + _OURS,
    {},
)
_END = Query(
    """
    update trabalhos set estado = %(estado)s, erro = cast(%(erro)s as jsonb), tomado_por = null,
      tomado_ate = null, checkpoint = null, parametros = '{}', concluida_em = clock_timestamp()
    """
    + _OURS,
    {},
)
_LET_GO = Query(
    """
    update trabalhos set tomado_por = null,
      tomado_ate = clock_timestamp() + %(pausa)s * interval '1 second'
    """
    + _OURS,
    {},
)
_COUNT_TRY = Query(
    """
    update trabalhos set tentativas = tentativas + 1
    where id = %(id)s and tomado_por = %(titular)s returning tentativas
    """,
    {},
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A job in the hands of one worker. `tentativas`: how often its next step was tried in vain;
    `again`: whether it was taken before."""

    id: int
    equipe_id: int
    tipo: str
    usuario_id: int | None
    chave_id: int | None
    tentativas: int
    titular: str
    again: bool

    @property
    def ours(self) -> dict[str, Any]:
        return {"id": self.id, "titular": self.titular}


@dataclass(frozen=True, slots=True)
class Held:
    """What a step is done with, for as long as its transaction holds the job's row."""

    caller: Principal
    parametros: Json
    last: Step | None
    cancelled: bool
    tentativas: int


class JobLost(RuntimeError):
    """Another worker has the job, or it has ended: this one was away for longer than its lease."""


def take(holder: str, kinds: Collection[str]) -> Taken | None:
    """Take the job that has waited longest; None if no job waits.

    Two workers that look at the same moment may both want a job of one tenant: the later one then
    gets an IntegrityError, and looks again.
    """
    rows = fetch_here(_TAKE, {"titular": holder, "tipos": list(kinds)})
    return Taken(*rows[0]) if rows else None


def hold(job: Taken) -> Held:
    """Lock the job's row for this transaction. Raises JobLost."""
    rows = fetch_here(_HOLD, job.ours)
    if not rows:
        raise JobLost()
    role, fuso, parametros, checkpoint, resultado, progresso, *rest = rows[0]
    last = None if resultado is None else Step(checkpoint, resultado, **progresso)
    return Held(_caller(job, role, fuso), parametros, last, *rest)


def keep(job: Taken, step: Step) -> None:
    """Write down where the job stands now, and renew the lease."""
    values = {
        "prazo": LONG_LEASE if step.aside else LEASE,
        "aparte": step.aside,
        "checkpoint": _json(step.checkpoint),
        "progresso": _json(step.progresso),
        "resultado": _json(step.resultado),
    }
    execute_here(_KEEP, {**job.ours, **values})


def end(job: Taken, state: JobState, erro: Json | None = None) -> bool:
    """End the job; whether it was still this worker's."""
    return bool(fetch_here(_END, {**job.ours, "estado": state.value, "erro": _json(erro)}))


def let_go(job: Taken, *, pause: float = 0.0) -> None:
    """Leave the job, if it is still this worker's, to whoever takes it after a pause in seconds."""
    execute_here(_LET_GO, {**job.ours, "pausa": pause})


def count_try(job: Taken) -> int:
    """Count a step that failed; how often it has now been tried. Raises JobLost."""
    rows = fetch_here(_COUNT_TRY, job.ours)
    if not rows:
        raise JobLost()
    return int(rows[0][0])


def _caller(job: Taken, role: str, fuso: str) -> Principal:
    if job.usuario_id is None:
        return replace(the_server(job.equipe_id, fuso), trabalho_id=job.id)
    return Principal(
        usuario_id=job.usuario_id,
        equipe_id=job.equipe_id,
        sessao_id=None,
        role=role,
        fuso=fuso,
        chave_id=job.chave_id,
        trabalho_id=job.id,
    )


def _json(value: Json | None) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)
