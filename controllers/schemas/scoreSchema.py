"""A score and its reasons on the wire."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from controllers.schemas.leads.leadFields import Band, Probability, Score
from controllers.schemas.scores.reviewSchema import OverrideOutput
from controllers.schemas.wire import doc
from services.scoreService import Explanation


class ScorePart(BaseModel):
    """Uma parte do score."""

    campo: Annotated[str, doc("O campo que a regra olha.", "telefone")]
    motivo: Annotated[str, doc("Por que, para pessoas.", "Tem telefone para contato")]
    pontos: Annotated[int, doc("Quanto soma ou tira.", 8)]


_PARTS = [
    {"campo": "base", "motivo": "Ponto de partida de todo lead", "pontos": 30},
    {"campo": "origem", "motivo": "Veio por indicação", "pontos": 20},
    {"campo": "etapa", "motivo": "Já foi contatado", "pontos": 5},
]


class ScoreOutput(BaseModel):
    """O score e suas partes, que somam exatamente ele."""

    score: Score
    faixa: Band
    probabilidade: Probability
    versao: Annotated[int, doc("Versão das regras da equipe; 0, as de fábrica.", 0)]
    calculado_em: Annotated[datetime, doc("Quando se calculou.", "2026-08-01T14:30:00Z")]
    partes: Annotated[list[ScorePart], doc("As partes, da base em diante.", _PARTS)]
    ajuste: Annotated[
        OverrideOutput | None,
        Field(description="O que um gestor diz em seu lugar, por um tempo; nulo, nada."),
    ]
    modelo: Annotated[None, doc("Reservado ao modelo da equipe; por ora nulo.", None)]

    @staticmethod
    def of(found: Explanation) -> dict[str, Any]:
        shown = {name: getattr(found, name) for name in ScoreOutput.model_fields}
        return shown | {"ajuste": found.ajuste and OverrideOutput.of(found.ajuste)}
