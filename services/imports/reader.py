"""The rows of a CSV file: its text, how it is delimited, and on which line each row begins."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from services.errors import Code, Invalid

# A cell that is too long is its line's error, not the file's. Over HTTP a cell is bounded by the
# file; this one is for the command line, where an unclosed quote would take in gigabytes.
MAX_CELL = 8 * 1024 * 1024
# The limit is of the whole process: it is set once, and nothing else here reads CSV.
csv.field_size_limit(MAX_CELL)
# The line before the header with which spreadsheets tell each other the delimiter.
_SEP = re.compile(r'"?sep=([,;])"?\s*', re.IGNORECASE)

Row = tuple[int, list[str]]


class UnreadableFile(Invalid):
    """No line of it can be taken."""

    code = Code.ARQUIVO_INVALIDO
    message = "O arquivo não pôde ser lido."


def read_lines(raw: bytes) -> Iterator[str]:
    """The lines of a whole file. Raises UnreadableFile for the first one that is not UTF-8."""
    try:
        return iter(io.StringIO(raw.decode(), newline=""))
    except UnicodeDecodeError as error:
        linha = raw.count(b"\n", 0, error.start) + 1
        # Not chained: it carries the whole file along.
        raise UnreadableFile(f"O arquivo não está em UTF-8 (linha {linha}).") from None


def read_rows(lines: Iterable[str]) -> Iterator[Row]:
    """Each row with the number of its first line, the header too. Raises UnreadableFile.

    A byte order mark is left out. The lines may be decoded as they are read.
    """
    iterator, linha = iter(lines), 1
    try:
        first = next(iterator, "").lstrip("\ufeff")
        said = _SEP.fullmatch(first)
        if said:
            first, linha = next(iterator, ""), 2
        delimiter = said[1] if said else _delimiter(first)
        reader = csv.reader(chain([first] if first else [], iterator), delimiter=delimiter)
        before = linha
        for row in reader:
            yield linha, row
            linha = before + reader.line_num
    except UnicodeDecodeError:
        # Text is decoded a block ahead, so the line is not known better.
        raise UnreadableFile(f"O arquivo não está em UTF-8 (a partir da linha {linha}).") from None
    except csv.Error as error:
        raise UnreadableFile(
            f"O CSV está malformado a partir da linha {linha}: falta fechar aspas?"
        ) from error


def _delimiter(header: str) -> str:
    return ";" if header.count(";") > header.count(",") else ","
