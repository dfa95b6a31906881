"""Of how many of a tenant's leads each rule of a set holds: what the linter asks about them."""

from typing import Any

from sqlalchemy import Select, bindparam, func, select

from models.lead import LEADS
from services.scores.conditions import condition
from services.scores.definition import RuleSet

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
    held: list[Any] = [func.count().filter(condition(rule, newest)) for rule in rules.regras]
    return select(func.count(), *held).select_from(newest)
