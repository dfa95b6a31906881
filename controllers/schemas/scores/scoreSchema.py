"""A score and its reasons on the wire."""

from dataclasses import asdict
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


_MODEL_PARTS = [
    {"campo": "regras", "motivo": "Pontos das regras da equipe", "logit": 0.41},
    {"campo": "valor", "motivo": "Valor entre R$ 20 mil e R$ 50 mil", "logit": -0.12},
]
_MODEL = {"versao": 2, "base": -1.1, "partes": _MODEL_PARTS}
_CHANGE = {"campo": "email", "motivo": "Tem e-mail para contato", "pontos": 4}


class ModelPart(BaseModel):
    """Uma parte da probabilidade."""

    campo: Annotated[str, doc("O campo que o modelo olha.", "valor")]
    motivo: Annotated[str, doc("Por que, para pessoas.", "Valor entre R$ 20 mil e R$ 50 mil")]
    logit: Annotated[float, doc("Quanto soma ou tira.", -0.12)]


class ModelParts(BaseModel):
    """A base e as partes somam o logit da probabilidade."""

    versao: Annotated[int, doc("Versão do modelo da equipe.", 2)]
    base: Annotated[float, doc("O que vale para todo lead.", -1.1)]
    partes: Annotated[list[ModelPart], doc("As partes.", _MODEL_PARTS)]


class ScoreOutput(BaseModel):
    """O score e suas partes, que somam exatamente ele."""

    score: Score
    faixa: Band
    probabilidade: Probability
    versao: Annotated[int, doc("Versão das regras da equipe; 0, as de fábrica.", 0)]
    calculado_em: Annotated[datetime, doc("Quando se calculou.", "2026-08-01T14:30:00Z")]
    partes: Annotated[list[ScorePart], doc("As partes, da base em diante.", _PARTS)]
    modelo: Annotated[
        ModelParts | None, doc("De que se faz a probabilidade; nulo sem ela.", _MODEL)
    ]
    sem_probabilidade: Annotated[str | None, doc("Por que não há probabilidade; nulo se há.", None)]
    mudancas: Annotated[
        list[ScorePart], doc("O que mais subiria o score, do que se pode mudar.", [_CHANGE])
    ]
    ajuste: Annotated[
        OverrideOutput | None, Field(description="O que um gestor diz em seu lugar por um tempo.")
    ]

    @staticmethod
    def of(found: Explanation) -> dict[str, Any]:
        """Names as they are on the wire."""
        ajuste = found.ajuste and OverrideOutput.of(found.ajuste)
        return asdict(found) | {"ajuste": ajuste}
