"""The funnel of a tenant: its stages, and the reasons for which a lead may be lost."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import select

from models.db import db
from models.db.messages.queries import Query, Row
from models.db.statements import fetch, fetch_here
from models.event import EventKind
from models.stage import Stage
from models.team_settings import TeamSettings
from services import history
from services.auth.authority import hold_gestor
from services.errors import Code, Conflict, StaleVersion
from services.policy import scope, visible_sql
from services.principal import Principal
from services.scores import current
from services.stages.moving import leads_in, move_all
from services.stages.plan import Asked as Asked
from services.stages.plan import Plan, plan
from utils.clock import now
from utils.text import fold

# Stages of a funnel.
FEWEST, MOST = 3, 30
UNCHANGED: Any = object()


class StageInUse(Conflict):
    code = Code.ETAPA_EM_USO
    message = "Há leads em etapas que sairiam ou mudariam de tipo: mande-os com mover."


class Listed(NamedTuple):
    chave: str
    nome: str
    tipo: str
    prazo_dias: int | None
    quantidade: int


class Funnel(NamedTuple):
    """Stages in their order, each with how many live leads the caller sees in it."""

    versao: int
    itens: list[Listed]
    arquivadas: list[Listed]
    motivos_perda: list[str] | None


def get_funnel(caller: Principal) -> Funnel:
    return _funnel(fetch(_query(caller.gestor), scope(caller), equipe_id=caller.equipe_id))


def replace_funnel(
    caller: Principal,
    asked: Sequence[Asked],
    mover: Mapping[str, str],
    motivos_perda: list[str] | None,
    *,
    versions: set[int] | None,
) -> Funnel:
    """Make these the stages, in this order; those that are left out are archived, once `mover` has
    taken their leads elsewhere. `motivos_perda` may be UNCHANGED.

    Raises Forbidden, StaleVersion, Invalid, StageInUse.
    """
    hold_gestor(caller)  # shared, as other writers hold them: none waits here for a stage
    settings = db.session.scalars(select(TeamSettings).with_for_update()).one()
    if versions is not None and settings.funil_versao not in versions:
        raise StaleVersion()
    there = db.session.scalars(select(Stage).order_by(Stage.ordem, Stage.id)).all()
    planned = plan(there, asked, mover)
    _empty(caller, planned)
    if _written(planned) | _reasons(settings, motivos_perda):
        settings.funil_versao += 1
        history.record(EventKind.FUNIL_ALTERADO, usuario_id=caller.usuario_id)
    db.session.flush()
    return _funnel(fetch_here(_query(True), scope(caller)))


def _empty(caller: Principal, planned: Plan) -> None:
    """Lock the stages that must be empty, so that their newest leads are seen, and move what is in
    them. Raises StageInUse."""
    touched = planned.emptied | planned.moves.keys()
    if not touched:
        return
    db.session.add_all(planned.new)  # leads may go there
    for place, (stage, each) in enumerate(planned.kept, start=1):
        if stage in planned.new:
            _set(stage, each, place)
    db.session.flush()
    current.hold(caller.equipe_id)
    locked = select(Stage.id).where(Stage.chave.in_(touched)).order_by(Stage.id)
    db.session.execute(locked.with_for_update()).all()
    if planned.moves:
        move_all(caller, planned.moves)
    if in_use := leads_in(caller.equipe_id, planned.emptied):
        used = [{"chave": chave, "quantidade": count} for chave, count in in_use.items()]
        raise StageInUse(data={"etapas": used})


def _written(planned: Plan) -> bool:
    """Write the stages; whether any has changed."""
    changed = bool(planned.new or planned.left or planned.moves)
    for stage in planned.left:
        stage.arquivada_em = now()
    db.session.add_all(planned.new)
    for place, (stage, each) in enumerate(planned.kept, start=1):
        changed |= _set(stage, each, place)
    return changed


def _set(stage: Stage, each: Asked, place: int) -> bool:
    values = {
        "nome": each.nome,
        "nome_chave": fold(each.nome),
        "tipo": each.tipo,
        "prazo_dias": each.prazo_dias,
        "ordem": place,
        "arquivada_em": None,
    }
    return bool(stage.change(values))


def _reasons(settings: TeamSettings, asked: list[str] | None) -> bool:
    if asked is UNCHANGED or settings.motivos_perda == asked:
        return False
    settings.motivos_perda = asked
    return True


@cache
def _query(gestor: bool) -> Query:
    return Query(
        "select e.chave, e.nome, e.tipo, e.prazo_dias, coalesce(l.quantidade, 0), "  # noqa: S608 - conditions of ours
        "e.arquivada_em is not null, c.funil_versao, c.motivos_perda from etapas e "
        "join configuracao c on c.equipe_id = e.equipe_id left join "
        "(select leads.etapa, count(*) as quantidade from leads "
        f"where {visible_sql(gestor)} group by leads.etapa) l on l.etapa = e.chave "
        "where e.equipe_id = %(equipe_id)s order by e.ordem, e.id",
        {},
    )


def _funnel(rows: Sequence[Row]) -> Funnel:
    listed = [(Listed(*row[:5]), row[5]) for row in rows]
    *_, versao, reasons = rows[0]
    return Funnel(
        versao,
        [stage for stage, archived in listed if not archived],
        [stage for stage, archived in listed if archived],
        reasons,
    )
