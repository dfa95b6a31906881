"""How many leads of each stage a person has, as changes to what was counted before.

The copy of a lead beside its score (scores.statement) says whose it was and in which stage: so this
is derived before the score is.
"""

from typing import Any

from sqlalchemy import FromClause, Select, func, insert, literal, select, union_all
from sqlalchemy.sql.dml import Insert
from sqlalchemy.sql.elements import ColumnElement

from models.derived.lead_score import SCORES
from models.derived.load import LOAD_CHANGES
from models.lead import LEADS
from services.scores.statement import Among

INPUTS = frozenset({"responsavel_id", "etapa", "excluido_em"})
_OF_WHOM = ("equipe_id", "responsavel_id", "etapa")
_TARGET = ("equipe_id", "usuario_id", "etapa", "n")


def fresh(leads: FromClause, condition: ColumnElement[bool]) -> Insert:
    """What new leads add."""
    return _append(_each(leads, 1).where(condition))


def again(among: Among) -> Insert:
    """What these leads add where they are now, and take away where they were."""
    now = _each(LEADS, 1).where(among(LEADS.c.equipe_id, LEADS.c.id), LEADS.c.excluido_em.is_(None))
    before = _each(SCORES, -1).where(among(SCORES.c.equipe_id, SCORES.c.lead_id))
    return _append(union_all(now, before))


def _each(rows: FromClause, n: int) -> Select[tuple[object, ...]]:
    columns = (rows.c[name] for name in _OF_WHOM)
    return select(*columns, literal(n).label("n")).where(rows.c.responsavel_id.is_not(None))


def _append(rows: Any) -> Insert:
    """One row for each person and stage that has changed."""
    changes = rows.subquery("mudancas")
    of_whom = [changes.c[name] for name in _OF_WHOM]
    total = func.sum(changes.c.n)
    summed = select(*of_whom, total).group_by(*of_whom).having(total != 0)
    return insert(LOAD_CHANGES).from_select(list(_TARGET), summed)
