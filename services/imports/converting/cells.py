"""One cell of a file into what the database keeps, or the reason why not.

Cells are text as people write it: "1.234,56", "31/12/2025", "(11) 98765-4321". Each converter
takes a trimmed, non-empty cell and returns the value as text; it raises CellError. Where numbers or
days can be read in two ways, there is a converter for each (see usage).
"""

import re
from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

import orjson

from services.errors import NO_OBJECT, Code, FieldError, at_most
from services.imports.converting.copyText import array_of
from services.imports.converting.moments import moment_of
from services.imports.converting.usage import Usage
from services.leads.fields import (
    MAX_TAGS,
    MONEY_DIGITS,
    MONEY_PLACES,
    NOT_OF_OUR_TIME,
    TAG_LENGTH,
    TAG_SEPARATORS,
    TEXT,
    Format,
    attributes_error,
)
from services.leads.stages import IN_THE_FUTURE
from utils.clock import is_of_our_time, iso, now, parse_instant
from utils.text import fold
from utils.wire.strict_json import MalformedJson, parse_strict

_PLAIN_MONEY = re.compile(r"(0|[1-9][0-9]{0,11})\.[0-9]{2}")
_BEFORE_MONEY = r"(?P<before>-?\s*(?:R\$)?\s*-?)"
_BRAZILIAN = r"(?P<whole>[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)(?:,(?P<decimals>[0-9]+))?"
# American thousands tell how the others of their column are meant, and are refused themselves.
_AMERICAN = r"(?P<whole>[0-9]+)(?:\.(?P<decimals>[0-9]+))?"
_MONEY = {
    Usage.BRAZILIAN: re.compile(_BEFORE_MONEY + _BRAZILIAN),
    Usage.AMERICAN: re.compile(_BEFORE_MONEY + _AMERICAN),
}
_WHOLE_DIGITS = MONEY_DIGITS - MONEY_PLACES
_WHOLE = r"(?P<whole>-?(?:0|[1-9][0-9]{0,14}))(?P<decimals>)"
_NUMBER = {
    Usage.BRAZILIAN: re.compile(
        # Three decimals of a number below a thousand are as likely to be thousands.
        r"(?!-?[1-9][0-9]{0,2},[0-9]{3}\Z)"
        r"(?P<whole>-?(?:[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,4}|0|[1-9][0-9]{0,14}))"
        r"(?:,(?P<decimals>[0-9]{1,10}))?"
    ),
    Usage.AMERICAN: re.compile(
        r"(?P<whole>-?(?:0|[1-9][0-9]{0,14}))(?:\.(?P<decimals>[0-9]{1,10}))?"
    ),
    Usage.MIXED: re.compile(_WHOLE),
}
_TAG_SEPARATOR = re.compile(f"[{re.escape(TAG_SEPARATORS)}]")
MAX_ATTRIBUTE = 2_000  # characters of a text


class CellError(ValueError):
    """Why a cell cannot be taken; never repeats the cell itself."""

    def __init__(self, codigo: Code, mensagem: str) -> None:
        super().__init__(mensagem)
        self.error = FieldError("", codigo, mensagem)

    @classmethod
    def of(cls, error: FieldError) -> "CellError":
        made = cls(error.codigo, error.mensagem)
        made.error = error
        return made


Converter = Callable[[str], str]


def formatted(format_: Format) -> Converter:
    """Cells of a format that requests have too: one normaliser, one sentence."""

    def convert(cell: str) -> str:
        try:
            return format_.normalize(cell)
        except ValueError as error:
            raise CellError.of(format_.error(cell)) from error

    return convert


def text_of(limit: int, format_: Format = TEXT) -> Converter:
    clean = formatted(format_)

    def convert(cell: str) -> str:
        value = clean(cell)
        if len(value) > limit:
            raise CellError(Code.LONGO_DEMAIS, at_most(limit))
        return value

    return convert


_clean_attribute = text_of(MAX_ATTRIBUTE)


