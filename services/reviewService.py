"""People decide: whoever sees a lead may contest its score, and a gestor looks at it and answers,
or gives the lead another score for a while (LGPD, art. 20).

No score is changed by it, and no lead.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from models.db.statements import fetch
from models.scoring.review import ReviewState
from services.errors import Code, invalid_field
from services.paging import Page, Paging
from services.policy import require_gestor, scope
from services.principal import Principal
from services.reviews import asking, overrides
from services.reviews.overrides import Override as Override
from services.reviews.rows import Review as Review
from services.reviews.rows import page_query

_NOT_KEPT = "Só uma revisão corrigida dá outro score ao lead."


def ask_review(caller: Principal, lead_id: int, motivo: str) -> Review:
    """Contest the score of a lead that the caller sees, open or closed; one review of a lead is
    open at a time. Raises NotFound, ReviewOpen."""
    return asking.ask(caller, lead_id, motivo)


def list_reviews(
    caller: Principal,
    *,
    estados: Sequence[str] = (),
    limite: int,
    cursor: str | None,
    cursor_key: bytes,
) -> Page[Review]:
    """One page of the reviews of live leads that the caller sees, in one of these states if any are
    named. Raises InvalidCursorGiven."""
    states = tuple(sorted(set(estados)))
    view = f"revisoes {caller.equipe_id} {caller.usuario_id} {caller.gestor} {states}"
    paging = Paging(view, limite, cursor, cursor_key)
    values: dict[str, Any] = {**scope(caller), "limite": limite + 1}
    after = paging.after()
    if after is not None:
        values["apos_id"] = after[0]
    query = page_query(caller.gestor, states, after is not None)
    reviews = [Review(*row) for row in fetch(query, values, equipe_id=caller.equipe_id)]
    return paging.page(reviews, lambda review: [review.id])


def decide_review(
    caller: Principal,
    revisao_id: int,
    estado: str,
    resposta: str,
    override: Mapping[str, Any] | None = None,
) -> Review:
    """Answer a review, once; with a score for the lead if the answer is that it was wrong. Raises
    Forbidden, NotFound, ReviewDecided, Invalid."""
    require_gestor(caller)
    if override is not None:
        if estado != ReviewState.CORRIGIDA:
            raise invalid_field("ajuste", Code.VALOR_INVALIDO, _NOT_KEPT)
        overrides.require_soon("ajuste.ate", override["ate"])
    lead_id = asking.hold_lead(caller, revisao_id)
    review = asking.decide(caller, revisao_id, estado, resposta)
    if override is not None:
        overrides.lay(caller, lead_id, {**override, "motivo": resposta})
    return review


def put_override(caller: Principal, lead_id: int, said: Mapping[str, Any]) -> Override:
    """Give a lead, open or closed, a score until some instant, beside the computed one. Raises
    Forbidden, NotFound, Invalid."""
    require_gestor(caller)
    return overrides.put(caller, lead_id, said)


def remove_override(caller: Principal, lead_id: int) -> None:
    """End it at once. Raises Forbidden, NotFound."""
    require_gestor(caller)
    overrides.remove(caller, lead_id)
