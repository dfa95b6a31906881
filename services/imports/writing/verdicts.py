"""Why staged lines are not taken, as the reply tells it by line, field and code."""

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from typing import Any, NamedTuple

from services.errors import Code, FieldError
from services.imports.writing.staging import stream
from services.leads.duplicates import has_same
from services.leads.merging import CLOSED, other_key_error
from services.leads.unknown import NOT_A_MEMBER


class Reason(StrEnum):
    """What `motivo` holds."""

    LEAD = "lead"
    LINE = "linha"
    IDENTITY = "identidade"
    CLOSED = "fechado"
    ATTRIBUTES = "atributos"
    TAGS = "etiquetas"
    CONTACTS = "contatos"
    MEMBER = "responsavel"


SAME = FieldError("", Code.SEM_MUDANCA, "O lead já é como a linha diz.")
_ATTRIBUTES = FieldError(
    "atributos", Code.LONGO_DEMAIS, "Os atributos do lead passariam do limite."
)
_CONTACTS = FieldError("contatos", Code.LONGO_DEMAIS, "Os contatos do lead passariam de dez.")
_TAGS = FieldError("etiquetas", Code.LONGO_DEMAIS, "As etiquetas do lead passariam do limite.")


class Verdict(NamedTuple):
    """Why a line is not taken, and the one lead that it is about, if there is one."""

    linha: int
    lead_id: int | None
    reason: Reason
    error: FieldError


def verdicts() -> Iterator[Verdict]:
    """Of all staged lines that are not taken, in their order."""
    rows = stream(
        "select linha, lead_id, campo, motivo from linhas_importadas where motivo is not null "
        "order by linha"
    )
    return (Verdict(row.linha, row.lead_id, Reason(row.motivo), _error(row)) for row in rows)


def _error(row: Any) -> FieldError:
    match Reason(row.motivo):
        case Reason.LEAD:
            return FieldError(row.campo, Code.LEAD_DUPLICADO, has_same("Outro lead", row.campo))
        case Reason.LINE:
            message = has_same("Outra linha", row.campo)
            return FieldError(row.campo, Code.DUPLICADO_NO_ARQUIVO, message)
        case Reason.IDENTITY:
            return other_key_error(row.campo)
        case Reason.CLOSED:
            return CLOSED
        case Reason.ATTRIBUTES:
            return _ATTRIBUTES
        case Reason.TAGS:
            return _TAGS
        case Reason.CONTACTS:
            return replace(_CONTACTS, campo=row.campo)
        case Reason.MEMBER:
            return NOT_A_MEMBER
