"""The score of a lead, explained. Writers score through services/scores/statement."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import bindparam, select

from models.db.statements import Query, compile_query, fetch
from models.lead import LEADS
from models.lead_score import SCORES
from services.errors import NotFound
from services.policy import scope, visible
from services.principal import Principal
from services.scores.rules import BASE, BASE_REASON, DEFAULT_RULES, LIMIT_REASON
from services.scores.statement import OF_LEAD


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
    modelo: None = None


class _Scored(NamedTuple):
    score: int
    faixa: str
    probabilidade: float | None
    versao: int
    pontos: list[int]
    calculado_em: datetime


def explain(caller: Principal, lead_id: int) -> Explanation:
    """Why a lead that the caller sees has its score. Raises NotFound."""
    values = {**scope(caller), "id": lead_id}
    rows = fetch(_score_query(caller.gestor), values, equipe_id=caller.equipe_id)
    if not rows:
        raise NotFound()
    found = _Scored(*rows[0])
    return Explanation(
        score=found.score,
        faixa=found.faixa,
        probabilidade=found.probabilidade,
        versao=found.versao,
        calculado_em=found.calculado_em,
        partes=_parts(found.score, found.pontos),
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
        select(*(SCORES.c[name] for name in _Scored._fields))
        .join(LEADS, OF_LEAD)
        .where(*visible(gestor), LEADS.c.id == bindparam("id"))
    )
    return compile_query(statement)
