"""The next contact of a lead, and the promises that it comes from.

`proximo_contato_em` is always the earliest open promise. Who writes the date instead of a promise
makes or moves one here: the earliest is moved there, those before it end, and without a date all
do. Each one that is made or changed has its event; whose it is is the lead's to tell.
"""

from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Select,
    case,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.sql.dml import Insert, Update

from models.activity import ACTIVITIES, ActivityKind
from models.event import EVENTS, EventKind
from models.lead import LEADS
from services.history import FOLLOWED, followed, names
from services.scores.statement import Among

INPUTS = frozenset({"proximo_contato_em"})
OWNER = frozenset({"responsavel_id"})
# What differs in a promise that ends.
ENDED = names("concluida_em", "encerrada")
_KEY = [ACTIVITIES.c[name] for name in ("equipe_id", "lead_id", "id")]
_TARGET = ("equipe_id", "lead_id", "responsavel_id", "tipo", "prevista_para")


def fresh(leads: FromClause, condition: ColumnElement[bool]) -> Insert:
    """The promises of new leads."""
    dated = leads.c.proximo_contato_em.is_not(None)
    return _told(_made(_tasks(leads).where(condition, dated)))


def again(among: Among) -> Insert:
    """Bring the promises of these leads to their dates. An open activity is a promise."""
    these = among(LEADS.c.equipe_id, LEADS.c.id)
    open_ones = (
        select(
            ACTIVITIES.c.equipe_id,
            ACTIVITIES.c.id,
            ACTIVITIES.c.lead_id,
            ACTIVITIES.c.prevista_para,
            LEADS.c.proximo_contato_em.label("agora"),
            func.row_number()
            .over(
                partition_by=(ACTIVITIES.c.equipe_id, ACTIVITIES.c.lead_id),
                order_by=(ACTIVITIES.c.prevista_para, ACTIVITIES.c.id),
            )
            .label("n"),
        )
        .select_from(ACTIVITIES.join(LEADS, _of_lead()))
        .where(these, ACTIVITIES.c.concluida_em.is_(None))
        .cte("abertas")
    )
    first = (open_ones.c.n == 1) & open_ones.c.agora.is_not(None)
    done = or_(open_ones.c.agora.is_(None), open_ones.c.prevista_para < open_ones.c.agora) & ~first
    moved = first & (open_ones.c.prevista_para != open_ones.c.agora)
    changed = (
        update(ACTIVITIES)
        .where(
            ACTIVITIES.c.equipe_id == open_ones.c.equipe_id,
            ACTIVITIES.c.id == open_ones.c.id,
            or_(done, moved),
        )
        .values(
            prevista_para=case((first, open_ones.c.agora), else_=ACTIVITIES.c.prevista_para),
            concluida_em=case((first, None), else_=func.now()),
            encerrada=case((first, false()), else_=true()),
            atualizado_em=func.now(),
        )
        .returning(*_KEY, ACTIVITIES.c.encerrada)
        .cte("acertadas")
    )
    none_open = (
        ~select(literal(1))
        .where(open_ones.c.equipe_id == LEADS.c.equipe_id, open_ones.c.lead_id == LEADS.c.id)
        .exists()
    )
    wanted = _tasks(LEADS).where(these, LEADS.c.proximo_contato_em.is_not(None), none_open)
    fields = case((changed.c.encerrada, ENDED), else_=names("prevista_para"))
    return _told(_made(wanted), followed(EventKind.ATIVIDADE_ALTERADA, changed, fields))


def follow(among: Among) -> Update:
    """Open promises are those of whoever cares for the lead."""
    return (
        update(ACTIVITIES)
        .where(
            _of_lead(),
            among(LEADS.c.equipe_id, LEADS.c.id),
            ACTIVITIES.c.concluida_em.is_(None),
            ACTIVITIES.c.responsavel_id.is_distinct_from(LEADS.c.responsavel_id),
        )
        .values(responsavel_id=LEADS.c.responsavel_id)
    )


def _made(tasks: Select[Any]) -> CTE:
    made = insert(ACTIVITIES).from_select(list(_TARGET), tasks)
    return made.returning(*_KEY).cte("feitas")


def _told(made: CTE, *more: Select[Any]) -> Insert:
    events = followed(EventKind.ATIVIDADE_CRIADA, made, names("prevista_para", "tipo"))
    return insert(EVENTS).from_select(list(FOLLOWED), union_all(events, *more))


def _of_lead() -> ColumnElement[bool]:
    return (ACTIVITIES.c.equipe_id == LEADS.c.equipe_id) & (ACTIVITIES.c.lead_id == LEADS.c.id)


def _tasks(leads: FromClause) -> Select[tuple[object, ...]]:
    return select(
        leads.c.equipe_id,
        leads.c.id,
        leads.c.responsavel_id,
        literal(ActivityKind.TAREFA.value),
        leads.c.proximo_contato_em,
    )
