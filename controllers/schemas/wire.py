"""What fields are made of: the base of inputs, their errors, and a field's text in the document."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from annotated_types import GroupedMetadata
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from services.errors import MISSING, Code, FieldError, at_most
from services.leads import fields
from services.leads.fields import Format
from utils.text import UNSEEN

# Says in the document what the validators below say in Portuguese: no control character but tab
# and line ends, and not blank.
_NO_CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f"
_PRINTED = rf"^[^{_NO_CONTROL}]*[^{UNSEEN}][^{_NO_CONTROL}]*$"


class Wire(BaseModel):
    """Base of inputs: unknown fields are refused, no number passes for a text."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


def doc(about: str, example: Any, **limits: Any) -> Any:
    """A field's limits and what /openapi.json says of it: one sentence and an example.

    Examples of replies are put together from those of their fields.
    """
    return Field(description=about, examples=[example], **limits)


def field_error(code: Code, message: str) -> PydanticCustomError:
    return PydanticCustomError(code.value, "{mensagem}", {"mensagem": message})


def carried(error: FieldError) -> PydanticCustomError:
    """The error as pydantic passes it on to controllers.web.requests.messages."""
    context = {
        "mensagem": error.mensagem,
        "opcoes": error.opcoes,
        "parecido": error.parecido,
    }
    return PydanticCustomError(error.codigo.value, "{mensagem}", context)


def checked(format_: Format) -> AfterValidator:
    """A validator that normalises a text, with the format's code and sentence."""

    def validate(value: str) -> str:
        try:
            return format_.normalize(value)
        except ValueError as error:
            raise carried(format_.error(value)) from error

    return AfterValidator(validate)


_CLEAN = checked(fields.TEXT)


def _not_blank(value: str) -> str:
    if not value:
        raise field_error(*MISSING)
    return value


@dataclass(frozen=True)
class Text(GroupedMetadata):
    """Trimmed NFC text of 1 to `limit` characters."""

    limit: int
    about: str
    example: str

    def __iter__(self) -> Iterator[object]:
        yield doc(
            self.about,
            self.example,
            min_length=1,
            max_length=self.limit,
            json_schema_extra={"pattern": _PRINTED},
        )
        yield _CLEAN
        yield AfterValidator(_not_blank)
        yield AfterValidator(self._still_short)

    def _still_short(self, value: str) -> str:
        # A few characters become two or three in NFC.
        if len(value) > self.limit:
            raise field_error(Code.LONGO_DEMAIS, at_most(self.limit))
        return value
