"""The goals of a month on the wire."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from controllers.schemas.fields import INT64, WHOLE, Id, Money, MoneyOutput
from controllers.schemas.leads.leadFields import Product
from controllers.schemas.metrics.metricsFields import GeneratedAt, Month, ZoneOutput
from controllers.schemas.userSchema import PersonName
from controllers.schemas.wire import Wire, doc, field_error
from services.errors import Code
from services.goalService import Wanted
from utils.money import to_cents

MOST = 500
_VALUE = doc("Quanto ganhar no mês, em reais.", "500000.00")
_WINS = doc("Quantos leads ganhar no mês.", 20)
_OWNER = doc("De quem é a meta: o número de um usuário; nulo, da equipe.", 12)
_PRODUCT = doc("De que produto; nulo, de todos.", None)
_EXAMPLE: Any = {
    "metas": [
        {"responsavel_id": None, "produto": None, "valor": "500000.00", "ganhos": 20},
        {"responsavel_id": 12, "produto": None, "valor": "120000.00"},
    ]
}


def _something(goal: "GoalInput") -> "GoalInput":
    if goal.valor is None and goal.ganhos is None:
        raise field_error(Code.OBRIGATORIO, "Informe valor ou ganhos.")
    return goal


class GoalInput(Wire):
    """Uma meta, com `valor`, `ganhos` ou os dois."""

    responsavel_id: Annotated[Id, _OWNER] | None = None
    produto: Annotated[Product, _PRODUCT] | None = None
    valor: Annotated[Money, _VALUE] | None = None
    ganhos: Annotated[int, Field(strict=True, ge=0, le=1_000_000), WHOLE, _WINS] | None = None


class GoalsInput(Wire):
    """As metas do mês: substituem as que havia."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    metas: Annotated[
        list[Annotated[GoalInput, AfterValidator(_something)]],
        Field(description=f"Até {MOST}; vazia, nenhuma.", max_length=MOST),
    ]

    def wanted(self) -> list[Wanted]:
        return [
            Wanted(
                goal.responsavel_id,
                goal.produto,
                None if goal.valor is None else to_cents(goal.valor),
                goal.ganhos,
            )
            for goal in self.metas
        ]


class Reached(BaseModel):
    """O que foi ganho."""

    valor: Annotated[MoneyOutput, doc("Valor ganho.", "180000.00")]
    ganhos: Annotated[int, doc("Leads ganhos.", 7)]


class Pace(BaseModel):
    """A quanto o mês chega se os dias úteis que faltam, hoje incluído, forem como os que passaram;
    nunca menos que o já realizado."""

    valor: Annotated[MoneyOutput, doc("Valor ganho no fim do mês.", "396000.00")]
    ganhos: Annotated[float, doc("Leads ganhos no fim do mês.", 15.4)]


class GoalSet(BaseModel):
    """Uma meta."""

    responsavel_id: Annotated[int, _OWNER, Field(**INT64)] | None
    produto: Product | None
    valor: Annotated[MoneyOutput | None, _VALUE]
    ganhos: Annotated[int | None, _WINS]


class GoalsSet(BaseModel):
    """As metas de um mês, como ficaram."""

    mes: Month
    metas: Annotated[list[GoalSet], Field(description="Na ordem em que vieram.")]


class Goal(GoalSet):
    """Uma meta e o que já se alcançou."""

    nome: PersonName | None
    realizado: Annotated[Reached, Field(description="O que já foi ganho no mês.")]
    ritmo: Annotated[
        Pace | None, Field(description="Nulo antes de passar o primeiro dia útil do mês.")
    ]


class GoalsOutput(BaseModel):
    """As metas de um mês."""

    mes: Month
    gerado_em: GeneratedAt
    fuso: ZoneOutput
    dias_uteis: Annotated[
        int,
        doc(
            "Dias úteis do mês: os do horário da fila, ou de segunda a sexta; sem os feriados do "
            "país, da UF e da equipe.",
            21,
        ),
    ]
    dias_uteis_restantes: Annotated[int, doc("Quantos faltam, hoje incluído.", 9)]
    metas: Annotated[list[Goal], Field(description="A da equipe primeiro.")]
