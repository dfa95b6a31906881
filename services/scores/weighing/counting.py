"""Of how many of a tenant's leads each rule of a set holds: what the linter asks about them."""

from typing import Any

from sqlalchemy import Select, bindparam, func, select, true

from models.lead import LEADS
from services.scores.definition import RuleSet
from services.scores.looking import look

MOST = 50_000  # leads, the newest


def count_held(rules: RuleSet) -> Select[Any]:
    """How many leads were looked at, and for how many each rule holds. Parameter: equipe_id."""
    live = (LEADS.c.equipe_id == bindparam("equipe_id"), LEADS.c.excluido_em.is_(None))
    newest = (
        select(LEADS)
        .where(*live)
        .order_by(LEADS.c.criado_em.desc(), LEADS.c.id.desc())
        .limit(MOST)
        .subquery()
    )
    found = look(rules.regras, newest, true())
    held: list[Any] = [func.count().filter(each) for each in found.holds]
    return select(func.count(), *held).select_from(found.leads)
