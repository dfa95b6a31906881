"""Locks many leads or stages for a change; a single lead is locked by holding."""

from functools import cache
from typing import Any

from sqlalchemy import (
    ScalarSelect,
    Select,
    Text,
    TextClause,
    and_,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
)

from models.db import db
from models.db.statements import Query, compile_query
from models.lead import Lead
from models.stage import STAGES
from models.types import StageKind


def held_stage() -> ScalarSelect[Any]:
    """The stage with this key or name, folded; without one the first open stage.

    It is locked before it is told: who archives it waits, and sees the lead; or has archived it,
    and it is not found. A statement that locks a lead too does that after this.
    """
    said = cast(bindparam("etapa"), Text)
    first = and_(said.is_(None), STAGES.c.tipo == StageKind.ABERTA.value)
    found = (
        select(STAGES.c.chave, STAGES.c.tipo)
        .where(
            STAGES.c.equipe_id == bindparam("equipe_id"),
            STAGES.c.arquivada_em.is_(None),
            or_(first, STAGES.c.chave == said, STAGES.c.nome_chave == said),
        )
        .order_by(case((STAGES.c.chave == said, 0), else_=1), STAGES.c.ordem, STAGES.c.id)
        .limit(1)
        .with_for_update(read=True, key_share=True)
        .cte("etapa_pedida")
    )
    return select(func.jsonb_build_array(found.c.chave, found.c.tipo)).scalar_subquery()


@cache
def stages_lock() -> Query:
    """Holds all stages: a deleted lead returns to its own, or to the first. Parameter: equipe_id.

    Who archives one waits, and sees the leads in it.
    """
    live = (STAGES.c.equipe_id == bindparam("equipe_id")) & STAGES.c.arquivada_em.is_(None)
    held = select(STAGES.c.id).where(live).order_by(STAGES.c.id)
    return compile_query(held.with_for_update(read=True, key_share=True))


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
