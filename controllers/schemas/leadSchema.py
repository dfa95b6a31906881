"""Leads on the wire."""

from typing import Annotated, Any, Literal

import orjson
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
    checked,
    fault,
)
from controllers.schemas.leadExamples import NEW_LEAD, NEXT_STEP
from models.db.statements import Row
from services.errors import Code
from services.leads import fields
from services.leads.fields import (
    FIELDS,
    MAX_TAGS,
    TAG_LENGTH,
    TAG_SEPARATORS,
    TEXT_LIMITS,
    attributes_error,
)
from services.leadService import Page


def _attributes(value: dict[str, Any]) -> dict[str, Any]:
    if found := attributes_error(value):
        raise fault(*found)
    return value


Attributes = Annotated[
    dict[str, JsonValue],
    AfterValidator(_attributes),
    Field(examples=[{"profissao": "autônomo", "idade": 41}]),
]


def _tag(value: str) -> str:
    if set(value) & set(TAG_SEPARATORS):
        raise fault(Code.VALOR_INVALIDO, "Uma etiqueta não tem vírgula, ponto e vírgula nem barra.")
    return value


Tag = Annotated[str, Text(TAG_LENGTH, "vip"), AfterValidator(_tag)]
Tags = Annotated[
    list[Tag],
    Field(max_length=MAX_TAGS),
    AfterValidator(lambda tags: list(dict.fromkeys(tags))),
]
Name = Annotated[str, Text(TEXT_LIMITS["nome"], "Lead Exemplo")]
Company = Annotated[str, Text(TEXT_LIMITS["empresa"], "Padaria Central")]
City = Annotated[str, Text(TEXT_LIMITS["cidade"], "Campinas")]
Campaign = Annotated[str, Text(TEXT_LIMITS["campanha"], "outubro")]
Stage = Annotated[str, Text(TEXT_LIMITS["etapa"], "novo")]
Source = Annotated[str, Text(TEXT_LIMITS["origem"], "indicação")]
Product = Annotated[str, Text(TEXT_LIMITS["produto"], "consórcio de imóvel")]
Reason = Annotated[str, Text(TEXT_LIMITS["motivo_perda"], "sem orçamento")]
ExternalId = Annotated[
    str, Text(TEXT_LIMITS["id_externo"], "crm-4711"), checked(fields.EXTERNAL_ID)
]
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
    fechado_em: Instant | None = None


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

    @staticmethod
    def of(row: Row) -> dict[str, Any]:
        """A row in the order of FIELDS as this object; its `atributos` are JSON text already."""
        lead = dict(zip(FIELDS, row, strict=True))
        lead["atributos"] = orjson.Fragment(lead["atributos"])
        return lead


class LeadPage(BaseModel):
    itens: list[LeadOutput]
    proximo: str | None
    total: int | None = None

    @staticmethod
    def of(page: Page) -> dict[str, Any]:
        """`total` only where it was asked for."""
        found = {"itens": [LeadOutput.of(row) for row in page.rows], "proximo": page.proximo}
        return found if page.total is None else found | {"total": page.total}


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
