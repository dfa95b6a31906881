"""Leads on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
)

from controllers.schemas.fields import (
    DIGITS,
    Document,
    Email,
    Id,
    Instant,
    Money,
    Phone,
    State,
    Text,
    Wire,
    fault,
)
from controllers.schemas.leadExamples import NEW_LEAD, NEXT_STEP
from services.errors import Code
from services.leadAttributes import fault_of_attributes
from services.leadFilters import DEFAULT_ORDER, ORDER_NAMES
from utils.clock import parse_day, parse_instant
from utils.text import fold

MAX_TAGS = 20


def _attributes(value: dict[str, Any]) -> dict[str, Any]:
    if found := fault_of_attributes(value):
        raise fault(*found)
    return value


Attributes = Annotated[
    dict[str, JsonValue],
    AfterValidator(_attributes),
    Field(examples=[{"profissao": "autônomo", "idade": 41}]),
]


def _tag(value: str) -> str:
    # The separators of a CSV cell of labels.
    if set(value) & set(",;|"):
        raise fault(Code.VALOR_INVALIDO, "Uma etiqueta não tem vírgula, ponto e vírgula nem barra.")
    return value


Tag = Annotated[str, Text(40, "vip"), AfterValidator(_tag)]
Tags = Annotated[
    list[Tag],
    Field(max_length=MAX_TAGS),
    AfterValidator(lambda tags: list(dict.fromkeys(tags))),
]
Name = Annotated[str, Text(160, "Lead Exemplo")]
Company = Annotated[str, Text(160, "Padaria Central")]
City = Annotated[str, Text(120, "Campinas")]
Campaign = Annotated[str, Text(120, "outubro")]
Stage = Annotated[str, Text(40, "novo")]
Source = Annotated[str, Text(80, "indicação")]
Product = Annotated[str, Text(80, "consórcio de imóvel")]
Reason = Annotated[str, Text(200, "sem orçamento")]
ExternalId = Annotated[str, Text(120, "crm-4711")]
Band = Literal["quente", "morno", "frio"]


class LeadFields(Wire):
    email: Email | None = None
    telefone: Phone | None = None
    documento: Document | None = None
    empresa: Company | None = None
    cidade: City | None = None
    uf: State | None = None
    produto: Product | None = None
    valor: Money | None = None
    renda_mensal: Money | None = None
    origem: Source | None = None
    campanha: Campaign | None = None
    etiquetas: Tags | None = []
    motivo_perda: Reason | None = None
    responsavel_id: Id | None = None
    proximo_contato_em: Instant | None = None
    ultimo_contato_em: Instant | None = None
    atributos: Attributes | None = {}
    id_externo: ExternalId | None = None


class LeadInput(LeadFields):
    """A new lead; only the name is required."""

    model_config = ConfigDict(json_schema_extra={"examples": [NEW_LEAD]})

    nome: Name
    etapa: Stage | None = None


def as_patch(schema: dict[str, Any]) -> None:
    """What a patch leaves out stays as it is: no field of it has a default.

    With an example of the whole, because one made from every field would empty the lead.
    """
    for field in schema["properties"].values():
        field.pop("default", None)
    schema["examples"] = [NEXT_STEP]


class LeadPatch(LeadFields):
    """Fields to change; null empties one. `atributos` is merged (RFC 7396)."""

    model_config = ConfigDict(json_schema_extra=as_patch)

    nome: Name = ""
    etapa: Stage = ""


class LeadOutput(BaseModel):
    id: int
    nome: str
    email: str | None
    telefone: str | None
    documento: str | None
    empresa: str | None
    cidade: str | None
    uf: str | None
    produto: str | None
    valor: str | None
    renda_mensal: str | None
    origem: str | None
    campanha: str | None
    etiquetas: list[str]
    etapa: str
    motivo_perda: str | None
    responsavel_id: int | None
    proximo_contato_em: str | None
    ultimo_contato_em: str | None
    fechado_em: str | None
    score: int | None
    faixa: Band | None
    probabilidade: float | None
    atributos: dict[str, JsonValue]
    id_externo: str | None
    versao: int
    criado_em: str
    atualizado_em: str


class LeadPage(BaseModel):
    itens: list[LeadOutput]
    proximo: str | None
    total: int | None = None


def _owner(value: Any) -> Any:
    return value if value == "nenhum" or not isinstance(value, str) else _digits(value)


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


class LeadSearch(LeadFilters, Paging):
    """The same filters in a body, where personal data may go."""

    documento: Document | None = None
    email: Email | None = None
    telefone: Phone | None = None
    total: Annotated[bool, Field(strict=True)] = False


class DuplicateQuery(Wire):
    permitir_duplicado: Flag = "0"


PAGING = frozenset({"ordenar", "limite", "cursor", "total"})


class ScorePart(BaseModel):
    campo: str
    motivo: str
    pontos: int


class ScoreOutput(BaseModel):
    """The parts add up to the score exactly."""

    score: int
    faixa: Band
    probabilidade: float | None
    versao: int
    calculado_em: str
    partes: list[ScorePart]
    modelo: None
