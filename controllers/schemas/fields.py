"""Field types of the wire: each validates, normalises, and says so in the OpenAPI document."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from annotated_types import GroupedMetadata
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from services.errors import Code
from services.leads import fields
from services.leads.fields import MONEY_DIGITS, MONEY_PLACES, Format, too_long
from utils.clock import is_time_zone, parse_instant

MAX_ID = 2**63 - 1
# Says in the document what the validators below say in Portuguese: no control character but tab
# and line ends, and not blank.
_NO_CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f"
_PRINTED = rf"^[^{_NO_CONTROL}]*[^\s{_NO_CONTROL}][^{_NO_CONTROL}]*$"


class Wire(BaseModel):
    """An input: unknown fields are refused, no number passes for a text nor a text for a flag."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


def fault(code: Code, message: str) -> PydanticCustomError:
    return PydanticCustomError(code.value, "{mensagem}", {"mensagem": message})


def checked(format_: Format) -> AfterValidator:
    """A validator that normalises a text, with the format's code and sentence."""

    def validate(value: str) -> str:
        try:
            return format_.normalize(value)
        except ValueError as error:
            raise fault(format_.code, format_.message) from error

    return AfterValidator(validate)


_CLEAN = checked(fields.TEXT)


def _not_blank(value: str) -> str:
    if not value:
        raise fault(Code.OBRIGATORIO, "Campo obrigatório.")
    return value


@dataclass(frozen=True)
class Text(GroupedMetadata):
    """Trimmed NFC text of 1 to `limit` characters."""

    limit: int
    example: str

    def __iter__(self) -> Iterator[object]:
        yield Field(
            min_length=1,
            max_length=self.limit,
            json_schema_extra={"pattern": _PRINTED},
            examples=[self.example],
        )
        yield _CLEAN
        yield AfterValidator(_not_blank)
        yield AfterValidator(self._still_short)

    def _still_short(self, value: str) -> str:
        # A few characters become two or three in NFC.
        if len(value) > self.limit:
            raise fault(Code.LONGO_DEMAIS, too_long(self.limit))
        return value


Email = Annotated[
    str,
    Field(
        max_length=320,
        examples=["gestora@exemplo.com.br"],
        json_schema_extra={"format": "email"},
    ),
    checked(fields.EMAIL),
]
Phone = Annotated[
    str,
    Field(max_length=64, examples=["(11) 98765-4321"]),
    checked(fields.PHONE),
]
Document = Annotated[
    str,
    Field(max_length=64, examples=["529.982.247-25"]),
    checked(fields.DOCUMENT),
]


State = Annotated[
    str,
    Field(max_length=2, examples=["SP"]),
    checked(fields.STATE),
]


def _password_text(value: str) -> str:
    # Never trimmed: blanks are characters of a password like others.
    if "\x00" in value:
        raise ValueError(value)
    return unicodedata.normalize("NFC", value)


Password = Annotated[
    str,
    Field(min_length=1, max_length=128, examples=["uma-frase-longa"]),
    checked(Format(_password_text, fields.TEXT.code, fields.TEXT.message)),
]


_MONEY = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")


def _money_input(value: Any) -> Any:
    # true is 1 to Python; money is not a flag.
    # Nor does it come in other scripts' digits, with underscores or as a power of ten.
    if isinstance(value, bool) or (isinstance(value, str) and not _MONEY.fullmatch(value.strip())):
        raise fault(Code.TIPO_INVALIDO, "Use um número ou um texto como 1234.56.")
    return value


Money = Annotated[
    Decimal,
    BeforeValidator(_money_input),
    Field(
        ge=0,
        max_digits=MONEY_DIGITS,
        decimal_places=MONEY_PLACES,
        examples=["15000.00"],
    ),
]


def _instant(value: Any) -> datetime:
    if not isinstance(value, str) or len(value) > 64:
        raise fault(Code.DATA_INVALIDA, "Use data e hora com fuso, como 2026-08-01T14:30:00Z.")
    try:
        return parse_instant(value)
    except ValueError as error:
        raise fault(
            Code.DATA_INVALIDA, "Use data e hora com fuso, como 2026-08-01T14:30:00Z."
        ) from error


Instant = Annotated[datetime, BeforeValidator(_instant), Field(examples=["2026-08-01T14:30:00Z"])]


_WHOLE = re.compile(r"-?[0-9]+")


def _digits_only(value: Any) -> Any:
    # Python, and so pydantic, reads 1_0 as ten.
    if isinstance(value, str) and not _WHOLE.fullmatch(value):
        raise fault(Code.TIPO_INVALIDO, "Deve ser um número inteiro.")
    return value


# Of a whole number in a query string.
DIGITS = BeforeValidator(_digits_only)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


# To JSON Schema 3.0 is an integer, and some clients write all their numbers that way. It stands
# behind the bounds, which are lost to the document otherwise.
WHOLE = BeforeValidator(_whole)
Id = Annotated[int, Field(strict=True, ge=1, le=MAX_ID, examples=[1]), WHOLE]


def _zone(value: str) -> str:
    if not is_time_zone(value):
        raise ValueError(value)
    return value


Zone = Annotated[
    str,
    Field(max_length=64, examples=["America/Sao_Paulo"]),
    checked(Format(_zone, Code.VALOR_INVALIDO, "Fuso horário inexistente.")),
]
