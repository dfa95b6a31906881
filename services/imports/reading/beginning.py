"""How a CSV begins: the line that says its delimiter, if there is one, and that of its header."""

import re
from collections.abc import Iterator
from typing import NamedTuple

DELIMITERS = ",;\t|"
# The line before the header with which spreadsheets tell each other the delimiter.
_SEP = re.compile(rf'"?sep=([{DELIMITERS}])"?\s*', re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')


class Beginning(NamedTuple):
    """The header's line, if there is one, its number, and the delimiter."""

    first: list[str]
    linha: int
    delimiter: str


def begin(lines: Iterator[str]) -> Beginning:
    """Read the first lines of a file; the header's delimiter is the one that it has most of."""
    first, linha = next(lines, "").lstrip("\ufeff"), 1
    said = _SEP.fullmatch(first)
    if said:
        first, linha = next(lines, ""), 2
    named = _QUOTED.sub("", first)
    likely = max(DELIMITERS, key=named.count)
    return Beginning([first] if first else [], linha, said[1] if said else likely)
