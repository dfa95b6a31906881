"""What the rules of activities look at, read with the lead under its lock."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, null, or_, select
from sqlalchemy.dialects.postgresql import array

from models.activity import ACTIVITIES
from models.derived.queue_entry import QUEUE
from models.lead import LEADS
from services.activities.rows import COLUMNS, Activity, is_one, parameters, promise
from services.leads.duplicates import Keys
from services.leads.writing.facts import Asked
from services.leads.writing.holding import Beside, Columns, Held
from services.principal import Principal

_SEQUENCE = "atividades_id_seq"


class Facts(NamedTuple):
    """`other` and `later`: the earliest open promise about the lead, that of the activity itself
    apart: of all, and of those that stay open when what is due is settled. `ids`: for new
    activities; `known`: the one that is there, None if it was deleted meanwhile."""

    queued: bool
    other: datetime | None
    later: datetime | None
    ids: list[int]
    known: Activity | None


def asked_by(said: Mapping[str, Any]) -> Asked:
    """What of an activity's lead has to be looked up."""
    return Asked(
        Keys(),
        stage="etapa" in said,
        etapa=said.get("etapa"),
        reason="motivo_perda" in said,
        lease=said.get("resultado") is not None,
    )


def beside_new(caller: Principal, lead_id: int, said: Mapping[str, Any]) -> Beside:
    """For a new activity: with a result, what it promises is an activity of its own."""
    promises = said.get("resultado") and said.get("prevista_para")
    return _beside(caller, lead_id, 0, said, columns=_columns(2 if promises else 1, False))


def beside_known(
    caller: Principal, lead_id: int, atividade_id: int, said: Mapping[str, Any]
) -> Beside:
    """For a change of one that is there, which may come to promise something."""
    ids = 1 if said.get("prevista_para") else 0
    return _beside(caller, lead_id, atividade_id, said, columns=_columns(ids, True))


def facts_of(held: Held) -> Facts:
    queued, other, later, ids, known = held.beside
    return Facts(queued, other, later, ids or [], known and _known(known))


def _known(found: dict[str, Any]) -> Activity:
    """Instants come as texts in JSON."""
    dates = {
        name: datetime.fromisoformat(found[name])
        for name in ("prevista_para", "concluida_em", "criado_em", "atualizado_em")
        if found[name] is not None
    }
    return Activity(**found | dates)


def _beside(
    caller: Principal, lead_id: int, atividade_id: int, said: Mapping[str, Any], columns: Columns
) -> Beside:
    values = parameters(caller, lead_id, atividade_id)
    return Beside(columns, values | {"promessa": said.get("prevista_para")})


@cache
def _columns(ids: int, known: bool) -> Columns:
    """Always the same function, by which the statement is known."""

    def columns() -> list[ColumnElement[Any]]:
        due = ACTIVITIES.c.prevista_para
        stays = and_(due > func.now(), or_(promise().is_(None), due >= promise()))
        pairs = [part for column in COLUMNS for part in (column.name, column)]
        found = select(func.json_build_object(*pairs)).where(is_one()).scalar_subquery()
        new = array([func.nextval(_SEQUENCE) for _ in range(ids)]) if ids else null()
        return [_queued(), _earliest(), _earliest(stays), new, found if known else null()]

    return columns


def _queued() -> ColumnElement[bool]:
    return exists().where(QUEUE.c.equipe_id == LEADS.c.equipe_id, QUEUE.c.lead_id == LEADS.c.id)


def _earliest(*conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    return (
        select(func.min(ACTIVITIES.c.prevista_para))
        .where(
            ACTIVITIES.c.equipe_id == LEADS.c.equipe_id,
            ACTIVITIES.c.lead_id == LEADS.c.id,
            ACTIVITIES.c.concluida_em.is_(None),
            ~is_one(),
            *conditions,
        )
        .scalar_subquery()
    )
