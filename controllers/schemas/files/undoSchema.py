"""An import that is undone, on the wire."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, Field

from controllers.schemas.fields import INT64
from controllers.schemas.wire import doc
from models.imports.run import RunState
from services.undoService import Undone, WhyKept


class KeptLead(BaseModel):
    """Um lead que ficou como está."""

    lead_id: Annotated[int, doc("O lead.", 41, **INT64)]
    motivo: Annotated[WhyKept, doc("Por quê.", WhyKept.ALTERADO)]


class UndoneLeads(BaseModel):
    """O que foi dos leads de uma importação que se desfaz, até aqui."""

    excluidos: Annotated[int, doc("Leads que ela criou e sumiram.", 120)]
    restaurados: Annotated[int, doc("Leads que ela alterou e voltaram a ser como antes.", 12)]
    mantidos: Annotated[list[KeptLead], Field(description="Os primeiros 100 que ficaram.")]
    mantidos_total: Annotated[int, doc("Quantos leads ficaram como estão.", 1)]

    @staticmethod
    def of(outcome: Mapping[str, Any]) -> dict[str, Any]:
        return {name: outcome[name] for name in UndoneLeads.model_fields}


class UndoOutput(UndoneLeads):
    """O que desfazer uma importação deu, até aqui."""

    id: Annotated[int, doc("Número da importação.", 9, **INT64)]
    estado: Annotated[RunState, doc("`desfeita` quando terminou.", RunState.DESFEITA)]
    trabalho_id: (
        Annotated[int, doc("O trabalho que desfaz; nulo se foi na hora.", None, **INT64)] | None
    )

    @staticmethod
    def shown(undone: Undone) -> dict[str, Any]:
        own = {"id": undone.id, "estado": undone.estado, "trabalho_id": undone.trabalho_id}
        return own | UndoneLeads.of(undone.outcome)
