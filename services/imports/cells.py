"""One cell of a file into what the database keeps, or the reason why not.

Cells are text as people write it: "1.234,56", "31/12/2025", "(11) 98765-4321". Each converter
takes a trimmed, non-empty cell and returns the value as text; it raises CellError.
"""

import re
from collections.abc import Callable
from datetime import datetime, time
from zoneinfo import ZoneInfo

import orjson

from services.errors import Code, FieldError
from services.imports.copyText import array_of
from services.leads.fields import (
    MAX_TAGS,
    MONEY_DIGITS,
    MONEY_PLACES,
    TAG_LENGTH,
    TAG_SEPARATORS,
    TEXT,
    Format,
    too_long,
)
from utils.clock import iso, parse_day, parse_instant

_PLAIN_MONEY = re.compile(r"(0|[1-9][0-9]{0,11})\.[0-9]{2}")
# Brazilian thousands come first: 1.500 is fifteen hundred, 1.50 one and a half.
_MONEY = re.compile(
    r"(?P<before>-?\s*(?:R\$)?\s*-?)(?:"
    r"(?P<grouped>[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,(?P<cents>[0-9]+))?"
    r"|(?P<whole>[0-9]+)(?:[.,](?P<decimals>[0-9]+))?)"
)
_WHOLE_DIGITS = MONEY_DIGITS - MONEY_PLACES
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,10})?")
_BRAZILIAN_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})(?: (\d{2}):(\d{2}))?")
_TAG_SEPARATOR = re.compile(f"[{re.escape(TAG_SEPARATORS)}]")
_MAX_ATTRIBUTE = 2_000


class CellError(ValueError):
    """Why a cell cannot be taken; never repeats the cell itself."""

    def __init__(self, codigo: Code, mensagem: str) -> None:
        super().__init__(mensagem)
        self.codigo = codigo
        self.mensagem = mensagem


Converter = Callable[[str], str]


def formatted(format_: Format) -> Converter:
    """Cells of a format that requests have too: one normaliser, one sentence."""

    def convert(cell: str) -> str:
        try:
            return format_.normalize(cell)
        except ValueError as error:
            raise CellError(format_.code, format_.message) from error

    return convert


_clean = formatted(TEXT)


def text_of(limit: int) -> Converter:
    def convert(cell: str) -> str:
        value = _clean(cell)
        if len(value) > limit:
            raise CellError(Code.LONGO_DEMAIS, too_long(limit))
        return value

    return convert


def money(cell: str) -> str:
    """Reais as people write them: 1234.56, 1.234,56, R$ 1.234.

    What can be read in two ways, 1,500.00 say, is refused rather than guessed.
    """
    if _PLAIN_MONEY.fullmatch(cell):  # as machines write them: most of a file
        return cell
    found = _MONEY.fullmatch(cell)
    if found is None:
        raise CellError(Code.VALOR_INVALIDO, "Não é um valor em reais.")
    whole = (found["grouped"] or found["whole"]).replace(".", "").lstrip("0")
    decimals = found["cents"] or found["decimals"] or ""
    if "-" in found["before"] or len(whole) > _WHOLE_DIGITS or len(decimals) > MONEY_PLACES:
        raise CellError(Code.FORA_DA_FAIXA, "O valor deve ser positivo, com até duas casas.")
    return f"{whole or 0}.{decimals:0<2}"


def instant_in(zone: str) -> Converter:
    """ISO instants, and days or local times of the equipe's zone."""
    local = ZoneInfo(zone)

    def convert(cell: str) -> str:
        try:
            return iso(_local(cell, local) or parse_instant(cell))
        except (ValueError, OverflowError) as error:
            raise CellError(
                Code.DATA_INVALIDA, "Use AAAA-MM-DD, DD/MM/AAAA ou data e hora com fuso."
            ) from error

    return convert


def tags(cell: str) -> str:
    """Labels between `,`, `;` or `|`, as a PostgreSQL array literal."""
    clean = text_of(TAG_LENGTH)
    found = dict.fromkeys(clean(part) for part in _TAG_SEPARATOR.split(cell) if part.strip())
    if len(found) > MAX_TAGS:
        raise CellError(Code.LONGO_DEMAIS, f"O máximo é de {MAX_TAGS} etiquetas.")
    return array_of(found)


def attribute(cell: str) -> str:
    """The caller's own data as a JSON value: plain decimal numbers are numbers, the rest text."""
    if _NUMBER.fullmatch(cell):
        return cell
    return orjson.dumps(text_of(_MAX_ATTRIBUTE)(cell)).decode()


def one_of(allowed: frozenset[str], otherwise: FieldError) -> Converter:
    def convert(cell: str) -> str:
        if cell not in allowed:
            raise CellError(otherwise.codigo, otherwise.mensagem)
        return cell

    return convert


def _local(cell: str, zone: ZoneInfo) -> datetime | None:
    """A day or local time, None when the cell is something else. Raises ValueError."""
    if match := _BRAZILIAN_DAY.fullmatch(cell):
        day, month, year, hour, minute = (int(part or 0) for part in match.groups())
        return datetime(year, month, day, hour, minute, tzinfo=zone)
    if len(cell) == 10:
        return datetime.combine(parse_day(cell), time.min, zone)
    return None
