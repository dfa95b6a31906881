"""The rows of a CSV file: its text, how it is delimited, and on which line each row begins.

Quotes are read strictly: one that closes in the middle of a cell, or never, has swallowed rows.
"""

import csv
from collections.abc import Callable, Iterator
from itertools import chain, islice

from services.errors import Code, Invalid
from services.imports.reading import quotes
from services.imports.reading.beginning import begin

# A cell that is too long is its line's error, not the file's. Over HTTP a cell is bounded by the
# file; this one is for the command line, where an unclosed quote would take in gigabytes.
MAX_CELL = 8 * 1024 * 1024
# The limit is of the whole process: it is set once, and nothing else here reads CSV.
csv.field_size_limit(MAX_CELL)

# The file's lines from the first one on, each time it is called.
Source = Callable[[], Iterator[str]]
# The number of a row's first line, and its cells.
Row = tuple[int, list[str]]
# A file's rows from its header on, each time it is called.
Rows = Callable[[], Iterator[Row]]


class UnreadableFile(Invalid):
    """No line of it can be taken."""

    code = Code.ARQUIVO_INVALIDO
    message = "O arquivo não pôde ser lido."


def read_rows(source: Source) -> Iterator[Row]:
    """Each row with the number of its first line, the header too. Raises UnreadableFile.

    A byte order mark is left out.
    """
    lines, width = source(), 0
    first, linha, delimiter = begin(lines)
    try:
        reader = csv.reader(chain(first, lines), delimiter=delimiter, strict=True)
        before = linha
        for row in reader:
            following = before + reader.line_num
            if following - linha > 1:
                _refuse_swallowed(row, linha, width, delimiter)
            width = width or len(row)
            yield linha, row
            linha = following
    except csv.Error as error:
        read = islice(source(), linha - 1, before + reader.line_num - 1)
        raise _malformed("".join(read), linha, delimiter) from error


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
