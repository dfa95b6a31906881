"""What is wrong with the quotes of a CSV: where one opened that closes nowhere, or too late."""

import re
from collections.abc import Sequence

_LINE_END = re.compile(r"\r\n|\r|\n")
# Delimiters as machines write them. In a sentence a blank follows, and 1.500,00 is one amount.
_BETWEEN_CELLS = {
    ",": re.compile(r"(?<![0-9]),(?! )|,(?![ 0-9])"),
    ";": re.compile(r";(?! )"),
    "\t": re.compile(r"\t"),
    "|": re.compile(r"\|(?! )"),
}


def opened_at(text: str, delimiter: str) -> int | None:
    """On which of the row's lines, from 0, the quote opened that keeps `text` from being read.

    None if no quote does.
    """
    apart = re.escape(delimiter)
    # Nothing is given back (*+), so that a file that is one open cell is read in one pass.
    cell = re.compile(
        rf'(?:"(?:[^"]|"")*+"|[^"\r\n{apart}][^\r\n{apart}]*+)?(?:{apart}|\r\n|\r|\n|\Z)'
    )
    end = 0
    while end < len(text) and (found := cell.match(text, end)):
        end = found.end()
    return _line_ends(text[:end]) if end < len(text) else None


def swallowed_at(row: Sequence[str], width: int, delimiter: str) -> int | None:
    """On which of its lines, from 0, a quote of a row opened that holds further rows; or None.

    A sentence may have several lines and commas. Rows that were swallowed are told by half the
    lines of the cell: they have the delimiters that a row of `width` cells has there.
    """
    for place in range(len(row)):
        lines = _lines(row, place, width)
        if len(lines) > 1 and _are_rows(lines, delimiter):
            return sum(map(_line_ends, row[:place]))
    return None


def swallowed_by_header(row: Sequence[str], delimiter: str) -> int | None:
    """The same of the header. How many cells a row has is told by the line in which a quote opened:
    behind those before it stands the rest of the header."""
    for place, name in enumerate(row):
        if not _LINE_END.search(name):
            continue
        width = place + 1 + _LINE_END.split(name)[0].count(delimiter)
        lines = [(line, n) for line, n in _lines(row, place, width) if line.strip()]
        # Names are no sentences: a blank behind a delimiter says nothing.
        if delimiter in name and all(0 <= n <= line.count(delimiter) for line, n in lines):
            return sum(map(_line_ends, row[:place]))
    return None


def _lines(row: Sequence[str], place: int, width: int) -> list[tuple[str, int]]:
    """The lines of a cell, each with the delimiters that it has if the cell holds rows: the rest of
    the row in which the quote opened, whole rows, and the beginning of a row."""
    lines = _LINE_END.split(row[place])
    expected = [width - 1] * len(lines)
    expected[0], expected[-1] = width - 1 - place, place + width - len(row)
    return list(zip(lines, expected, strict=True))


def _are_rows(lines: Sequence[tuple[str, int]], delimiter: str) -> bool:
    """Whether half of the lines that should have delimiters look like rows. Where no whole row is
    among them, the two parts of rows have to have as many as they should."""
    asked = [(line, n) for line, n in lines if n > 0 and line.strip()]
    like_rows = sum(_is_row(*pair, delimiter) for pair in asked)
    if any(_is_row(*pair, delimiter) for pair in lines[1:-1]):
        return like_rows * 2 >= len(asked)
    parts = [0 <= n <= line.count(delimiter) for line, n in (lines[0], lines[-1])]
    return like_rows > 0 and like_rows * 2 >= len(asked) and all(parts)


def _is_row(line: str, delimiters: int, delimiter: str) -> bool:
    """Whether a line parts as many cells as a row does, and looks as if it did."""
    sure = len(_BETWEEN_CELLS[delimiter].findall(line))
    return 0 < sure <= delimiters <= line.count(delimiter)


def _line_ends(text: str) -> int:
    return len(_LINE_END.findall(text))
