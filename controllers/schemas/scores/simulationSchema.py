"""What a draft would do, on the wire."""

from typing import Annotated

from pydantic import BaseModel, Field

from controllers.schemas.fields import INT64
from controllers.schemas.leads.leadFields import Score
from controllers.schemas.wire import doc

_ID = "Número do lead."


class Landed(BaseModel):
    """Quantos leads iriam para cada faixa."""

    quente: Annotated[int, doc("Para a quente.", 12)]
    morno: Annotated[int, doc("Para a morna.", 40)]
    frio: Annotated[int, doc("Para a fria.", 3)]


class Moves(BaseModel):
    """De cada faixa de agora, quantos leads iriam para cada uma."""

    quente: Annotated[Landed, Field(description="Os que agora são da quente.")]
    morno: Annotated[Landed, Field(description="Os que agora são da morna.")]
    frio: Annotated[Landed, Field(description="Os que agora são da fria.")]


class Changed(BaseModel):
    """Um lead cujo score mudaria."""

    lead_id: Annotated[int, doc(_ID, 17, **INT64)]
    de: Score
    para: Score


class Placed(BaseModel):
    """Um lead no começo da fila que haveria."""

    lead_id: Annotated[int, doc(_ID, 17, **INT64)]
    de: Annotated[int | None, doc("Seu lugar de agora, contado de 1; nulo fora da fila.", 9)]
    para: Annotated[int, doc("O lugar que teria.", 1)]


class PersonChanged(BaseModel):
    """Os leads de um responsável cujo score mudaria."""

    responsavel_id: Annotated[int, doc("Número do usuário; nulo, de ninguém.", 12, **INT64)] | None
    nome: Annotated[str | None, doc("Como se chama.", "Ana")]
    sobem: Annotated[int, doc("Quantos subiriam.", 7)]
    descem: Annotated[int, doc("Quantos desceriam.", 2)]


class SimulationOutput(BaseModel):
    """O que a publicação de um rascunho faria."""

    total: Annotated[int, doc("Quantos leads há.", 1_200)]
    sobem: Annotated[int, doc("De quantos o score subiria.", 310)]
    descem: Annotated[int, doc("De quantos desceria.", 95)]
    faixas: Annotated[Moves, Field(description="De que faixa para que faixa.")]
    maiores: Annotated[
        list[Changed], Field(description="Os até 20 que mais mudariam, o que mais muda primeiro.")
    ]
    fila: Annotated[
        list[Placed],
        Field(description="Os até 20 primeiros da fila que haveria, sem os que têm hora marcada."),
    ]
    por_responsavel: Annotated[
        list[PersonChanged], Field(description="De quem são os que mudariam.")
    ]
