"""Reviews as they are kept and read."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, insert, or_, select, update

from models.db.messages.prepared import BY_INDEX
from models.db.messages.queries import Query, compile_query
from models.lead import LEADS
from models.scoring.review import REVIEWS, ReviewState
from services.policy import visible_by_id


class Review(NamedTuple):
    """A review. `contestado`: the score as it was when somebody asked, with what explains it."""

    id: int
    lead_id: int
    estado: str
    motivo: str
    contestado: dict[str, Any]
    criado_em: datetime
    usuario_id: int | None
    chave_id: int | None
    resposta: str | None
    decidida_em: datetime | None
    decidida_por: int | None


_COLUMNS = [REVIEWS.c[name] for name in Review._fields]
_IS_ONE = (REVIEWS.c.equipe_id == bindparam("equipe_id")) & (
    REVIEWS.c.id == bindparam("revisao_id")
)
_ASKED = "equipe_id lead_id motivo contestado usuario_id chave_id".split()


@cache
def insert_query() -> Query:
    """A new review. Parameters: _ASKED."""
    values: dict[str, Any] = {name: bindparam(name) for name in _ASKED}
    return compile_query(insert(REVIEWS).values(values).returning(*_COLUMNS))


@cache
def lead_query() -> Query:
    """Which lead a review is about, which never changes. Parameters: equipe_id, revisao_id."""
    return compile_query(select(REVIEWS.c.lead_id).where(_IS_ONE))


@cache
def decide_query() -> Query:
    """Decide a review that is open; no row where it is not. Parameters: equipe_id, revisao_id,
    novo_estado, resposta, decidida_por."""
    decided = (
        update(REVIEWS)
        .where(_IS_ONE, REVIEWS.c.estado == ReviewState.ABERTA.value)
        .values(
            estado=bindparam("novo_estado"),
            resposta=bindparam("resposta"),
            decidida_por=bindparam("decidida_por"),
            decidida_em=func.now(),
        )
    )
    return compile_query(decided.returning(*_COLUMNS))


@cache
def page_query(gestor: bool, states: Sequence[str], continues: bool) -> Query:
    """Reviews in one of these states, or all, of live leads that the caller sees, the newest first.
    Parameters: those of scope(), limite and, if the page begins behind one, apos_id."""
    of_lead = (LEADS.c.equipe_id == REVIEWS.c.equipe_id) & (LEADS.c.id == REVIEWS.c.lead_id)
    asked = [or_(*(REVIEWS.c.estado == state for state in states))] if states else []
    after = [REVIEWS.c.id < bindparam("apos_id")] if continues else []
    found = (
        select(*_COLUMNS)
        .join(LEADS, of_lead)
        .where(*visible_by_id(gestor), *asked, *after)
        .order_by(REVIEWS.c.id.desc())
        .limit(bindparam("limite"))
    )
    query = compile_query(found)
    return replace(query, sql=BY_INDEX + query.sql)
