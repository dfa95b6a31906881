"""What is selected of a lead: FIELDS in their order, as the wire carries them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, select

from models.derived.lead_score import SCORES
from models.lead import CENTS, LEADS, money_text
from services.leads.fields import FIELDS
from services.scores.statement import OF_LEAD

_FROM_SCORE = {"score", "faixa", "probabilidade"}


def select_leads(
    conditions: Iterable[ColumnElement[bool]], *, by_score: bool = False
) -> Select[Any]:
    """Leads beside their scores; an order by score starts from the scores' own index."""
    source = LEADS.join(SCORES, OF_LEAD, isouter=not by_score)
    return select(*lead_columns()).select_from(source).where(*conditions)


def lead_columns() -> list[ColumnElement[Any]]:
    """FIELDS, of a lead that stands beside its score."""
    return [_column(name) for name in FIELDS]


def _column(name: str) -> ColumnElement[Any]:
    """Money and `atributos` leave the database as the text that the wire carries, so that nothing
    is converted twice."""
    if name in CENTS:
        return money_text(LEADS.c[CENTS[name]])
    if name == "atributos":
        return cast(LEADS.c.atributos, Text)
    return (SCORES if name in _FROM_SCORE else LEADS).c[name]
