"""Pydantic's findings as field errors with our codes and Portuguese sentences.

Translated by error type, never by its English text; no input value is ever echoed.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from controllers.schemas.fields import NO_INTEGER, NO_MONEY
from services.errors import (
    MAX_FIELD_ERRORS,
    MISSING,
    NO_OBJECT,
    NO_TEXT,
    UNKNOWN_FIELD,
    Code,
    FieldError,
    at_least,
    at_most,
)

_Context = Mapping[str, Any]

_TYPES: dict[str, tuple[Code, str | Callable[[_Context], str]]] = {
    "missing": MISSING,
    "extra_forbidden": UNKNOWN_FIELD,
    "string_too_short": (Code.CURTO_DEMAIS, lambda c: at_least(c["min_length"])),
    "string_too_long": (Code.LONGO_DEMAIS, lambda c: at_most(c["max_length"])),
    "string_type": NO_TEXT,
    "int_type": NO_INTEGER,
    "int_parsing": NO_INTEGER,
    "int_parsing_size": (Code.FORA_DA_FAIXA, "O número é grande demais."),
    "int_from_float": NO_INTEGER,
    "float_type": (Code.TIPO_INVALIDO, "Deve ser um número."),
    "bool_type": (Code.TIPO_INVALIDO, "Deve ser true ou false."),
    "list_type": (Code.TIPO_INVALIDO, "Deve ser uma lista."),
    "dict_type": NO_OBJECT,
    "model_type": NO_OBJECT,
    "model_attributes_type": NO_OBJECT,
    "too_short": (Code.CURTO_DEMAIS, lambda c: at_least(c["min_length"], "itens")),
    "too_long": (Code.LONGO_DEMAIS, lambda c: at_most(c["max_length"], "itens")),
    "enum": (Code.VALOR_INVALIDO, lambda c: f"Use {_choices(c)}."),
    "literal_error": (Code.VALOR_INVALIDO, lambda c: f"Use {_choices(c)}."),
    "greater_than_equal": (Code.FORA_DA_FAIXA, lambda c: f"O mínimo é {_number(c['ge'])}."),
    "greater_than": (Code.FORA_DA_FAIXA, lambda c: f"Tem de ser maior que {_number(c['gt'])}."),
    "less_than_equal": (Code.FORA_DA_FAIXA, lambda c: f"O máximo é {_number(c['le'])}."),
    "decimal_type": NO_MONEY,
    "decimal_parsing": NO_MONEY,
    "finite_number": (Code.FORA_DA_FAIXA, "O número deve ser finito."),
    "decimal_max_digits": (Code.FORA_DA_FAIXA, "O valor é grande demais."),
    "decimal_max_places": (Code.FORA_DA_FAIXA, "O máximo é de duas casas decimais."),
    "decimal_whole_digits": (Code.FORA_DA_FAIXA, "O valor é grande demais."),
}
_OURS = frozenset(Code)


def field_errors(error: ValidationError) -> list[FieldError]:
    """At most MAX_FIELD_ERRORS of them, each with the path of its field (`etiquetas.2`). Of a field
    that may be of several types pydantic finds an error for each: one is told."""
    found: dict[str, FieldError] = {}
    for item in error.errors(include_url=False, include_input=False):
        if len(found) == MAX_FIELD_ERRORS:
            break
        told = _field_error(item)
        found.setdefault(told.campo, told)
    return list(found.values())


def _field_error(item: Any) -> FieldError:
    # Names of unknown fields are the caller's text: bounded.
    path = ".".join(str(part)[:64] for part in item["loc"] if not _is_branch(part))
    campo = path.strip(".")
    context = item.get("ctx", {})
    if item["type"] in _OURS:
        offered = context.get("opcoes", ()), context.get("parecido")
        return FieldError(campo, Code[item["type"]], context["mensagem"], *offered)
    code, message = _TYPES.get(item["type"], (Code.VALOR_INVALIDO, "Valor inválido."))
    return FieldError(campo, code, message if isinstance(message, str) else message(context))


def _is_branch(part: Any) -> bool:
    """Pydantic names the branch of a union in the path; it means nothing to a person."""
    return isinstance(part, str) and (part.endswith("]") or part in {"constrained-int"})


def _number(value: Any) -> str:
    """As people write it: the bounds of fractions are fractions themselves, whole ones too."""
    if not isinstance(value, float):
        return str(value)
    return f"{value:f}".rstrip("0").rstrip(".").replace(".", ",")


def _choices(context: _Context) -> str:
    return str(context["expected"]).replace(" or ", " ou ").replace("'", "")
