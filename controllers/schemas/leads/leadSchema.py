"""Leads on the wire."""

from datetime import datetime
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field

from controllers.schemas.fields import (
    CreatedAt,
    Document,
    DocumentOutput,
    Phone,
    PhoneOutput,
    State,
    StateOutput,
)
from controllers.schemas.leads.contactFields import ContactOutput, Contacts
from controllers.schemas.leads.leadExamples import NEW_LEAD, NEXT_STEP
from controllers.schemas.leads.leadFields import (
    Attributes,
    Band,
    Campaign,
    City,
    Closing,
    ClosingOutput,
    Company,
    ContactAgain,
    Expected,
    ExpectedOutput,
    ExternalId,
    Income,
    IncomeOutput,
    LastContact,
    LastContactOutput,
    LeadEmail,
    LeadId,
    Name,
    NextContact,
    NextContactOutput,
    OwnerId,
    OwnerIdOutput,
    Probability,
    Product,
    Reason,
    Score,
    Since,
    SinceOutput,
    Source,
    Stage,
    StageOutput,
    Tags,
    UnwantedOutput,
    Value,
    ValueOutput,
    Version,
)
from controllers.schemas.paging import NextCursor
from controllers.schemas.wire import Wire, doc
from models.db.messages.queries import Row
from services.errors import MISSING, Code, FieldError, Invalid
from services.leads.fields import FIELDS
from services.leadService import Page, Single
from utils.wire.etags import version_etag

_REASON_MISSING = FieldError("motivo_contato", *MISSING)
_REASON_UNFITTING = FieldError(
    "motivo_contato", Code.VALOR_INVALIDO, "Só com nao_contatar_em: null se diz o motivo."
)


class LeadFields(Wire):
    email: LeadEmail | None = None
    telefone: Phone | None = None
    documento: Document | None = None
    empresa: Company | None = None
    cidade: City | None = None
    uf: State | None = None
    produto: Product | None = None
    valor: Value | None = None
    renda_mensal: Income | None = None
    origem: Source | None = None
    campanha: Campaign | None = None
    etiquetas: Tags | None = []
    motivo_perda: Reason | None = None
    responsavel_id: OwnerId | None = None
    proximo_contato_em: NextContact | None = None
    ultimo_contato_em: LastContact | None = None
    previsto_para: Expected | None = None
    contatos: Contacts | None = []
    atributos: Attributes | None = {}
    id_externo: ExternalId | None = None

    def sent(self) -> dict[str, Any]:
        """What was sent, the contacts as services know them."""
        sent = self.model_dump(exclude_unset=True, exclude={"contatos"})
        return sent | ({"contatos": self.contatos} if "contatos" in self.model_fields_set else {})


class LeadInput(LeadFields):
    """Um lead novo; só o nome é obrigatório."""

    model_config = ConfigDict(json_schema_extra={"examples": [NEW_LEAD]})

    nome: Name
    etapa: Stage | None = None


class LeadPatch(LeadFields):
    """O que muda: `null` esvazia um campo, `atributos` se juntam aos que há (RFC 7396)."""

    # An example made from every field would empty the lead.
    model_config = ConfigDict(json_schema_extra={"examples": [NEXT_STEP]})

    nome: Name = ""
    etapa: Stage = ""
    fechado_em: Closing | None = None
    nao_contatar_em: Annotated[
        None, doc("null: a pessoa pode ser contatada de novo; do gestor, com o motivo.", None)
    ] = None
    motivo_contato: ContactAgain = ""

    def changes(self) -> dict[str, Any]:
        """What was sent of the lead itself. Labels are a list, so null leaves them an empty one.
        Raises Invalid for a reason without what it is the reason of, or the other way round."""
        sent = self.sent()
        reason = sent.pop("motivo_contato", None)
        if (reason is None) is ("nao_contatar_em" in sent):
            raise Invalid(fields=[_REASON_MISSING if reason is None else _REASON_UNFITTING])
        return sent | ({"etiquetas": sent["etiquetas"] or []} if "etiquetas" in sent else {})


class LeadMove(Wire):
    """Para onde o lead vai; um lead perdido precisa do motivo.

    Com `etapa_desde`, ou com a data do fechamento, diz-se desde quando está lá.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"etapa": "contatado"}]})

    etapa: Stage
    motivo_perda: Reason | None = None
    fechado_em: Closing | None = None
    etapa_desde: Since | None = None


class LeadItem(BaseModel):
    """Um lead de uma lista."""

    id: LeadId
    nome: Name
    email: LeadEmail | None
    telefone: PhoneOutput | None
    documento: DocumentOutput | None
    empresa: Company | None
    cidade: City | None
    uf: StateOutput | None
    produto: Product | None
    valor: ValueOutput | None
    renda_mensal: IncomeOutput | None
    origem: Source | None
    campanha: Campaign | None
    etiquetas: Tags
    etapa: StageOutput
    motivo_perda: Annotated[Reason | None, Field(examples=[None])]
    responsavel_id: OwnerIdOutput | None
    proximo_contato_em: NextContactOutput | None
    ultimo_contato_em: LastContactOutput | None
    fechado_em: ClosingOutput | None
    previsto_para: ExpectedOutput | None
    nao_contatar_em: UnwantedOutput | None
    score: Score | None
    faixa: Band | None
    probabilidade: Probability
    atributos: Attributes
    id_externo: ExternalId | None
    versao: Version
    etapa_desde: SinceOutput
    criado_em: CreatedAt
    atualizado_em: Annotated[datetime, doc("Última mudança.", "2026-08-01T15:30:00Z")]

    @staticmethod
    def of(row: Row) -> dict[str, Any]:
        """A row in the order of FIELDS as this object; its `atributos` are JSON text already."""
        lead = dict(zip(FIELDS, row, strict=True))
        lead["atributos"] = orjson.Fragment(lead["atributos"])
        return lead


def etag_of(found: Single) -> dict[str, str]:
    """The ETag of a lead. A new score changes it, although the version stays the same."""
    scored = found.calculado_em.timestamp() if found.calculado_em else 0
    return {"ETag": version_etag(found.versao, f"{int(scored * 1_000_000):x}")}


class LeadOutput(LeadItem):
    """Um lead com todos os seus contatos."""

    contatos: Annotated[
        list[ContactOutput], Field(description="Todos os contatos, os principais primeiro.")
    ]

    @staticmethod
    def of(row: Row) -> dict[str, Any]:
        """A row as of LeadItem, with the contacts, as JSON text, at its end."""
        lead = LeadItem.of(row[:-1])
        lead["contatos"] = orjson.Fragment(row[-1])
        return lead


class LeadPage(BaseModel):
    """Uma página da lista."""

    itens: Annotated[list[LeadItem], Field(description="Os leads desta página.")]
    proximo: NextCursor
    # Left out where it was not asked for.
    total: Annotated[int, doc("Quantos leads há; só com o parâmetro total.", 1)] | None = None

    @staticmethod
    def of(page: Page) -> dict[str, Any]:
        """`total` only where it was asked for."""
        found = {"itens": [LeadItem.of(row) for row in page.rows], "proximo": page.proximo}
        return found if page.total is None else found | {"total": page.total}
