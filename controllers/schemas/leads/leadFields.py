"""The fields of a lead on the wire, each with its limit, its example and what it means."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from controllers.schemas.fields import (
    INT64,
    Email,
    Id,
    Money,
    MoneyOutput,
    NearDay,
    NearInstant,
)
from controllers.schemas.wire import Text, checked, doc, field_error
from models.activity import MAX_TEXT
from models.stage import MAX_NAME as MAX_STAGE
from services.errors import Code
from services.leads.fields import (
    EXTERNAL_ID,
    MAX_TAGS,
    TAG_LENGTH,
    TAG_SEPARATORS,
    TEXT_LIMITS,
    attributes_error,
)

_OWNER = doc("Quem cuida do lead: o número de um usuário.", 12)
_VALUE = doc("Valor do negócio, em reais.", "250000.00")
_INCOME = doc("Renda mensal, em reais.", "9500.00")
_NEXT = doc("Quando falar de novo.", "2030-08-01T14:30:00Z")
_CLOSED = doc("Quando se ganhou ou perdeu; nunca no futuro.", None)
_CREATED = doc("Desde quando se conhece o lead; nunca no futuro.", None)
_EXPECTED = doc("Quando se espera fechar.", "2030-09-30")
_SINCE = doc("Desde quando está na etapa.", "2026-08-01T14:30:00Z")
_LAST = doc("Quando se falou pela última vez.", "2026-08-01T14:30:00Z")


def _attributes(value: dict[str, Any]) -> dict[str, Any]:
    if found := attributes_error(value):
        raise field_error(*found)
    return value


Attributes = Annotated[
    dict[str, Any],
    AfterValidator(_attributes),
    doc(
        "Seus próprios dados: até 100 chaves, 3 níveis e 16 kB.",
        {"profissao": "autônomo", "idade": 41},
    ),
]


def _tag(value: str) -> str:
    if set(value) & set(TAG_SEPARATORS):
        raise field_error(
            Code.VALOR_INVALIDO, "Uma etiqueta não tem vírgula, ponto e vírgula nem barra."
        )
    return value


Tag = Annotated[str, Text(TAG_LENGTH, "Etiqueta.", "vip"), AfterValidator(_tag)]
_DISTINCT = AfterValidator(lambda tags: list(dict.fromkeys(tags)))
Tags = Annotated[
    list[Tag],
    doc("Etiquetas; repetidas contam uma vez.", ["vip"], max_length=MAX_TAGS),
    _DISTINCT,
]
SomeTags = Annotated[
    list[Tag],
    doc("Etiquetas a pôr ou tirar.", ["vip"], min_length=1, max_length=MAX_TAGS),
    _DISTINCT,
]
Name = Annotated[str, Text(TEXT_LIMITS["nome"], "Nome da pessoa ou da empresa.", "Lead Exemplo")]
LeadEmail = Annotated[Email, Field(description="E-mail do lead.", examples=["lead@exemplo.com.br"])]
Company = Annotated[str, Text(TEXT_LIMITS["empresa"], "Empresa.", "Padaria Central")]
City = Annotated[str, Text(TEXT_LIMITS["cidade"], "Cidade.", "Campinas")]
Campaign = Annotated[
    str, Text(TEXT_LIMITS["campanha"], "Campanha que trouxe o lead.", "consórcio de outubro")
]
Stage = Annotated[str, Text(MAX_STAGE, "Etapa do funil, pela chave ou pelo nome.", "contatado")]
StageOutput = Annotated[str, doc("Etapa do funil, pela chave.", "contatado")]
Source = Annotated[str, Text(TEXT_LIMITS["origem"], "De onde o lead veio.", "indicação")]
Product = Annotated[
    str, Text(TEXT_LIMITS["produto"], "Produto de interesse.", "consórcio de imóvel")
]
Reason = Annotated[
    str,
    Text(TEXT_LIMITS["motivo_perda"], "Por que se perdeu; só de um lead perdido.", "sem orçamento"),
]
ExternalId = Annotated[
    str,
    Text(TEXT_LIMITS["id_externo"], "Identificador do lead em outro sistema.", "crm-4711"),
    checked(EXTERNAL_ID),
]
Band = Annotated[
    Literal["quente", "morno", "frio"],
    doc("Faixa do score.", "morno"),
]
OwnerId = Annotated[Id, _OWNER]
Value = Annotated[Money, _VALUE]
Income = Annotated[Money, _INCOME]
NextContact = Annotated[NearInstant, _NEXT]
LastContact = Annotated[NearInstant, _LAST]
Closing = Annotated[NearInstant, _CLOSED]
Creation = Annotated[NearInstant, _CREATED]
Expected = Annotated[NearDay, _EXPECTED]
Since = Annotated[NearInstant, _SINCE]

ContactAgain = Annotated[
    str, Text(MAX_TEXT, "Por que a pessoa pode ser contatada de novo; fica numa nota.", "Pediu.")
]

LeadId = Annotated[int, doc("Número do lead.", 4711, **INT64)]
OwnerIdOutput = Annotated[int, _OWNER, Field(**INT64)]
ValueOutput = Annotated[MoneyOutput, _VALUE]
IncomeOutput = Annotated[MoneyOutput, _INCOME]
NextContactOutput = Annotated[datetime, _NEXT]
LastContactOutput = Annotated[datetime, _LAST]
ClosingOutput = Annotated[datetime, _CLOSED]
ExpectedOutput = Annotated[date, _EXPECTED]
UnwantedOutput = Annotated[datetime, doc("Desde quando a pessoa não quer ser contatada.", None)]
SinceOutput = Annotated[datetime, _SINCE]
Score = Annotated[int, doc("De 0 a 100, pelas regras da equipe.", 55, ge=0, le=100)]
Probability = Annotated[
    float | None, Field(description="Chance de ganhar, de 0 a 1; nula sem modelo.", examples=[None])
]
Version = Annotated[int, doc("Cresce a cada mudança; o ETag começa por ela.", 2)]
