"""The team itself: its name, the time zone of its days, how its queue works, and what its model may
learn from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select

from models.db import db
from models.db.messages.queries import Query
from models.db.statements import fetch
from models.event import EventKind
from models.team import Team
from models.team_settings import TeamSettings
from services import history, jobService, metricsService, scoreService
from services.auth.managers import require_manager
from services.model.permitted import MAX_PERMITTED as MAX_PERMITTED
from services.model.permitted import MAX_REASON as MAX_REASON
from services.model.permitted import listed, permitted
from services.principal import Principal
from services.queue.refitting import PLACING, refit
from services.queue.settings import Settings, changed, complete
from utils.clock import now

_READ = Query(
    "select e.id, e.nome, e.fuso, e.criado_em, c.fila, c.taxa_ganho, "
    "cast(c.campos_permitidos as text) from equipes e "
    "join configuracao c on c.equipe_id = e.id where e.id = %(equipe_id)s",
    {},
)


@dataclass(frozen=True, slots=True)
class TeamView:
    """A team and the settings of its queue, all of them. `taxa_ganho`: which part of its leads it
    says that it wins."""

    id: int
    nome: str
    fuso: str
    criado_em: datetime
    fila: Settings
    taxa_ganho: float | None
    campos_permitidos: list[dict[str, Any]]


def get_team(caller: Principal) -> TeamView:
    values = {"equipe_id": caller.equipe_id}
    row = fetch(_READ, values, equipe_id=caller.equipe_id)[0]
    equipe_id, nome, fuso, criado_em, fila, rate, allowed = row
    permitted_now = listed(orjson.loads(allowed))
    return TeamView(equipe_id, nome, fuso, criado_em, complete(fila), rate, permitted_now)


def update_team(
    caller: Principal,
    changes: Mapping[str, str],
    fila: Mapping[str, Any] | None = None,
    learning: Mapping[str, Any] | None = None,
) -> TeamView:
    """Change nome or fuso, these settings of the queue, and of `learning` what the model goes by:
    taxa_ganho, campos_permitidos. Raises Forbidden, Invalid.

    The queue is brought into line with them, of many leads by a job.
    """
    # Before the gestores: who changes the stages holds it, and then asks for one of them.
    settings = db.session.scalars(select(TeamSettings).with_for_update()).one()
    require_manager(caller)
    team = db.session.get_one(Team, caller.equipe_id)
    fields = [*team.change(changes), *_learn(caller, settings, learning or {})]
    old = complete(settings.fila)
    new = changed(old, fila or {})
    if new != old:
        settings.fila = new
        fields.append("fila")
    db.session.flush()  # the queue is brought into line with what is kept
    placing = any(new[name] != old[name] for name in PLACING)
    if placing and not refit(caller.equipe_id):
        jobService.ensure_queued(caller.equipe_id, scoreService.JOB)
    if "fuso" in fields:
        metricsService.follow_zone(caller.equipe_id, team.fuso)
    if fields:
        history.record(EventKind.EQUIPE_ALTERADA, usuario_id=caller.usuario_id, campos=fields)
    allowed = listed(settings.campos_permitidos)
    return TeamView(
        team.id, team.nome, team.fuso, team.criado_em, new, settings.taxa_ganho, allowed
    )


def _learn(caller: Principal, settings: TeamSettings, asked: Mapping[str, Any]) -> list[str]:
    """The names of what has changed. The sweep asks for a training that goes by it."""
    new = dict(asked)
    if (fields := new.get("campos_permitidos")) is not None:
        kept = settings.campos_permitidos
        new["campos_permitidos"] = permitted(kept, fields, caller.usuario_id, now())
    return settings.change(new)
