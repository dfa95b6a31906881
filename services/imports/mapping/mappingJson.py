"""A mapping as its author wrote it: one validation for a request and for the command line."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.errors import (
    MAX_FIELD_ERRORS,
    NO_OBJECT,
    NO_TEXT,
    UNKNOWN_FIELD,
    Code,
    FieldError,
    Invalid,
    MalformedJsonBody,
    at_most,
    invalid_field,
)
from services.imports.mapping.plan import ColumnMapping, mapping_error
from services.imports.reading.header import MAX_COLUMNS
from utils.text import is_clean
from utils.wire.strict_json import MalformedJson, parse_strict

_MAX_TARGET, _MAX_VALUE = 80, 2_000
_PARTS = ("colunas", "valores", "padroes")


def read_mapping(raw: bytes | None) -> ColumnMapping:
    """JSON as a mapping, None as one that asks for nothing.

    Raises MalformedJsonBody, and Invalid with every error found.
    """
    if raw is None:
        return ColumnMapping()
    asked = _parse(raw)
    if not isinstance(asked, dict):
        raise Invalid(fields=_no_object("", asked))
    errors = [mapping_error(name, *UNKNOWN_FIELD) for name in asked if name not in _PARTS]
    colunas, valores, padroes = (asked.get(part, {}) for part in _PARTS)
    errors += _column_errors(colunas)
    errors += _of_texts("padroes", padroes, _MAX_VALUE)
    for path, inner in _entries("valores", valores):
        errors += _of_texts(path, inner, _MAX_VALUE)
    errors += _no_object("valores", valores)
    if errors:
        raise Invalid(fields=errors[:MAX_FIELD_ERRORS])
    return ColumnMapping(colunas, valores, padroes)


def require_storable(mapping: ColumnMapping) -> None:
    """What a worker is to read later is kept, and no database keeps what is no text. Raises
    Invalid."""
    parts = {"colunas": mapping.colunas, "padroes": mapping.padroes} | {
        f"valores.{name}": texts for name, texts in mapping.valores.items()
    }
    errors = [
        mapping_error(f"{path}.{name[:64]}", Code.TEXTO_INVALIDO, Code.TEXTO_INVALIDO.about)
        for path, texts in parts.items()
        for name, text in texts.items()
        if not is_clean(f"{name}{text}")
    ]
    if errors:
        raise Invalid(fields=errors[:MAX_FIELD_ERRORS])


def _parse(raw: bytes) -> object:
    try:
        raw.decode()
    except UnicodeDecodeError:  # not chained: it carries the text along
        raise invalid_field(
            "mapeamento", Code.TEXTO_INVALIDO, "O mapeamento não está em UTF-8."
        ) from None
    if not raw.strip():
        raise MalformedJsonBody("O mapeamento está vazio.")
    try:
        return parse_strict(raw)
    except MalformedJson as error:
        raise MalformedJsonBody(f"O mapeamento não é um JSON válido. {error}") from error


def _column_errors(colunas: Any) -> list[FieldError]:
    """Columns may also be left out, with null; more of them than a file may have are a mistake."""
    if isinstance(colunas, dict) and len(colunas) > MAX_COLUMNS:
        return [mapping_error("colunas", Code.LONGO_DEMAIS, at_most(MAX_COLUMNS, "itens"))]
    return _of_texts("colunas", colunas, _MAX_TARGET, or_null=True)


def _of_texts(path: str, value: Any, limit: int, *, or_null: bool = False) -> list[FieldError]:
    """The errors of what should be an object of texts."""
    found = _no_object(path, value)
    for name, text in _entries(path, value):
        if not isinstance(text, str) and not (or_null and text is None):
            found.append(mapping_error(name, *NO_TEXT))
        elif text is not None and len(text) > limit:
            found.append(mapping_error(name, Code.LONGO_DEMAIS, at_most(limit)))
    return found


def _entries(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """The entries of an object with their paths, as a person would name them."""
    if isinstance(value, Mapping):
        # Names are the caller's text: bounded.
        yield from ((f"{path}.{name[:64]}", inner) for name, inner in value.items())


def _no_object(path: str, value: Any) -> list[FieldError]:
    if isinstance(value, Mapping):
        return []
    return [mapping_error(path, *NO_OBJECT)]
