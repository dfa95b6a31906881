"""The rows of a CSV file: its text, how it is delimited, and on which line each row begins.

Quotes are read strictly: one that closes in the middle of a cell, or never, has swallowed rows.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from itertools import chain, islice

from services.errors import Code, Invalid
from services.imports.reading import quotes

# A cell that is too long is its line's error, not the file's. Over HTTP a cell is bounded by the
# file; this one is for the command line, where an unclosed quote would take in gigabytes.
MAX_CELL = 8 * 1024 * 1024
# The limit is of the whole process: it is set once, and nothing else here reads CSV.
csv.field_size_limit(MAX_CELL)
# The line before the header with which spreadsheets tell each other the delimiter.
_SEP = re.compile(r'"?sep=([,;])"?\s*', re.IGNORECASE)

_QUOTED = re.compile(r'"[^"]*"')

# The file's lines from the first one on, each time it is called.
Source = Callable[[], Iterator[str]]
Row = tuple[int, list[str]]


class UnreadableFile(Invalid):
    """No line of it can be taken."""

    code = Code.ARQUIVO_INVALIDO
    message = "O arquivo não pôde ser lido."


def source_of(raw: bytes) -> Source:
    """A whole file. Raises UnreadableFile for the first line that is not UTF-8."""
    try:
        text = io.StringIO(raw.decode(), newline="")
    except UnicodeDecodeError as error:
        linha = raw.count(b"\n", 0, error.start) + 1
        # Not chained: it carries the whole file along.
        raise UnreadableFile(f"O arquivo não está em UTF-8 (linha {linha}).") from None

    def lines() -> Iterator[str]:
        text.seek(0)
        return text

    return lines


def read_rows(source: Source) -> Iterator[Row]:
    """Each row with the number of its first line, the header too. Raises UnreadableFile.

    A byte order mark is left out. The lines may be decoded as they are read.
    """
    lines, linha, width = source(), 1, 0
    try:
        first, linha, delimiter = _beginning(lines)
        reader = csv.reader(chain(first, lines), delimiter=delimiter, strict=True)
        before = linha
        for row in reader:
            following = before + reader.line_num
            if following - linha > 1:
                _refuse_swallowed(row, linha, width, delimiter)
            width = width or len(row)
            yield linha, row
            linha = following
    except UnicodeDecodeError:
        # Text is decoded a block ahead, so the line is not known better.
        raise UnreadableFile(f"O arquivo não está em UTF-8 (a partir da linha {linha}).") from None
    except csv.Error as error:
        read = islice(source(), linha - 1, before + reader.line_num - 1)
        raise _malformed("".join(read), linha, delimiter) from error


def _beginning(lines: Iterator[str]) -> tuple[list[str], int, str]:
    """The header's line, if there is one, its number, and the delimiter."""
    first, linha = next(lines, "").lstrip("\ufeff"), 1
    said = _SEP.fullmatch(first)
    if said:
        first, linha = next(lines, ""), 2
    named = _QUOTED.sub("", first)
    likely = ";" if named.count(";") > named.count(",") else ","
    return [first] if first else [], linha, said[1] if said else likely


def _refuse_swallowed(row: list[str], linha: int, width: int, delimiter: str) -> None:
    """`width`: the cells of a row, 0 for the header itself."""
    if width:
        behind = quotes.swallowed_at(row, width, delimiter)
    else:
        behind = quotes.swallowed_by_header(row, delimiter)
    if behind is not None:
        raise UnreadableFile(
            f"As aspas que abrem na linha {linha + behind} engolem as linhas seguintes."
        )


def _malformed(text: str, linha: int, delimiter: str) -> UnreadableFile:
    """Why the row that begins on a line cannot be read; `text` is what was read of it."""
    behind = quotes.opened_at(text.lstrip("\ufeff"), delimiter)
    if behind is None:
        return UnreadableFile(f"Uma célula da linha {linha} é grande demais.")
    return UnreadableFile(
        f"As aspas que abrem na linha {linha + behind} não fecham, ou fecham no meio de uma célula."
    )
