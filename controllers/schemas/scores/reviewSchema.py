"""Reviews and overrides of scores on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from controllers.schemas.fields import INT64, WHOLE, CreatedAt, NearInstant
from controllers.schemas.leads.leadFields import Band, LeadId, Probability, Score
from controllers.schemas.paging import Cursor, NextCursor, PageSize
from controllers.schemas.wire import Text, Wire, doc
from models.scoring.review import MAX_REASON, ReviewState
from services.leads.fields import DEFAULT_PAGE
from services.paging import Page
from services.reviewService import Override, Review

_UNTIL = "2027-01-15T18:00:00Z"
_WHY = "O sócio já é cliente e tem limite aprovado."
_THEN = "2026-08-01T14:30:00Z"

GivenScore = Annotated[int, doc("O score que vale no lugar.", 80, strict=True, ge=0, le=100), WHOLE]
Until = Annotated[NearInstant, doc("Até quando, no máximo daqui a 366 dias.", _UNTIL)]
Why = Annotated[str, Text(MAX_REASON, "Por que.", _WHY)]
Answer = Annotated[str, Text(MAX_REASON, "O que se responde a quem pediu.", _WHY)]
State = Annotated[ReviewState, doc("Em que pé está.", ReviewState.ABERTA)]


class ReviewInput(Wire):
    """Um pedido de revisão."""

    motivo: Annotated[
        str, Text(MAX_REASON, "Por que o score não convence.", "Já pagou a dívida que constava.")
    ]


class OverrideInput(Wire):
    """Um score no lugar do calculado, por um tempo."""

    score: GivenScore
    motivo: Why
    ate: Until


class CorrectionInput(Wire):
    """O score que a correção dá ao lead; o motivo é a resposta."""

    score: GivenScore
    ate: Until


class DecisionInput(Wire):
    """A decisão de uma revisão. `ajuste`, só de uma corrigida."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"estado": "corrigida", "resposta": _WHY, "ajuste": {"score": 80, "ate": _UNTIL}}
            ]
        }
    )

    estado: Annotated[
        Literal["mantida", "corrigida"], doc("Se o score fica, ou estava errado.", "corrigida")
    ]
    resposta: Answer
    ajuste: (
        Annotated[CorrectionInput, Field(description="O score que passa a valer, se algum.")] | None
    ) = None


class Signed(BaseModel):
    """Quem assinou."""

    id: Annotated[int, doc("Número do usuário.", 12, **INT64)]
    nome: Annotated[str, doc("Como se chama hoje.", "Ana")]


class OverrideOutput(BaseModel):
    """O score que um gestor deu ao lead por um tempo."""

    score: GivenScore
    motivo: Why
    ate: Annotated[datetime, doc("Até quando vale.", _UNTIL)]
    por: Annotated[Signed, Field(description="Quem deu.")]
    criado_em: Annotated[datetime, doc("Quando deu.", _THEN)]

    @staticmethod
    def of(found: Override) -> dict[str, Any]:
        por = {"id": found.usuario_id, "nome": found.nome}
        names = [name for name in OverrideOutput.model_fields if name != "por"]
        return {**{name: getattr(found, name) for name in names}, "por": por}


class Contested(BaseModel):
    """O score como era quando se pediu a revisão."""

    score: Score
    faixa: Band
    probabilidade: Probability
    versao: Annotated[int, doc("A versão das regras.", 3)]
    modelo_versao: Annotated[int, doc("A versão do modelo; 0, nenhum.", 2)]
    pontos: Annotated[list[int], doc("Os pontos de cada regra dessa versão.", [8, 0, 20])]


class ReviewOutput(BaseModel):
    """Uma revisão."""

    id: Annotated[int, doc("Número da revisão.", 31, **INT64)]
    lead_id: LeadId
    estado: State
    motivo: Why
    contestado: Annotated[Contested, Field(description="O que se contesta.")]
    criado_em: CreatedAt
    usuario_id: Annotated[int, doc("Quem pediu.", 12, **INT64)] | None
    chave_id: (
        Annotated[int, doc("A chave de API que pediu; nulo, a própria pessoa.", None, **INT64)]
        | None
    )
    resposta: Annotated[str | None, doc("O que se respondeu; nula até a decisão.", None)]
    decidida_em: Annotated[datetime | None, doc("Quando se decidiu.", None)]
    decidida_por: Annotated[int, doc("Quem decidiu.", None, **INT64)] | None

    @staticmethod
    def of(review: Review) -> dict[str, Any]:
        return review._asdict()


class ReviewQuery(Wire):
    estado: Annotated[
        list[ReviewState],
        doc("Estados; repetido, qualquer deles.", ["aberta"], max_length=len(ReviewState)),
    ] = []
    limite: PageSize = DEFAULT_PAGE
    cursor: Cursor | None = None


class ReviewPage(BaseModel):
    """Uma página das revisões."""

    itens: Annotated[list[ReviewOutput], Field(description="As revisões, a mais nova primeiro.")]
    proximo: NextCursor

    @staticmethod
    def of(page: Page[Review]) -> dict[str, Any]:
        return {"itens": [ReviewOutput.of(each) for each in page.itens], "proximo": page.proximo}
