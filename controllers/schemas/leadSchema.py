"""Leads on the wire."""

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
)

from controllers.schemas.fields import (
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
from services.leads.attributes import fault_of_attributes

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