def money_in(usage: Usage) -> Converter:
    """Reais as people write them, in cents: 1234.56, 1.234,56, R$ 1.234."""
    form, plain = _MONEY[usage], usage is Usage.AMERICAN

    def convert(cell: str) -> str:
        if plain and _PLAIN_MONEY.fullmatch(cell):  # as machines write them: most of a file
            return cell.replace(".", "")
        found = form.fullmatch(cell)
        if found is None:
            raise CellError(Code.VALOR_INVALIDO, "Não é um valor em reais.")
        whole, decimals = found["whole"].replace(".", "").lstrip("0"), found["decimals"] or ""
        if "-" in found["before"] or len(whole) > _WHOLE_DIGITS or len(decimals) > MONEY_PLACES:
            raise CellError(Code.FORA_DA_FAIXA, "O valor deve ser positivo, com até duas casas.")
        return f"{whole or 0}{decimals:0<2}"

    return convert


def instant_in(zone: str, usage: Usage) -> Converter:
    """Instants, and days or local times of the equipe's zone."""
    local = ZoneInfo(zone)

    def convert(cell: str) -> str:
        try:
            return iso(moment_of(cell, local, usage))
        except (ValueError, OverflowError) as error:
            raise CellError(
                Code.DATA_INVALIDA, "Use uma data como 31/12/2025 ou 2025-12-31, com ou sem hora."
            ) from error

    return convert


def near(instant: Converter) -> Converter:
    """Of what somebody is to live to see, or has seen."""

    def convert(cell: str) -> str:
        value = instant(cell)
        if not is_of_our_time(parse_instant(value)):
            raise CellError(Code.DATA_INVALIDA, NOT_OF_OUR_TIME)
        return value

    return convert


def past(instant: Converter) -> Converter:
    """Of what has happened: not in the future."""
    limit = iso(now())

    def convert(cell: str) -> str:
        value = instant(cell)
        if value > limit:  # in one format, the later text is the later instant
            raise CellError.of(IN_THE_FUTURE)
        return value

    return convert


def tags(cell: str) -> str:
    """Labels between `,`, `;` or `|`, as a PostgreSQL array literal."""
    clean = text_of(TAG_LENGTH)
    found = dict.fromkeys(clean(part) for part in _TAG_SEPARATOR.split(cell) if part.strip())
    if len(found) > MAX_TAGS:
        raise CellError(Code.LONGO_DEMAIS, at_most(MAX_TAGS, "etiquetas"))
    return array_of(found)


def attribute_in(usage: Usage) -> Converter:
    """The caller's own data as a JSON value: decimal numbers are numbers, the rest is text."""
    form = _NUMBER[usage]

    def convert(cell: str) -> str:
        found = form.fullmatch(cell)
        if found is None:
            return attribute_text(cell)
        whole, decimals = found["whole"].replace(".", ""), found["decimals"]
        return f"{whole}.{decimals}" if decimals else whole

    return convert


def attribute_text(cell: str) -> str:
    """The caller's own data as a JSON text, whatever it looks like."""
    text = _clean_attribute(cell)
    return orjson.dumps(text).decode() if text else ""


def attribute_object(cell: str) -> str:
    """Several attributes as the members of a JSON object, without its braces; numbers keep all
    their digits."""
    try:
        found = parse_strict(cell.encode())
    except MalformedJson as error:
        raise CellError(Code.JSON_MALFORMADO, f"Não é um JSON válido. {error}") from error
    if not isinstance(found, dict):
        raise CellError(*NO_OBJECT)
    # Which takes whole numbers beyond 64 bits for decimals, as they were before they were kept.
    if refused := attributes_error(orjson.loads(cell)):
        raise CellError(*refused)
    return cell[1:-1].strip()


def one_of(known: Mapping[str, str], otherwise: FieldError, *, near: bool = True) -> Converter:
    """`known`: what is kept for each text that is accepted, which is folded. `near`: whether a text
    can resemble another."""

    def convert(cell: str) -> str:
        found = known.get(fold(cell))
        if found is None:
            options = dict.fromkeys(known.values())
            raise CellError.of(otherwise.among(cell if near else "", options))
        return found

    return convert


def day_in(zone: str, usage: Usage) -> Converter:
    """A day, or the day of an instant in the equipe's zone."""
    local = ZoneInfo(zone)
    instant = near(instant_in(zone, usage))

    def convert(cell: str) -> str:
        return parse_instant(instant(cell)).astimezone(local).date().isoformat()

    return convert
