"""Of how many of a tenant's leads each rule of a set holds: what the linter asks about them."""

from typing import Any

from sqlalchemy import Select, bindparam, func, select, true

from models.lead import LEADS
from services.rules.definition import RuleSet
from services.rules.looking import computed, look

_MOST = 50_000  # leads, the newest
_FEWEST = 2_000
# Values that are worked out: rules may ask for 200 different ones of each lead.
_WORKED_OUT = 1_000_000


def most_counted(rules: RuleSet) -> int:
    """How many leads are looked at, so that it takes a moment whatever the rules."""
    different = len(computed(rules.regras, LEADS))
    return max(_FEWEST, min(_MOST, _WORKED_OUT // max(1, different)))


def count_held(rules: RuleSet, most: int) -> Select[Any]:
    """How many leads were looked at, and for how many each rule holds. Parameter: equipe_id."""
    live = (LEADS.c.equipe_id == bindparam("equipe_id"), LEADS.c.excluido_em.is_(None))
    newest = (
        select(LEADS)
        .where(*live)
        .order_by(LEADS.c.criado_em.desc(), LEADS.c.id.desc())
        .limit(most)
        .subquery()
    )
    found = look(rules.regras, newest, true())
    held: list[Any] = [func.count().filter(each) for each in found.holds]
    return select(func.count(), *held).select_from(found.leads)
