"""JSON from strangers: read exactly one meaning out of a body, or refuse it."""

import json
import math
import re
from contextlib import suppress
from typing import NoReturn

_MAX_INT_DIGITS = 4300

# A string to its closing quote, or to the end when it has none. Atomic and possessive, so
# that a body of a megabyte of quotes is still read once.
_STRING = re.compile(rb'"(?>[^"\\]++|\\.)*+"?', re.DOTALL)
_BRACES_TO_BRACKETS = bytes.maketrans(b"{}", b"[]")
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")


class MalformedJson(ValueError):
    """The body is not one well-formed JSON value in UTF-8; the message never quotes it."""


def parse_strict(raw: bytes, *, max_depth: int = 32) -> object:
    """Return the value of a JSON body, as the standard library represents it.

    Raises MalformedJson for an empty body, anything but UTF-8 without BOM, repeated keys, NaN
    and Infinity, numbers too large to hold, lone surrogates, and arrays and objects nested
    deeper than `max_depth`. NUL inside strings passes: the schemas refuse it.
    """
    # Depth comes before anything that descends, so no body can exhaust the stack.
    _check_depth(raw, max_depth)
    value = _decode(_text(raw))
    if _SURROGATE_ESCAPE.search(raw):
        _check_surrogates(value)
    return value


def _check_depth(raw: bytes, max_depth: int) -> None:
    if raw.count(b"[") + raw.count(b"{") <= max_depth:
        return
    brackets = _STRING.sub(b"", raw).translate(_BRACES_TO_BRACKETS, _NOT_BRACKETS)
    # Each pass takes away exactly the innermost level. What is left after max_depth passes
    # is nested deeper, or unbalanced; replace() keeps the whole check in C.
    for _ in range(max_depth):
        if not brackets:
            return
        brackets = brackets.replace(b"[]", b"")
    if brackets:
        raise MalformedJson(
            f"JSON com mais de {max_depth} níveis ou com colchetes e chaves sem par."
        )


def _text(raw: bytes) -> str:
    # A NUL outside a string means UTF-16 or UTF-32; inside one it must be escaped anyway.
    if raw.startswith(b"\xef\xbb\xbf") or b"\x00" in raw:
        raise MalformedJson("O JSON deve estar em UTF-8, sem BOM.")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        # Not chained: the codec's error carries the whole body with it.
        raise MalformedJson("O JSON deve estar em UTF-8, sem BOM.") from None
    if not text or text.isspace():
        raise MalformedJson("O corpo da requisição está vazio.")
    return text


def _decode(text: str) -> object:
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        place = f"linha {error.lineno}, coluna {error.colno}"
        raise MalformedJson(f"JSON malformado ({place}).") from None
    except RecursionError:
        # Only if the caller asked for a depth beyond what the interpreter allows.
        raise MalformedJson("JSON com níveis demais.") from None


def _check_surrogates(value: object) -> None:
    # Writing the value out again visits every key and string at the speed of C.
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise MalformedJson("O JSON contém um caractere Unicode incompleto.") from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise MalformedJson("O JSON repete uma chave no mesmo objeto.")
    return result


def _integer(digits: str) -> int:
    # Reading an integer costs the square of its length. The interpreter has a limit too, but
    # the environment can lower it (hence the suppress) or switch it off.
    if len(digits) <= _MAX_INT_DIGITS or len(digits.removeprefix("-")) <= _MAX_INT_DIGITS:
        with suppress(ValueError):
            return int(digits)
    raise MalformedJson("O JSON contém um número grande demais.")


def _float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise MalformedJson("O JSON contém um número grande demais.")
    return number


def _constant(_name: str) -> NoReturn:
    raise MalformedJson("NaN e Infinity não existem em JSON.")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant
)
