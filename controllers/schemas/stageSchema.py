"""The funnel on the wire."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from controllers.schemas.fields import WHOLE
from controllers.schemas.leads.leadFields import Reason
from controllers.schemas.wire import Text, Wire, doc
from models.stage import MAX_KEY, MAX_NAME
from services.stageService import FEWEST, MOST, Funnel

_KIND = doc("Se quem está nela ainda pode fechar, ganhou ou perdeu.", "aberta")
_MAX_DAYS = 3_650
_MAX_REASONS = 100

Key = Annotated[str, Text(MAX_KEY, "O que identifica a etapa; não muda.", "contatado")]
StageName = Annotated[str, Text(MAX_NAME, "O nome da etapa.", "Contatado")]
Kind = Annotated[Literal["aberta", "ganha", "perdida"], _KIND]
Days = Annotated[
    int,
    doc("Em quantos dias um lead deveria sair dela.", 7, strict=True, ge=1, le=_MAX_DAYS),
    WHOLE,
]
Reasons = Annotated[
    list[Reason],
    doc("Os motivos de perda que a equipe usa; nulo: qualquer um.", None, max_length=_MAX_REASONS),
]
_EXAMPLE: Any = {
    "itens": [
        {"chave": "novo", "nome": "Novo", "tipo": "aberta"},
        {"nome": "Simulação", "tipo": "aberta", "prazo_dias": 7},
        {"chave": "ganho", "nome": "Ganho", "tipo": "ganha"},
        {"chave": "perdido", "nome": "Perdido", "tipo": "perdida"},
    ]
}


class StageInput(Wire):
    """Uma etapa; sem `chave`, uma nova."""

    chave: Key | None = None
    nome: StageName
    tipo: Kind
    prazo_dias: Days | None = None


class FunnelInput(Wire):
    """As etapas na sua ordem. A que falta é arquivada; a arquivada volta pela chave."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    itens: Annotated[
        list[StageInput],
        Field(
            description="De 3 a 30, ao menos uma de cada tipo.",
            min_length=FEWEST,
            max_length=MOST,
        ),
    ]
    mover: Annotated[
        dict[str, str],
        doc("De que etapa para qual vão os leads.", {"contatado": "novo"}, max_length=MOST),
    ] = {}
    motivos_perda: Reasons | None = None


class StageItem(BaseModel):
    """Uma etapa."""

    chave: Key
    nome: StageName
    tipo: Kind
    prazo_dias: Days | None
    quantidade: Annotated[int, doc("Quantos leads seus estão nela.", 12)]


class FunnelOutput(BaseModel):
    """O funil da equipe."""

    itens: Annotated[list[StageItem], Field(description="As etapas na sua ordem.")]
    arquivadas: Annotated[list[StageItem], Field(description="As que saíram do funil.")]
    motivos_perda: Reasons | None

    @staticmethod
    def of(funnel: Funnel) -> dict[str, Any]:
        return {
            "itens": [stage._asdict() for stage in funnel.itens],
            "arquivadas": [stage._asdict() for stage in funnel.arquivadas],
            "motivos_perda": funnel.motivos_perda,
        }
