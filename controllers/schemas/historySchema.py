"""The timeline of a lead and the feed of events, on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, Field

from controllers.schemas.fields import DIGITS, INT64
from controllers.schemas.paging import Cursor, NextCursor, PageSize
from controllers.schemas.wire import Wire, doc
from models.event import EventKind
from services.eventService import FIELDS, Page
from services.leads.fields import DEFAULT_PAGE
from services.timelineService import Page as Timeline

_MOMENT = "2026-08-01T14:30:00Z"
_MOVED = {"campos": ["etapa"], "de_etapa": "novo", "para_etapa": "contatado", "versao": 2}
_MOST, _USUAL = 1_000, 100


def _id(about: str, example: int | None) -> Any:
    return doc(about, example, **INT64)


WhoId = Annotated[int, _id("Quem fez; nulo, o próprio sistema.", 12)]


class TimelineQuery(Wire):
    limite: PageSize = DEFAULT_PAGE
    cursor: Cursor | None = None


class TimelineItem(BaseModel):
    """Algo que aconteceu com o lead."""

    origem: Annotated[
        Literal["evento", "atividade"], doc("Uma mudança registrada, ou uma atividade.", "evento")
    ]
    id: Annotated[int, _id("Número do evento ou da atividade.", 90_210)]
    tipo: Annotated[str, doc("O que foi, para programas.", "lead_movido")]
    quando: Annotated[datetime, doc("Quando foi registrado.", _MOMENT)]
    usuario_id: WhoId | None
    frase: Annotated[
        str, doc("O que foi, para pessoas, no fuso da equipe.", "Ana moveu de Novo para Contatado.")
    ]
    dados: Annotated[
        dict[str, Any],
        doc("De uma atividade, seus campos; de um evento, o que mudou, sem valores.", _MOVED),
    ]


class TimelinePage(BaseModel):
    """Uma página da linha do tempo."""

    itens: Annotated[list[TimelineItem], Field(description="O mais novo primeiro.")]
    proximo: NextCursor

    @staticmethod
    def of(page: Timeline) -> dict[str, Any]:
        names = TimelineItem.model_fields
        itens = [{name: getattr(item, name) for name in names} for item in page.itens]
        return {"itens": itens, "proximo": page.proximo}


class EventQuery(Wire):
    depois: (
        Annotated[
            str,
            doc(
                "O `proximo` da chamada anterior; sem ele, desde o começo.", None, max_length=1_024
            ),
        ]
        | None
    ) = None
    tipo: Annotated[
        list[EventKind],
        doc("Tipos; repetido, qualquer deles.", ["lead_criado"], max_length=len(EventKind)),
    ] = []
    limite: Annotated[
        int,
        doc(f"Quantos no máximo. Sem ele, {_USUAL}.", _USUAL, ge=1, le=_MOST),
        DIGITS,
    ] = _USUAL


class EventOutput(BaseModel):
    """Um evento. Só números e nomes de campos: nenhum dado pessoal."""

    id: Annotated[int, _id("Número do evento.", 90_210)]
    tipo: Annotated[str, doc("O que aconteceu; podem vir tipos novos.", "lead_movido")]
    lead_id: Annotated[int, _id("O lead, se é de um.", 4711)] | None
    usuario_id: WhoId | None
    chave_id: Annotated[int, _id("A chave de API que fez; nulo, a própria pessoa.", None)] | None
    alvo_id: Annotated[int, _id("O usuário ou a chave de que se trata.", None)] | None
    trabalho_id: Annotated[int, _id("O trabalho que fez.", None)] | None
    importacao_id: Annotated[int, _id("A importação que fez.", None)] | None
    versao: Annotated[int | None, doc("A versão do lead depois.", 2)]
    campos: Annotated[list[str], doc("Os campos que mudaram.", ["etapa"])]
    de_etapa: Annotated[str | None, doc("A etapa de antes.", "novo")]
    para_etapa: Annotated[str | None, doc("A etapa de agora.", "contatado")]
    dados: Annotated[
        dict[str, Any] | None, doc("Outros números: o novo responsável, por exemplo.", None)
    ]
    criado_em: Annotated[datetime, doc("Quando.", _MOMENT)]


class EventPage(BaseModel):
    """Os próximos eventos."""

    itens: Annotated[list[EventOutput], Field(description="Os eventos, em ordem.")]
    proximo: Annotated[
        str,
        doc("De onde seguir na próxima chamada, também se não há nada novo.", "WzAsIjc0MSIsOV0"),
    ]

    @staticmethod
    def of(page: Page) -> dict[str, Any]:
        itens = [dict(zip(FIELDS, row, strict=True)) for row in page.rows]
        for item in itens:
            item["dados"] = item["dados"] and orjson.Fragment(item["dados"])
        return {"itens": itens, "proximo": page.proximo}
