"""The score of a lead: explained, and computed again for all leads of a tenant.

Writers score through services/leads/deriving/derive.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from time import monotonic
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select

from models.db import db
from models.db.messages.queries import Query, Row, compile_query
from models.db.statements import fetch
from models.derived.lead_score import SCORES
from models.lead import LEADS
from models.stage import STAGES
from models.types import StageKind
from services.errors import NotFound
from services.jobs.steps import Json, Step
from services.leads.deriving.derive import renew, score_again
from services.leads.deriving.differing import count_live, differing, stretch
from services.leads.locking import lock_next, lock_these
from services.policy import scope, visible_by_id
from services.principal import Principal
from services.reviews import overrides
from services.reviews.overrides import Override
from services.rules.evaluating import prior_points
from services.rules.summing import Part as Part
from services.rules.summing import total
from services.rules.weighing.raising import changes
from services.scores import current
from services.scores.card import logit_parts
from services.scores.seen import as_lead, seen
from services.scores.statement import OF_LEAD

JOB = "repontuar"
PUBLISH = "publicar"
# Leads of one step; it takes as long with fewer where there are many rules or fields of a card.
MOST = 5_000
_EVALUATED = 200_000  # rules and fields of leads
_FEWEST = 500
# Seconds for which a step looks at leads of which few are to be written.
_LOOKED = 0.5
_GIVEN = len(Override._fields)
_CLOSED = "O lead está fechado: o que foi dele já se sabe."
_NO_MODEL = "A equipe ainda não tem um modelo treinado."
_TOO_LITTLE = "Os leads fechados da equipe ainda não bastam para uma probabilidade."


@dataclass(frozen=True, slots=True)
class ModelPart:
    campo: str
    motivo: str
    logit: float


@dataclass(frozen=True, slots=True)
class ByModel:
    """The logit of a probability: the base and the parts add up to it."""

    versao: int
    base: float
    partes: list[ModelPart]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A score as it was computed. The points of `partes` add up to it exactly."""

    score: int
    faixa: str
    probabilidade: float | None
    versao: int
    calculado_em: datetime
    partes: list[Part]
    modelo: ByModel | None
    sem_probabilidade: str | None
    mudancas: list[Part] = field(default_factory=list)
    # What a gestor says in its place, for a while.
    ajuste: Override | None = None


class _Scored(NamedTuple):
    score: int
    faixa: str
    probabilidade: float | None
    versao: int
    modelo_versao: int
    pontos: list[int]
    calculado_em: datetime


def rescore_step(caller: Principal, _: Json, last: Step | None) -> Step:
    """A step of the job that scores all leads of a tenant once more, and brings the queue into
    line with the tenant's settings: those that differ are held, looked at again and written."""
    scoring = current.hold(caller.equipe_id)
    after, done, total = _stand(caller.equipe_id, last)
    most = int((last.checkpoint or {}).get("quantos", MOST)) if last else MOST
    began = monotonic()
    count, until = stretch(caller.equipe_id, after, most)
    goes_on = count == most
    wrong, written = differing(scoring, caller.equipe_id, after, until), _most()
    if len(wrong) > written:  # more than one step may hold: the next one looks from there on
        until, goes_on = wrong[written - 1], True
        count = count_live(caller.equipe_id, after, until)
    renew(caller.equipe_id, lock_these(caller.equipe_id, wrong[:written]))
    return _stepped(until, done + count, total, goes_on, quantos=_next(most, began))


def publish_step(caller: Principal, parametros: Json, last: Step | None) -> Step:
    """A step of the job that follows a publication. Where another one came after it, there is
    nothing left to do: that one's job does it."""
    scoring = current.hold(caller.equipe_id)
    if scoring.versions.regras == parametros["versao"]:
        return next_step(caller.equipe_id, last)
    done = last.resultado if last else {"repontuados": 0}
    told = {**done, "substituida_por": scoring.versions.regras}
    return Step(None, told, last.feitos if last else 0, last.total if last else None)


