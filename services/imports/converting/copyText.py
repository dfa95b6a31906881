"""The text format of PostgreSQL's COPY: what a value is written as, and the value behind it."""

import re
from collections.abc import Iterable

NULL = "\\N"
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}


def escaped(value: str) -> str:
    """The value with backslashes, tabs and line ends written as escapes."""
    if value.isprintable() and "\\" not in value:
        return value
    return (
        value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    )


def plain(text: str) -> str:
    """The value behind escaped()."""
    return _ESCAPE.sub(lambda found: _ESCAPES[found[1]], text) if "\\" in text else text


def array_of(texts: Iterable[str]) -> str:
    """A PostgreSQL array literal, not yet escaped."""
    quoted = (
        f'"{text.replace(chr(92), chr(92) * 2).replace(chr(34), chr(92) + chr(34))}"'
        for text in texts
    )
    return "{" + ",".join(quoted) + "}"
