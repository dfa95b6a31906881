"""The texts by which leads are looked up, derived from the leads' own; `q` reads them."""

from sqlalchemy import ColumnElement, FromClause, select
from sqlalchemy.dialects.postgresql import Insert, insert

from models.derived.lead_search import SEARCH_TEXTS
from models.lead import LEADS
from services.scores.statement import Among

INPUTS = frozenset({"busca"})
_TARGET = ["equipe_id", "lead_id", "busca"]


def fresh(leads: FromClause, condition: ColumnElement[bool]) -> Insert:
    """The texts of new leads."""
    return _rows(leads, condition)


def again(among: Among) -> Insert:
    """The texts of these leads, as their columns are now. A deleted one keeps its own: it may be
    looked for, and restored."""
    rows = _rows(LEADS, among(LEADS.c.equipe_id, LEADS.c.id))
    return rows.on_conflict_do_update(
        index_elements=_TARGET[:2],
        set_={"busca": rows.excluded.busca},
        where=SEARCH_TEXTS.c.busca != rows.excluded.busca,
    )


def _rows(leads: FromClause, condition: ColumnElement[bool]) -> Insert:
    found = select(leads.c.equipe_id, leads.c.id, leads.c.busca).where(condition)
    return insert(SEARCH_TEXTS).from_select(_TARGET, found)
