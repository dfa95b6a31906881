"""An import as it is kept: begun, and ended with its report."""

from typing import Any

from sqlalchemy import select

from models.db import db
from models.db.messages.queries import Query
from models.db.statements import fetch_here
from models.imports.run import ImportRun, RunState
from services.errors import NotFound
from services.imports.reporting.lines import Which, first_of, told
from services.principal import Principal
from utils.clock import now

# What of a report is told of which lines.
TOLD: dict[str, Which] = {
    "erros": "rejeitada",
    "linhas_puladas": "pulada",
    "avisos": "importada",
}
_END_LEFT = Query(
    "update importacoes i set estado = t.estado, concluida_em = t.concluida_em, erro = t.erro, "
    "mapeamento = null from trabalhos t where i.equipe_id = %(equipe_id)s "
    "and i.concluida_em is null and t.equipe_id = i.equipe_id and t.id = i.trabalho_id "
    "and t.estado in ('cancelada', 'falhou') returning i.id",
    {},
)


def begin(caller: Principal, estado: RunState, **more: Any) -> ImportRun:
    run = ImportRun(usuario_id=caller.usuario_id, chave_id=caller.chave_id, estado=estado, **more)
    db.session.add(run)
    db.session.flush()  # generates the id that the events name
    return run


def get(equipe_id: int, run_id: int) -> ImportRun:
    """To be changed. Raises NotFound."""
    return _found(db.session.get(ImportRun, (equipe_id, run_id)))


def hold(equipe_id: int, run_id: int) -> ImportRun:
    """The same, locked as it is now: others that want to change it wait. Raises NotFound."""
    locked = {"key_share": True}
    key = (equipe_id, run_id)
    return _found(db.session.get(ImportRun, key, with_for_update=locked, populate_existing=True))


def end_left(equipe_id: int) -> None:
    """End the imports of a tenant whose jobs were cancelled or failed, and told them nothing."""
    for (run_id,) in fetch_here(_END_LEFT, {"equipe_id": equipe_id}):
        _keep_first_lines(get(equipe_id, run_id))


def is_at_work(equipe_id: int) -> bool:
    """Whether a worker is at an import of the tenant."""
    end_left(equipe_id)
    at_work = select(ImportRun.id).where(
        ImportRun.equipe_id == equipe_id,
        ImportRun.concluida_em.is_(None),
        ImportRun.estado == RunState.EM_ANDAMENTO,
    )
    return db.session.scalar(at_work.limit(1)) is not None


def finish(run: ImportRun) -> None:
    """End it with its report."""
    run.estado, run.concluida_em, run.mapeamento = RunState.CONCLUIDA, now(), None
    _keep_first_lines(run)


def _keep_first_lines(run: ImportRun) -> None:
    """What is told of them stays, and the lines themselves do not."""
    for name, which in TOLD.items():
        asked = first_of(run.equipe_id, run.id, which)
        setattr(run, name, [told(*row) for row in fetch_here(*asked)])
    db.session.flush()  # so that a dry run can roll it back with the rest


def _found(run: ImportRun | None) -> ImportRun:
    if run is None:
        raise NotFound()
    return run
