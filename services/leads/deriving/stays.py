"""The stays of leads in their stages, derived from the stage that a lead is in and since when.

A lead has one stay that has not ended. In another stage than that of the lead it ends, and the next
one begins; in the same stage with another date, its beginning is corrected. Whoever writes
`etapa_desde` makes it no earlier than it was before the move: no stay ends before it began.

A lead may go on from one stage of lost leads to another, so the stay that a loss ended is marked,
until the lead is open again or won.
"""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, exists, func, insert, literal, null, select, true
from sqlalchemy.sql.dml import Insert, Update

from models.derived.stay import STAYS
from models.lead import LEADS
from models.types import StageKind
from services.leads.stages import is_of_kind
from services.scores.statement import Among

# While a lead is deleted, its stage may become one of another kind.
INPUTS = frozenset({"etapa", "etapa_desde", "etapa_informada", "excluido_em"})
_TARGET = "equipe_id lead_id n etapa entrou_em saiu_em primeira informada".split()


def fresh(leads: FromClause, condition: ColumnElement[bool]) -> Insert:
    """The first stay of new leads."""
    return _insert(leads, literal(1), true(), condition)


def again(among: Among) -> Insert:
    """End, correct or begin the stays of these leads."""
    stays = STAYS.alias("s")
    last = select(func.coalesce(func.max(stays.c.n), 0) + 1).where(_of_lead(stays))
    known = exists().where(_of_lead(stays), stays.c.etapa == LEADS.c.etapa)
    current = exists().where(
        _of_lead(stays), stays.c.saiu_em.is_(None), stays.c.etapa == LEADS.c.etapa
    )
    these = among(LEADS.c.equipe_id, LEADS.c.id)
    begun = _insert(LEADS, last.scalar_subquery(), ~known, these & ~current)
    return begun.add_cte(
        _left(among).cte("encerradas"),
        _no_longer_lost(among).cte("retomadas"),
        _corrected(among).cte("corrigidas"),
        _before_corrected(among, stays).cte("anteriores"),
    )


def _insert(
    leads: FromClause,
    n: ColumnElement[int],
    primeira: ColumnElement[bool],
    condition: ColumnElement[bool],
) -> Insert:
    rows = select(
        leads.c.equipe_id,
        leads.c.id,
        n,
        leads.c.etapa,
        leads.c.etapa_desde,
        null(),
        primeira,
        leads.c.etapa_informada,
    )
    return insert(STAYS).from_select(_TARGET, rows.where(condition))


def _left(among: Among) -> Update:
    return _update(
        among,
        STAYS.c.etapa != LEADS.c.etapa,
        saiu_em=LEADS.c.etapa_desde,
        perdida=_of_lost(LEADS.c.etapa) & ~_of_lost(STAYS.c.etapa),
    )


def _no_longer_lost(among: Among) -> Update:
    these = among(STAYS.c.equipe_id, STAYS.c.lead_id)
    return (
        STAYS.update()
        .where(these, _of_lead(STAYS), STAYS.c.perdida, ~_of_lost(LEADS.c.etapa))
        .values(perdida=False)
    )


def _corrected(among: Among) -> Update:
    return _update(
        among,
        STAYS.c.etapa == LEADS.c.etapa,
        STAYS.c.entrou_em != LEADS.c.etapa_desde,
        entrou_em=LEADS.c.etapa_desde,
        informada=LEADS.c.etapa_informada,
    )


def _update(among: Among, *where: ColumnElement[bool], **values: Any) -> Update:
    """Of the stays that have not ended."""
    these = among(STAYS.c.equipe_id, STAYS.c.lead_id)
    return (
        STAYS.update()
        .where(STAYS.c.saiu_em.is_(None), these, _of_lead(STAYS), *where)
        .values(values)
    )


def _before_corrected(among: Among, current: FromClause) -> Update:
    """A stay ends when the next one begins."""
    return (
        STAYS.update()
        .where(
            among(STAYS.c.equipe_id, STAYS.c.lead_id),
            _of_lead(STAYS),
            _of_lead(current),
            current.c.saiu_em.is_(None),
            current.c.etapa == LEADS.c.etapa,
            current.c.entrou_em != LEADS.c.etapa_desde,
            STAYS.c.n == current.c.n - 1,
        )
        .values(saiu_em=LEADS.c.etapa_desde)
    )


def _of_lost(etapa: ColumnElement[str]) -> ColumnElement[bool]:
    return is_of_kind(LEADS.c.equipe_id, etapa, StageKind.PERDIDA)


def _of_lead(stays: FromClause) -> ColumnElement[bool]:
    return (stays.c.equipe_id == LEADS.c.equipe_id) & (stays.c.lead_id == LEADS.c.id)
