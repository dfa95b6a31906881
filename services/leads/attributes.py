"""`atributos`: the caller's own JSON object, bounded so that a lead stays small."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import orjson

from services.errors import Code, at_most
from utils.text import InvalidText, clean_text

MAX_ATTRIBUTES, MAX_LEVELS, MAX_BYTES, MAX_KEY = 100, 3, 16_384, 64
TOO_LARGE = (Code.LONGO_DEMAIS, "Os atributos passam de 16 kB.")


def attributes_error(value: dict[str, Any]) -> tuple[Code, str] | None:
    """Why a sent object cannot be taken, or None."""
    if any(not 0 < len(key) <= MAX_KEY for key in value):
        return Code.LONGO_DEMAIS, f"Cada chave tem de 1 a {MAX_KEY} caracteres."
    if _depth(value) > MAX_LEVELS:
        return Code.LONGO_DEMAIS, at_most(MAX_LEVELS, "níveis")
    try:
        for found in _leaves(value):
            if isinstance(found, str):
                clean_text(found)
        orjson.dumps(value)  # refuses numbers beyond 64 bits
    except (InvalidText, orjson.JSONEncodeError):
        return Code.TEXTO_INVALIDO, "Há valores que não cabem em JSON."
    return size_error(value)


def size_error(value: dict[str, Any]) -> tuple[Code, str] | None:
    """Why an object is too large to keep, as sent or after a merge."""
    if len(value) > MAX_ATTRIBUTES:
        return Code.LONGO_DEMAIS, at_most(MAX_ATTRIBUTES, "chaves")
    if len(as_text(value).encode()) + sum(map(_zeros, _leaves(value))) > MAX_BYTES:
        return TOO_LARGE
    return None


def as_text(value: dict[str, Any]) -> str:
    """One text per object; unlike Python's `==` it tells true from 1."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _zeros(value: Any) -> int:
    """The digits a number gains in PostgreSQL, which stores 1e308 with 309 digits."""
    return len(f"{Decimal(str(value)):f}") - len(str(value)) if type(value) is float else 0


def _leaves(value: Any) -> Iterator[Any]:
    """Every key, and every value that is neither an object nor a list."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    else:
        yield value


def _depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_depth, inner), default=0) if isinstance(value, dict | list) else 0