def next_step(equipe_id: int, last: Step | None) -> Step:
    """A step of a job that holds the rules in force: it scores leads and puts them into their
    places. `last` is its step before, None where this is the first to score.

    They are locked before they are read, or a score could be that of a lead as it was before a
    change that commits meanwhile.
    """
    after, done, total = _stand(equipe_id, last)
    most = _most()
    ids = lock_next(equipe_id, after, most)
    score_again(equipe_id, ids)
    return _stepped(ids[-1] if ids else after, done + len(ids), total, len(ids) == most)


def _stand(equipe_id: int, last: Step | None) -> tuple[int, int, int | None]:
    """Behind which lead a job goes on, how many it has done, and of how many."""
    if last is None:
        return 0, 0, _count(equipe_id)
    return (last.checkpoint or {}).get("depois_de", 0), last.feitos, last.total


def _stepped(until: int, done: int, total: int | None, goes_on: bool, **more: int) -> Step:
    checkpoint = {"depois_de": until, **more} if goes_on else None
    return Step(checkpoint, {"repontuados": done}, done, total)


def _next(most: int, began: float) -> int:
    """How many leads the next step looks at, so that it takes about as long as it may."""
    factor = _LOOKED / max(monotonic() - began, 0.001)
    return int(max(_FEWEST, most * min(2, factor)))


def _most() -> int:
    held = current.held()
    looked_at = len(held.rules.regras) + (len(held.card.campos) if held.card else 0)
    return max(_FEWEST, min(MOST, _EVALUATED // max(looked_at, 1)))


def _count(equipe_id: int) -> int:
    live = (LEADS.c.equipe_id == equipe_id, LEADS.c.excluido_em.is_(None))
    return db.session.scalar(select(func.count()).select_from(LEADS).where(*live)) or 0


def explain(caller: Principal, lead_id: int) -> Explanation:
    """Why a lead that the caller sees has its score, by the rules and the model that it is from.
    Raises NotFound."""
    values = {**scope(caller), "id": lead_id}
    rows = fetch(_score_query(caller.gestor), values, equipe_id=caller.equipe_id)
    if not rows:
        raise NotFound()
    width = len(_Scored._fields)
    found, kind, lead = _Scored(*rows[0][:width]), rows[0][width], rows[0][width + 1 : -_GIVEN]
    rules = current.rules_of(caller.equipe_id, found.versao)
    modelo = _by_model(caller.equipe_id, found, lead)
    return Explanation(
        score=found.score,
        faixa=found.faixa,
        probabilidade=found.probabilidade,
        versao=found.versao,
        calculado_em=found.calculado_em,
        partes=total(rules, found.pontos).partes,
        modelo=modelo,
        sem_probabilidade=_why_none(found, kind),
        mudancas=changes(rules, as_lead(lead)) if kind == StageKind.ABERTA else [],
        ajuste=Override.of(rows[0][-_GIVEN:]),
    )


def _by_model(equipe_id: int, found: _Scored, lead: Row) -> ByModel | None:
    """How the probability came about; None where there is none."""
    card = current.card_of(equipe_id, found.modelo_versao)
    if card is None or found.probabilidade is None:
        return None
    rules = current.rules_of(equipe_id, found.versao)
    prior = prior_points(rules, found.pontos, card.sight)
    parts = [ModelPart(*each) for each in logit_parts(card, as_lead(lead), prior)]
    return ByModel(found.modelo_versao, card.base, parts)


def _why_none(found: _Scored, kind: str) -> str | None:
    if found.probabilidade is not None:
        return None
    if kind != StageKind.ABERTA:
        return _CLOSED
    return _TOO_LITTLE if found.modelo_versao else _NO_MODEL


@cache
def _score_query(gestor: bool) -> Query:
    kind = select(STAGES.c.tipo).where(
        STAGES.c.equipe_id == LEADS.c.equipe_id, STAGES.c.chave == LEADS.c.etapa
    )
    shown: list[Any] = [SCORES.c[name] for name in _Scored._fields]
    statement = (
        select(*shown, kind.scalar_subquery(), *seen(LEADS), *overrides.columns())
        .select_from(overrides.beside(SCORES.join(LEADS, OF_LEAD)))
        .where(*visible_by_id(gestor), LEADS.c.id == bindparam("id"))
    )
    return compile_query(statement)
