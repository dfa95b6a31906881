"""How a CSV begins: the line that says its delimiter, if there is one, and that of its header."""

import re
from collections.abc import Iterator
from typing import NamedTuple

DELIMITERS = ",;\t|"
# The line before the header with which spreadsheets tell each other the delimiter.
_SEP = re.compile(rf'"?sep=([{DELIMITERS}])"?\s*', re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')
_MOST_LINES = 10


class Beginning(NamedTuple):
    """The header's lines, if there are any, the number of the first one, and the delimiter."""

    first: list[str]
    linha: int
    delimiter: str


def begin(lines: Iterator[str]) -> Beginning:
    """Read the first lines of a file; the header's delimiter is the one that it has most of."""
    first, linha = next(lines, "").lstrip("\ufeff"), 1
    said = _SEP.fullmatch(first)
    if said:
        first, linha = next(lines, ""), 2
    header = _header(first, lines)
    whole = "".join(header)
    # A quote that does not close says nothing of the lines behind it.
    named = _QUOTED.sub("", first if whole.count('"') % 2 else whole)
    likely = max(DELIMITERS, key=named.count)
    return Beginning(header, linha, said[1] if said else likely)


def _header(first: str, lines: Iterator[str]) -> list[str]:
    """The lines of a header, of which a name in quotes may have several."""
    found = [first] if first else []
    quotes = first.count('"')
    while quotes % 2 and len(found) < _MOST_LINES and (line := next(lines, "")):
        found.append(line)
        quotes += line.count('"')
    return found
