"""What the figures are made of on the wire, and what they are asked for."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from controllers.schemas.fields import Id, MoneyOutput, NearDay
from controllers.schemas.leads.leadFields import OwnerIdOutput, Product, Source
from controllers.schemas.leads.leadFields import StageOutput as Stage
from controllers.schemas.ownershipSchema import person_or
from controllers.schemas.stageSchema import Kind, StageName
from controllers.schemas.userSchema import PersonName
from controllers.schemas.wire import Wire, doc
from services.leads.fields import NOBODY

Quantity = Annotated[int, doc("Quantos leads.", 3)]
New = Annotated[int, doc("Leads criados.", 3)]
Won = Annotated[int, doc("Leads ganhos.", 1)]
Lost = Annotated[int, doc("Leads perdidos.", 1)]
Conversion = Annotated[
    float | None, doc("Ganhos ÷ (ganhos + perdidos); nula enquanto nada fechou.", 0.5)
]
WonValue = Annotated[MoneyOutput, doc("Soma do valor dos ganhos.", "80000.00")]
OpenValue = Annotated[MoneyOutput, doc("Soma do valor dos abertos.", "250000.00")]
Active = Annotated[bool | None, doc("Se a pessoa ainda pode entrar.", True)]
Month = Annotated[str, doc("O mês.", "2026-08", pattern="^[0-9]{4}-[0-9]{2}$")]
Place = Annotated[
    int | None,
    doc(
        "O lugar entre os vendedores, pelo valor ganho; com o mesmo valor, o mesmo. Nulo onde só "
        "se veem os números de uma pessoa.",
        1,
    ),
]
ZoneOutput = Annotated[
    str,
    doc(
        "O fuso dos dias destes números; outro que o da equipe enquanto um novo é contado.",
        "America/Sao_Paulo",
    ),
]
GeneratedAt = Annotated[datetime, doc("O instante destes números.", "2026-08-01T14:30:00Z")]

_FROM = doc("Desde que dia, no fuso da equipe, incluído.", "2026-08-01")
_TO = doc("Até que dia, incluído.", "2026-08-31")
_OWNER = doc("Só os leads desta pessoa, ou `nenhum` para os sem responsável.", 12)
_OwnerAsked = Annotated[Id | Literal["nenhum"], person_or(NOBODY, digits=True), _OWNER]


class MetricsQuery(Wire):
    """De que leads e de que período são os números."""

    responsavel_id: _OwnerAsked | None = None
    origem: Annotated[Source, doc("Só os leads desta origem.", "indicação")] | None = None
    produto: Annotated[Product, doc("Só os leads deste produto.", "consórcio")] | None = None

    de: Annotated[NearDay, _FROM] | None = None
    ate: Annotated[NearDay, _TO] | None = None


class Period(BaseModel):
    """Os dias a que os números se referem."""

    de: Annotated[date, doc("O primeiro dia.", "2026-08-01")]
    ate: Annotated[date, doc("O último dia.", "2026-08-31")]


class Movement(BaseModel):
    """O que aconteceu em um período."""

    novos: New
    ganhos: Won
    perdidos: Lost
    valor_ganho: WonValue


class Compared(Movement):
    """O que aconteceu em um período, e no período de mesma duração logo antes."""

    anterior: Annotated[Movement, Field(description="O período de mesma duração logo antes.")]


class ComparedPeriod(Compared, Period):
    """O que aconteceu nos dias pedidos, e antes."""


class Day(Movement):
    """O que aconteceu em um dia da equipe."""

    dia: Annotated[date, doc("O dia.", "2026-08-01")]


class Duration(BaseModel):
    """Uma duração, de baldes de no máximo 10 % de largura: o meio do balde, em segundos."""

    n: Annotated[int, doc("De quantos.", 40)]
    mediana: Annotated[float | None, doc("Metade levou no máximo isto; nula sem nenhum.", 86400.0)]
    p90: Annotated[float | None, doc("Nove em dez levaram no máximo isto.", 604800.0)]


class StageNamed(BaseModel):
    etapa: Stage
    nome: StageName
    tipo: Kind


class Person(BaseModel):
    responsavel_id: OwnerIdOutput | None
    nome: PersonName | None
