"""The score of a lead: explained, and computed again for all leads of a tenant.

Writers score through services/leads/derive.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from models.db import db
from models.db.messages.queries import Query, compile_query
from models.db.statements import fetch
from models.lead import LEADS
from models.lead_score import SCORES
from services.errors import NotFound
from services.jobs.steps import Json, Step
from services.leads.derive import score_again
from services.leads.locking import lock_next
from services.policy import scope, visible_by_id
from services.principal import Principal
from services.reviews import overrides
from services.reviews.overrides import Override
from services.scores.rules import BASE, BASE_REASON, DEFAULT_RULES, LIMIT_REASON
from services.scores.statement import OF_LEAD

JOB = "repontuar"
RESCORED = 5_000


@dataclass(frozen=True, slots=True)
class Part:
    campo: str
    motivo: str
    pontos: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """A score as it was computed. The points of `partes` add up to it exactly."""

    score: int
    faixa: str
    probabilidade: float | None
    versao: int
    calculado_em: datetime
    partes: list[Part]
    # What a gestor says in its place, until when.
    ajuste: Override | None
    modelo: None = None


class _Scored(NamedTuple):
    score: int
    faixa: str
    probabilidade: float | None
    versao: int
    pontos: list[int]
    calculado_em: datetime


def rescore_step(caller: Principal, _: Json, last: Step | None) -> Step:
    """A step of the job that scores all leads of a tenant once more, and puts them into their
    places in the queue."""
    after = last.checkpoint["depois_de"] if last and last.checkpoint else 0
    total = last.total if last else _count(caller.equipe_id)
    ids = _rescore(caller.equipe_id, after)
    done = len(ids) + (last.feitos if last else 0)
    goes_on = len(ids) == RESCORED
    return Step({"depois_de": ids[-1]} if goes_on else None, {"repontuados": done}, done, total)


def _rescore(equipe_id: int, after: int) -> list[int]:
    """Score and place again the next RESCORED live leads behind the one with this id; their ids.

    They are locked before they are read, or a score could be that of a lead as it was before a
    change that commits meanwhile.
    """
    ids = lock_next(equipe_id, after, RESCORED)
    score_again(lambda equipe, lead: (equipe == equipe_id) & lead.in_(ids))
    return ids


def _count(equipe_id: int) -> int:
    live = (LEADS.c.equipe_id == equipe_id, LEADS.c.excluido_em.is_(None))
    return db.session.scalar(select(func.count()).select_from(LEADS).where(*live)) or 0


def explain(caller: Principal, lead_id: int) -> Explanation:
    """Why a lead that the caller sees has its score. Raises NotFound."""
    values = {**scope(caller), "id": lead_id}
    rows = fetch(_score_query(caller.gestor), values, equipe_id=caller.equipe_id)
    if not rows:
        raise NotFound()
    row, wide = rows[0], len(_Scored._fields)
    found = _Scored(*row[:wide])
    return Explanation(
        score=found.score,
        faixa=found.faixa,
        probabilidade=found.probabilidade,
        versao=found.versao,
        calculado_em=found.calculado_em,
        partes=_parts(found.score, found.pontos),
        ajuste=Override.of(row[wide:]),
    )


def _parts(score: int, pontos: list[int]) -> list[Part]:
    parts = [Part("base", BASE_REASON, BASE)]
    for rule, points in zip(DEFAULT_RULES, pontos, strict=True):
        if points:
            parts.append(Part(rule.campo, rule.motivo, points))
    if rest := score - BASE - sum(pontos):
        parts.append(Part("limite", LIMIT_REASON, rest))
    return parts


@cache
def _score_query(gestor: bool) -> Query:
    statement = (
        select(*(SCORES.c[name] for name in _Scored._fields), *overrides.columns())
        .select_from(overrides.beside(SCORES.join(LEADS, OF_LEAD)))
        .where(*visible_by_id(gestor), LEADS.c.id == bindparam("id"))
    )
    return compile_query(statement)
