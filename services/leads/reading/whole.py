"""All leads that filters match, in one statement: for who takes them out of the house."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from models.derived.lead_score import SCORES
from models.lead import LEADS
from services.leads.reading.filters import ORDERS, condition
from services.policy import visible
from services.scores.statement import OF_LEAD


def matching(columns: Sequence[ColumnElement[Any]], filters: Sequence[str]) -> Select[Any]:
    """Columns of the leads, which stand beside their scores. `filters`: names of parameters()."""
    source = LEADS.join(SCORES, OF_LEAD, isouter=True)
    conditions = (*visible(True), *map(condition, filters))
    return select(*columns).select_from(source).where(*conditions)


def in_order(leads: Select[Any], ordenar: str) -> Select[Any]:
    """As the list has them: those without a sort value last, and the id closes the order."""
    order, descending = ORDERS[ordenar.lstrip("-")], ordenar.startswith("-")
    keys = [key.desc() if descending else key.asc() for key in (order.column, LEADS.c.id)]
    if order.nullable or order.column.table is SCORES:
        # Elsewhere it would keep PostgreSQL from an index.
        keys[0] = keys[0].nulls_last()
    return leads.order_by(*keys)
