"""The queue on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from controllers.schemas.leads.leadFields import Band, LeadId, Score
from controllers.schemas.leads.leadSchema import LeadOutput
from controllers.schemas.paging import Cursor, NextCursor, PageSize
from controllers.schemas.wire import Text, Wire, doc
from services.leads.fields import DEFAULT_PAGE
from services.queueService import Item, Next, Page

_MAX_REASON = 200  # characters
_REASONS = ["Retorno combinado para 14:30", "Veio por indicação"]

Reasons = Annotated[list[str], doc("Por que este lead, para pessoas.", _REASONS)]
FreeAt = Annotated[datetime, doc("Até quando descansa.", "2026-08-01T15:30:00Z")]


class QueueQuery(Wire):
    limite: PageSize = DEFAULT_PAGE
    cursor: Cursor | None = None


class NextInput(Wire):
    """Um pedido do próximo lead."""

    fora_do_horario: Annotated[
        bool, doc("Também fora do horário da equipe.", False, strict=True)
    ] = False


class SkipInput(Wire):
    """Por que o lead é pulado."""

    motivo: Annotated[
        str, Text(_MAX_REASON, "Fica como nota no lead.", "Pediu para ligar mais tarde")
    ]


class NextOutput(BaseModel):
    """O próximo lead, ou por que não há."""

    situacao: Annotated[
        Literal["lead", "vazia", "ocupada", "fora_do_horario"],
        doc(
            "`vazia`: não há leads seus; `ocupada`: há, mas com outras pessoas ou descansando; "
            "`fora_do_horario`: onde vivem não se liga agora.",
            "lead",
        ),
    ]
    lead: Annotated[LeadOutput | None, Field(description="O lead, reservado a quem chama.")]
    motivos: Reasons
    reserva_ate: Annotated[
        datetime | None, doc("Até quando é de quem chama.", "2026-08-01T14:50:00Z")
    ]
    tentar_em: Annotated[datetime | None, doc("Sem lead, quando perguntar de novo.", None)]

    @staticmethod
    def of(found: Next) -> dict[str, Any]:
        shown = {name: getattr(found, name) for name in NextOutput.model_fields}
        return shown | {"lead": found.lead and LeadOutput.of(found.lead.row)}


class QueueItem(BaseModel):
    """Um lead da fila; por inteiro só se quem chama cuida dele."""

    id: LeadId
    meu: Annotated[bool, doc("Se é de quem chama, como responsável ou por reserva.", True)]
    faixa: Band
    score: Score
    motivos: Reasons
    lead: Annotated[LeadOutput | None, Field(description="Nulo de um lead sem responsável.")]
    retorno_em: Annotated[
        datetime | None, doc("Para quando o retorno foi combinado.", "2026-08-01T14:30:00Z")
    ]
    livre_em: Annotated[datetime | None, doc("Até quando descansa; nulo, não descansa.", None)]
    reservado: Annotated[bool, doc("Se alguém o tem reservado agora.", False)]

    @staticmethod
    def of(item: Item) -> dict[str, Any]:
        shown = {name: getattr(item, name) for name in QueueItem.model_fields}
        return shown | {"lead": item.lead and LeadOutput.of(item.lead)}


class QueuePage(BaseModel):
    """Uma página da fila."""

    itens: Annotated[list[QueueItem], Field(description="Na ordem em que são oferecidos.")]
    proximo: NextCursor

    @staticmethod
    def of(page: Page) -> dict[str, Any]:
        return {"itens": [QueueItem.of(item) for item in page.itens], "proximo": page.proximo}


class SkipOutput(BaseModel):
    """Um lead que foi pulado."""

    lead_id: LeadId
    livre_em: FreeAt


class ReleaseOutput(BaseModel):
    """Um lead que foi devolvido."""

    lead_id: LeadId
