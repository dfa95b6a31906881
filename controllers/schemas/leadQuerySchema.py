"""What a list of leads is asked for: filters, order, page."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from controllers.schemas.fields import DIGITS, Document, Email, Id, Phone, State, Text, Wire, fault
from controllers.schemas.leadSchema import Band, Product, Source, Stage, Tag
from services.errors import Code
from services.leads.fields import DEFAULT_ORDER, NOBODY, ORDER_NAMES
from utils.clock import parse_day, parse_instant
from utils.text import fold


def _owner(value: Any) -> Any:
    return value if value == NOBODY or not isinstance(value, str) else _digits(value)


def _digits(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 20):
        raise fault(Code.TIPO_INVALIDO, "Use um id ou nenhum.")
    return int(value)


def _day_or_instant(value: Any) -> date | datetime:
    message = "Use AAAA-MM-DD ou data e hora com fuso."
    if not isinstance(value, str) or len(value) > 64:
        raise fault(Code.DATA_INVALIDA, message)
    try:
        found = parse_day(value) if len(value) == 10 else parse_instant(value)
    except ValueError as error:
        raise fault(Code.DATA_INVALIDA, message) from error
    if not 1900 <= found.year <= 2200:
        raise fault(Code.DATA_INVALIDA, message)
    return found


def _searchable(value: str) -> str:
    if not fold(value):  # accents alone: they would be found everywhere
        raise fault(Code.VALOR_INVALIDO, "Informe ao menos uma letra ou um algarismo.")
    return value


Owner = Annotated[Id | Literal["nenhum"], BeforeValidator(_owner)]
Bound = Annotated[date | datetime, BeforeValidator(_day_or_instant), Field(examples=["2026-08-01"])]
Many = Field(max_length=20)
Flag = Literal["0", "1"]


class LeadFilters(Wire):
    """Repeated etapa, origem, uf, faixa and produto mean any of; repeated etiqueta, all of."""

    etapa: Annotated[list[Stage], Many] = []
    origem: Annotated[list[Source], Many] = []
    uf: Annotated[list[State], Many] = []
    faixa: Annotated[list[Band], Many] = []
    produto: Annotated[list[Product], Many] = []
    etiqueta: Annotated[list[Tag], Many] = []
    responsavel_id: Owner | None = None
    criado_de: Bound | None = None
    criado_ate: Bound | None = None
    q: Annotated[str, Text(100, "maria"), AfterValidator(_searchable)] | None = None


class Paging(Wire):
    ordenar: Literal[ORDER_NAMES] = DEFAULT_ORDER  # type: ignore[valid-type]
    limite: Annotated[int, DIGITS, Field(ge=1, le=100)] = 20
    cursor: Annotated[str, Field(max_length=1_024)] | None = None


class LeadQuery(LeadFilters, Paging):
    total: Flag = "0"
    excluidos: Flag = "0"


class LeadSearch(LeadFilters, Paging):
    """The same filters in a body, where personal data may go."""

    documento: Document | None = None
    email: Email | None = None
    telefone: Phone | None = None
    total: Annotated[bool, Field(strict=True)] = False


class DuplicateQuery(Wire):
    permitir_duplicado: Flag = "0"


# What of a query narrows nothing: how much of which list, in which order.
NO_FILTERS = frozenset({"ordenar", "limite", "cursor", "total", "excluidos"})
