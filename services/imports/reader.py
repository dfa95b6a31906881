"""The rows of a CSV file: how it is delimited, and on which line each row begins."""

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from services.imports.report import UnreadableFile

# A cell that is too long is its line's fault, not the file's. Over HTTP a cell is bounded by the
# file; this one is for the command line, where an unclosed quote would take in gigabytes.
MAX_CELL = 8 * 1024 * 1024
# The limit is of the whole process: it is set once, and nothing else here reads CSV.
csv.field_size_limit(MAX_CELL)
# The line before the header with which spreadsheets tell each other the delimiter.
_SEP = re.compile(r'"?sep=([,;])"?\s*', re.IGNORECASE)

Row = tuple[int, list[str]]


def read_rows(lines: Iterable[str]) -> Iterator[Row]:
    """Each row with the number of its first line, the header too. Raises UnreadableFile."""
    iterator = iter(lines)
    first, linha = next(iterator, "").removeprefix("\ufeff"), 1
    said = _SEP.fullmatch(first)
    if said:
        first, linha = next(iterator, ""), 2
    reader = csv.reader(
        chain((first,) if first else (), iterator), delimiter=said[1] if said else _delimiter(first)
    )
    before = linha
    try:
        for row in reader:
            yield linha, row
            linha = before + reader.line_num
    except csv.Error as error:
        raise UnreadableFile(
            f"O CSV está malformado a partir da linha {linha}: falta fechar aspas?"
        ) from error


def _delimiter(header: str) -> str:
    return ";" if header.count(";") > header.count(",") else ","
