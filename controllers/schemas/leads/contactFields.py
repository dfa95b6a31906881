"""The ways to reach a person, on the wire."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationInfo, field_validator

from controllers.schemas.wire import Wire, carried, doc
from models.lead_contact import ContactKind
from services.leads.fields import EMAIL, MAX_CONTACTS, PHONE, WHATSAPP_ID, Contact

_FORMATS = {
    ContactKind.TELEFONE: PHONE,
    ContactKind.EMAIL: EMAIL,
    ContactKind.WHATSAPP_ID: WHATSAPP_ID,
}
_KIND = doc("Que contato é; whatsapp_id é de quem não mostra o telefone.", "telefone")
_MAX_VALUE = 320  # characters, before the value is normalised


class ContactInput(Wire):
    """Um telefone, um e-mail ou um id do WhatsApp."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"tipo": "telefone", "valor": "(11) 98765-4321"}]}
    )

    tipo: Annotated[Literal["telefone", "email", "whatsapp_id"], _KIND]
    valor: Annotated[
        str, doc("O contato como se escreve.", "(11) 98765-4321", max_length=_MAX_VALUE)
    ]

    @field_validator("valor")
    @classmethod
    def _normalise(cls, valor: str, info: ValidationInfo) -> str:
        tipo = info.data.get("tipo")
        if tipo is None:  # an error of its own
            return valor
        form = _FORMATS[ContactKind(tipo)]
        try:
            return form.normalize(valor)
        except ValueError as error:
            raise carried(form.error(valor)) from error


def _contact(sent: ContactInput) -> Contact:
    return Contact(sent.tipo, sent.valor)


Contacts = Annotated[
    list[Annotated[ContactInput, AfterValidator(_contact)]],
    doc(
        "Todos os contatos: o que não está na lista sai, menos `telefone` e `email`.",
        [{"tipo": "telefone", "valor": "(11) 98765-4321"}],
        max_length=MAX_CONTACTS,
    ),
]


class ContactOutput(BaseModel):
    """Um contato."""

    tipo: Annotated[Literal["telefone", "email", "whatsapp_id"], _KIND]
    valor: Annotated[str, doc("O contato.", "+5511987654321")]
