"""Field types that several schemas share: each validates, normalises, and says so in the document.

Those named `…Output` are for replies, which are not validated: they only state their shape.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from controllers.schemas.wire import checked, doc, field_error
from models.types import Role
from services.errors import Code
from services.leads import fields
from services.leads.fields import MONEY_DIGITS, MONEY_PLACES, NOT_OF_OUR_TIME, Format
from utils.clock import is_of_our_time, is_time_zone, parse_day, parse_instant

MAX_ID = 2**63 - 1
_MOMENT = "2026-08-01T14:30:00Z"

NO_INTEGER = (Code.TIPO_INVALIDO, "Deve ser um número inteiro.")
NO_MONEY = (Code.TIPO_INVALIDO, "Use um número ou um texto como 1234.56.")

Flag = Literal["0", "1"]
RoleField = Annotated[
    Role, doc("Papel: gestor administra a equipe; vendedor cuida dos seus leads.", "gestor")
]
Email = Annotated[
    str,
    doc(
        "E-mail; maiúsculas não fazem diferença.",
        "gestora@exemplo.com.br",
        max_length=320,
        json_schema_extra={"format": "email"},
    ),
    checked(fields.EMAIL),
]
Phone = Annotated[
    str,
    doc(
        "Telefone com DDD, como se escreve no Brasil ou com o código do país.",
        "(11) 98765-4321",
        max_length=64,
    ),
    checked(fields.PHONE),
]
PhoneOutput = Annotated[str, doc("Telefone com o código do país.", "+5511987654321")]
Document = Annotated[
    str,
    doc("CPF ou CNPJ, com ou sem pontuação.", "529.982.247-25", max_length=64),
    checked(fields.DOCUMENT),
]
DocumentOutput = Annotated[str, doc("CPF ou CNPJ, sem pontuação.", "52998224725")]
State = Annotated[
    str,
    doc("Sigla ou nome da unidade da federação.", "SP", max_length=64),
    checked(fields.STATE),
]
StateOutput = Annotated[str, doc("Sigla da unidade da federação.", "SP")]


def _password_text(value: str) -> str:
    # Never trimmed: blanks are characters of a password like others.
    if "\x00" in value:
        raise ValueError(value)
    return unicodedata.normalize("NFC", value)


Password = Annotated[
    str,
    doc(
        "Senha: ao menos 8 caracteres, difíceis de adivinhar (em desenvolvimento bastam 6).",
        "uma-frase-longa",
        min_length=1,
        max_length=128,
        json_schema_extra={"format": "password"},
    ),
    checked(Format(_password_text, fields.TEXT.code, fields.TEXT.message)),
]


_MONEY = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")


def _money_input(value: Any) -> Any:
    # true is 1 to Python; money is not a flag.
    # Digits of other scripts, underscores and powers of ten are not money either.
    if isinstance(value, bool) or (isinstance(value, str) and not _MONEY.fullmatch(value.strip())):
        raise field_error(*NO_MONEY)
    return value


Money = Annotated[
    Decimal,
    Field(ge=0, max_digits=MONEY_DIGITS, decimal_places=MONEY_PLACES),
    BeforeValidator(_money_input),
]
# Sums have more digits than a lead's value.
MoneyOutput = Annotated[str, Field(pattern=rf"^[0-9]+\.[0-9]{{{MONEY_PLACES}}}$")]


def read_moment[Moment: date](value: Any, read: Callable[[str], Moment], message: str) -> Moment:
    """What a text says, a day or an instant. Raises field_error() for what `read` refuses."""
    if not isinstance(value, str) or len(value) > 64:
        raise field_error(Code.DATA_INVALIDA, message)
    try:
        return read(value)
    except ValueError as error:
        raise field_error(Code.DATA_INVALIDA, message) from error


def _instant(value: Any) -> datetime:
    return read_moment(value, parse_instant, f"Use data e hora com fuso, como {_MOMENT}.")


Instant = Annotated[datetime, BeforeValidator(_instant)]


def of_our_time[Moment: date](found: Moment, message: str) -> Moment:
    """The moment, if anybody can mean it. Raises field_error()."""
    if not is_of_our_time(found):
        raise field_error(Code.DATA_INVALIDA, message)
    return found


def _dated[Moment: date](value: Moment) -> Moment:
    return of_our_time(value, NOT_OF_OUR_TIME)


# An instant that somebody lives to see, or has seen.
NearInstant = Annotated[Instant, AfterValidator(_dated)]


def _day(value: Any) -> date:
    return read_moment(value, parse_day, "Use uma data como 2030-08-01.")


Day = Annotated[date, BeforeValidator(_day)]
NearDay = Annotated[Day, AfterValidator(_dated)]
CreatedAt = Annotated[datetime, doc("Quando foi criado.", _MOMENT)]


_WHOLE = re.compile(r"-?[0-9]+")


def _digits_only(value: Any) -> Any:
    # Python, and so pydantic, reads 1_0 as ten.
    if isinstance(value, str) and not _WHOLE.fullmatch(value):
        raise field_error(*NO_INTEGER)
    return value


# For a whole number in a query string. Like those of WHOLE and Money, it is written after the
# bounds, because the document loses them otherwise; it still runs before them.
DIGITS = BeforeValidator(_digits_only)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


# In JSON Schema 3.0 is an integer, and some clients write all numbers that way.
WHOLE = BeforeValidator(_whole)
# Languages with two kinds of integer choose the longer one.
INT64: Any = {"json_schema_extra": {"format": "int64"}}
Id = Annotated[int, Field(strict=True, ge=1, le=MAX_ID, **INT64), WHOLE]


def _zone(value: str) -> str:
    if not is_time_zone(value):
        raise ValueError(value)
    return value


Zone = Annotated[
    str,
    doc("Fuso horário da equipe, que diz onde um dia começa.", "America/Sao_Paulo", max_length=64),
    checked(Format(_zone, Code.VALOR_INVALIDO, "Fuso horário inexistente.")),
]
