"""The locks that a writer of leads takes; their order is in holding."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    TextClause,
    any_,
    bindparam,
    cast,
    column,
    func,
    select,
    true,
)

from models.db import db
from models.db.messages.queries import Query, compile_query
from models.db.statements import fetch_here
from models.lead import LEADS, Lead
from models.stage import STAGES
from services.leads.duplicates import MOST_FOUND
from services.leads.matching import matches
from services.policy import visible, visible_by_id


@cache
def lead_lock(gestor: bool, deleted: bool) -> Query:
    """Holds one lead. Parameters: id and those of scope().

    A statement of its own: one that waits for a lead sees all else as it was before it waited.
    """
    one = (*visible_by_id(gestor, deleted=deleted), LEADS.c.id == bindparam("id"))
    return compile_query(select(LEADS.c.id).where(*one).with_for_update(key_share=True), hot=True)


@cache
def these_lock(deleted: bool) -> Query:
    """The same of many, whoever cares for them. Parameters: equipe_id and ids."""
    these = (*visible(True, deleted=deleted), LEADS.c.id == any_of_ids())
    held = select(LEADS.c.id).where(*these).order_by(LEADS.c.id)
    return compile_query(held.with_for_update(key_share=True))


def any_of_ids() -> ColumnElement[Any]:
    """The parameter `ids`, to be compared with an id."""
    return any_(cast(bindparam("ids"), ARRAY(BigInteger)))


@cache
def keyed_lock() -> Query:
    """Holds the live leads that have one of the keys, which are held already: so no other lead can
    get one of them. Parameters: those of matches().

    Each is looked up by its id, in their order: to give that order itself, a plan that is made
    beforehand would walk past all leads of a tenant.
    """
    found = matches().subquery()
    ordered = select(found.c.id).group_by(found.c.id).order_by(found.c.id).limit(MOST_FOUND)
    each = ordered.subquery()
    one = (*visible(True), LEADS.c.id == each.c.id)
    held = select(LEADS.c.id).where(*one).with_for_update(key_share=True).lateral()
    return compile_query(select(held.c.id).select_from(each.join(held, true())), hot=True)


@cache
def stages_lock() -> Query:
    """Holds all stages: a deleted lead returns to its own, or to the first. Parameter: equipe_id.

    Who archives one waits, and sees the leads in it.
    """
    live = (STAGES.c.equipe_id == bindparam("equipe_id")) & STAGES.c.arquivada_em.is_(None)
    held = select(STAGES.c.id).where(live).order_by(STAGES.c.id)
    return compile_query(held.with_for_update(read=True, key_share=True))


def lock_next(equipe_id: int, after: int, most: int) -> list[int]:
    """Hold the next live leads of a tenant behind an id, so many; their ids."""
    live = select(Lead.id).where(Lead.equipe_id == equipe_id, Lead.excluido_em.is_(None))
    return list(db.session.scalars(_held(live.where(Lead.id > after).limit(most))))


def lock_these(equipe_id: int, ids: Sequence[int]) -> list[int]:
    """The same of those of these that are live."""
    rows = fetch_here(these_lock(False), {"equipe_id": equipe_id, "ids": list(ids)})
    return [lead_id for (lead_id,) in rows]


def lock_leads(equipe_id: int, ids: TextClause) -> None:
    """Hold the live leads of a tenant among `ids`, a subquery, for update.

    Whoever looks at them before must look again: they may have changed, or been deleted, while
    this writer waited.

    They are an array: of leads that nobody has counted yet the planner expects one row, and would
    make the subquery anew for each.
    """
    live = select(Lead.id).where(Lead.equipe_id == equipe_id, Lead.excluido_em.is_(None))
    listed = ids.columns(column("id", BigInteger)).scalar_subquery()
    held = _held(live.where(Lead.id == any_(func.array(listed, type_=ARRAY(BigInteger)))))
    db.session.execute(select(func.count()).select_from(held.subquery()))


def _held[*Columns](leads: Select[*Columns]) -> Select[*Columns]:
    """These leads by ascending id, so that two writers never wait for each other."""
    return leads.order_by(Lead.id).with_for_update(key_share=True)
