"""The goals of a month as they are kept."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

import orjson
from sqlalchemy import delete, select

from models.db import db
from models.db.messages.queries import Query
from models.db.statements import execute_here, fetch, fetch_here
from models.goal import Goal, GoalMonth
from services.goals.wanted import Wanted
from services.principal import Principal

_READ = Query(
    "select coalesce(m.versao, 0), cast(c.fila as text), g.id, g.responsavel_id, g.produto, "
    "g.valor_centavos, g.ganhos from configuracao c "
    "left join metas_meses m on m.equipe_id = c.equipe_id and m.mes = %(mes)s "
    "left join metas g on g.equipe_id = m.equipe_id and g.mes = m.mes "
    "where c.equipe_id = %(equipe_id)s order by g.id",
    {},
)
_ADD_MONTH = Query(
    "insert into metas_meses (equipe_id, mes) values (%(equipe_id)s, %(mes)s) "
    "on conflict do nothing",
    {},
)
_USERS = Query(
    "select id from usuarios where equipe_id = %(equipe_id)s "
    "and id = any(cast(%(ids)s as bigint[]))",
    {},
)


class Kept(NamedTuple):
    """`fila`: the settings that say on which days the tenant works."""

    versao: int
    metas: list[Wanted]
    fila: dict[str, Any]


def read(caller: Principal, month: date) -> Kept:
    values = {"equipe_id": caller.equipe_id, "mes": month}
    rows = fetch(_READ, values, equipe_id=caller.equipe_id)
    versao, settings = rows[0][:2]
    goals = [Wanted(*row[3:]) for row in rows if row[2] is not None]
    return Kept(versao, goals, orjson.loads(settings))


def hold(equipe_id: int, month: date) -> GoalMonth:
    """The month, held for a change of its goals."""
    execute_here(_ADD_MONTH, {"equipe_id": equipe_id, "mes": month})
    return db.session.scalars(
        select(GoalMonth).where(GoalMonth.mes == month).with_for_update()
    ).one()


def users_among(equipe_id: int, ids: Iterable[int | None]) -> set[int]:
    """Those that are of the tenant, whether they still work there or not."""
    return {found for (found,) in fetch_here(_USERS, {"equipe_id": equipe_id, "ids": list(ids)})}


def replace(month: date, wanted: Sequence[Wanted]) -> bool:
    """Make these the goals of the month, which is held; whether any has changed."""
    there = db.session.scalars(select(Goal).where(Goal.mes == month)).all()
    before = {
        Wanted(goal.responsavel_id, goal.produto, goal.valor_centavos, goal.ganhos)
        for goal in there
    }
    if before == set(wanted):
        return False
    # At once: the session would insert before it deletes.
    db.session.execute(delete(Goal).where(Goal.mes == month))
    db.session.add_all(_entity(month, goal) for goal in wanted)
    return True


def _entity(month: date, goal: Wanted) -> Goal:
    return Goal(
        mes=month,
        responsavel_id=goal.responsavel_id,
        produto=goal.produto,
        produto_chave=goal.aim.produto,
        valor_centavos=goal.valor,
        ganhos=goal.ganhos,
    )
