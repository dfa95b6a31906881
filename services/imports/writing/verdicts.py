"""Why staged lines are not taken, as the reply tells it by line, field and code."""

from dataclasses import replace
from enum import StrEnum
from typing import Any

from sqlalchemy import text

from models.db import db
from services.errors import Code, FieldError
from services.imports.report import MAX_REPORTED, LineErrors
from services.imports.writing.staging import count
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


_SAME = FieldError("", Code.SEM_MUDANCA, "O lead já é como a linha diz.")
_ATTRIBUTES = FieldError(
    "atributos", Code.LONGO_DEMAIS, "Os atributos do lead passariam do limite."
)
_CONTACTS = FieldError("contatos", Code.LONGO_DEMAIS, "Os contatos do lead passariam de dez.")
_TAGS = FieldError("etiquetas", Code.LONGO_DEMAIS, "As etiquetas do lead passariam do limite.")


def lines_where(condition: str) -> LineErrors:
    """How many lines there are of a kind, and the first of them with the reason of each."""
    rows = db.session.execute(
        text(
            f"select linha, campo, motivo from linhas_importadas where {condition} "
            f"order by linha limit {MAX_REPORTED}"
        )
    )
    return LineErrors(count(condition), [(row.linha, _error(row)) for row in rows])


def _error(row: Any) -> FieldError:
    match row.motivo:
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
        case _:
            return _SAME
