"""Locks many leads for a change; a single one is locked by holding."""

from sqlalchemy import Select, TextClause, func, select

from models.db import db
from models.lead import Lead


def lock_leads(equipe_id: int, ids: TextClause) -> None:
    """Hold the live leads of a tenant among `ids`, a subquery, for update.

    Whoever looks at them before must look again: they may have changed, or been deleted, while
    this writer waited.
    """
    live = select(Lead.id).where(Lead.equipe_id == equipe_id, Lead.excluido_em.is_(None))
    held = _held(live.where(Lead.id.in_(ids)))
    db.session.execute(select(func.count()).select_from(held.subquery()))


def _held[*Columns](leads: Select[*Columns]) -> Select[*Columns]:
    """These leads by ascending id, so that two writers never wait for each other."""
    return leads.order_by(Lead.id).with_for_update(key_share=True)
