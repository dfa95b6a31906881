"""Whose leads are, on the wire."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict

from controllers.schemas.fields import Id
from controllers.schemas.wire import Wire, doc, field_error
from services.errors import Code


def person_or(*words: str) -> BeforeValidator:
    """A number, or one of these words: a value that is neither is one error, not one of each."""

    def read(value: Any) -> Any:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if value is not None and not number and value not in words:
            choices = ", ".join(words)
            raise field_error(Code.VALOR_INVALIDO, f"Use o número de um usuário ou {choices}.")
        return value

    return BeforeValidator(read)


NewOwner = Annotated[
    Id | Literal["auto"],
    person_or("auto"),
    doc("O número de um usuário; auto: quem tem menos leads abertos; nulo: ninguém.", "auto"),
]


class LeadAssign(Wire):
    """De quem o lead passa a ser."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"responsavel_id": "auto"}]})

    responsavel_id: NewOwner | None
