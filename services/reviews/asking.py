"""A review of a lead's score: who may see the lead asks for it, and a gestor decides it, once."""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import ColumnElement, func, select

from models.db.statements import fetch_here, fetch_together
from models.derived.lead_score import SCORES
from models.event import EventKind
from models.lead import LEADS
from models.scoring.review import REVIEWS, ReviewState
from services import history
from services.errors import Code, Conflict, NotFound
from services.history import Change
from services.leads.duplicates import Keys
from services.leads.writing.facts import Asked
from services.leads.writing.holding import Beside, hold
from services.principal import Principal
from services.reviews import rows
from services.reviews.rows import Review
from services.scores.statement import OF_LEAD

# What a contested score is explained by: versions stay, so no text of a rule need be kept.
CONTESTED = "score faixa probabilidade versao modelo_versao pontos".split()


class ReviewOpen(Conflict):
    code = Code.REVISAO_ABERTA
    message = "O score deste lead já tem uma revisão aberta."


class ReviewDecided(Conflict):
    code = Code.REVISAO_DECIDIDA
    message = "A revisão já foi decidida."


def ask(caller: Principal, lead_id: int, motivo: str) -> Review:
    """Contest the score that a lead has now. Raises NotFound, ReviewOpen."""
    held, _ = hold(caller, lead_id, None, Asked(Keys()), beside=Beside(_beside, {}))
    contested, opened = held.beside
    if contested is None:
        raise NotFound()
    if opened is not None:
        raise ReviewOpen(data={"revisao_id": opened})
    said = {"lead_id": lead_id, "motivo": motivo, "contestado": orjson.dumps(contested).decode()}
    by = {name: getattr(caller, name) for name in ("equipe_id", "usuario_id", "chave_id")}
    review = Review(*fetch_here(rows.insert_query(), said | by)[0])
    fetch_together([_event(caller, EventKind.SCORE_REVISAO_PEDIDA, review)])
    return review


def hold_lead(caller: Principal, revisao_id: int) -> int:
    """Lock the lead of a review; its id. Raises NotFound."""
    found = fetch_here(rows.lead_query(), {"equipe_id": caller.equipe_id, "revisao_id": revisao_id})
    if not found:
        raise NotFound()
    ((lead_id,),) = found
    hold(caller, lead_id, None, Asked(Keys()))
    return int(lead_id)


def decide(caller: Principal, revisao_id: int, estado: str, resposta: str) -> Review:
    """Decide a review whose lead is held. Raises ReviewDecided."""
    values: Mapping[str, Any] = {
        "equipe_id": caller.equipe_id,
        "revisao_id": revisao_id,
        "novo_estado": estado,
        "resposta": resposta,
        "decidida_por": caller.usuario_id,
    }
    found = fetch_here(rows.decide_query(), values)
    if not found:
        raise ReviewDecided()
    review = Review(*found[0])
    fetch_together([_event(caller, EventKind.SCORE_REVISAO_DECIDIDA, review)])
    return review


def _event(caller: Principal, kind: EventKind, review: Review) -> Any:
    change = Change(kind, review.lead_id, None, dados={"revisao_id": review.id})
    return history.of_lead(caller, change)


def _beside() -> list[ColumnElement[Any]]:
    """The score as it is contested, and the id of the review that is open."""
    pairs = [part for name in CONTESTED for part in (name, SCORES.c[name])]
    score = select(func.json_build_object(*pairs)).where(OF_LEAD).correlate(LEADS)
    opened = select(REVIEWS.c.id).where(
        REVIEWS.c.equipe_id == LEADS.c.equipe_id,
        REVIEWS.c.lead_id == LEADS.c.id,
        REVIEWS.c.estado == ReviewState.ABERTA.value,
    )
    return [score.scalar_subquery(), opened.correlate(LEADS).limit(1).scalar_subquery()]
