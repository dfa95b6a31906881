"""People decide: whoever sees a lead may contest its score, and a gestor looks at it and answers,
or gives the lead another score for a while (LGPD, art. 20).

No score is changed by it, and no lead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.db.statements import fetch
from models.scoring.review import ReviewState
from services.errors import Code, InvalidCursorGiven, invalid_field
from services.policy import require_gestor, scope
from services.principal import Principal
from services.reviews import asking, overrides
from services.reviews.overrides import Override as Override
from services.reviews.rows import Review as Review
from services.reviews.rows import page_query
from utils.wire.cursors import InvalidCursor, decode_cursor, encode_cursor

_NOT_KEPT = "Só uma revisão corrigida dá outro score ao lead."


@dataclass(frozen=True, slots=True)
class Page:
    """Reviews, the newest first, and the cursor of the next page."""

    reviews: Sequence[Review]
    proximo: str | None


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
) -> Page:
    """One page of the reviews of live leads that the caller sees, in one of these states if any are
    named. Raises InvalidCursorGiven."""
    states = tuple(sorted(set(estados)))
    view = f"revisoes {caller.equipe_id} {caller.usuario_id} {caller.gestor} {states}"
    values: dict[str, Any] = {**scope(caller), "limite": limite + 1}
    if cursor is not None:
        values["apos_id"] = _read_cursor(cursor_key, view, cursor)
    query = page_query(caller.gestor, states, cursor is not None)
    reviews = [Review(*row) for row in fetch(query, values, equipe_id=caller.equipe_id)]
    more = len(reviews) > limite
    proximo = encode_cursor(cursor_key, view, [reviews[limite - 1].id]) if more else None
    return Page(reviews[:limite], proximo)


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


def _read_cursor(key: bytes, view: str, cursor: str) -> int:
    try:
        (last,) = decode_cursor(key, view, cursor)
    except InvalidCursor as error:
        raise InvalidCursorGiven() from error
    return int(last or 0)
