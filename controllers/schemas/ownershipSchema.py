"""Whose leads are, on the wire."""

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict

from controllers.schemas.fields import Id
from controllers.schemas.wire import Wire, doc, field_error
from services.errors import Code

_DIGITS = re.compile(r"[0-9]{1,19}")


def person_or(*words: str, digits: bool = False) -> BeforeValidator:
    """The number of a user, or one of these words; in a query string it is digits. What is neither
    is told so; a number that is none of a user, by what it lacks."""
    *several, last = ["o número de um usuário", *words]
    message = f"Use {', '.join(several)} ou {last}."

    def read(value: Any) -> Any:
        if digits and isinstance(value, str) and _DIGITS.fullmatch(value):
            return int(value)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if value is not None and not number and value not in words:
            raise field_error(Code.VALOR_INVALIDO, message)
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
