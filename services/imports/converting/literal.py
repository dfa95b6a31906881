"""Cells that say their text word for word, behind an apostrophe.

The export writes it before a text that a spreadsheet would run, and before one that its column here
would read as something else: the text "N/A", or "1.500" among numbers. The import takes one off
where the export puts one on, because both ask the same.
"""

import re

from services.imports.converting.contactCells import has_filler
from services.imports.converting.unsaid import unsaid_of
from services.imports.converting.usage import fits_of_number
from services.imports.mapping.targets import ATTRIBUTE
from utils.spreadsheets import MARK, runs

# What a spreadsheet is told to take for a text, though it looks like a number: ="00123".
_AS_TEXT = re.compile(r'="((?:[^"]|"")*)"')
_TELEPHONES = re.compile(r"[+0-9][0-9 ()./|,;+-]*")


def bare(raw: str) -> str:
    """A cell without what is around it for the sake of spreadsheets."""
    value = raw.strip()
    if not value.startswith("="):  # most of a file
        return value
    found = _AS_TEXT.fullmatch(value)
    return found[1].replace('""', '"').strip() if found else value


def literal(target: str, cell: str) -> str | None:
    """The text that a trimmed cell of a column says word for word, or None."""
    if not cell.startswith(MARK):
        return None
    text = cell[1:]
    return text if text and is_marked(target, text) else None


def is_marked(target: str, text: str) -> bool:
    """Whether a cell with this text has the mark before it."""
    return runs(text) or is_misread(target, text)


def is_misread(target: str, text: str) -> bool:
    """Whether the column would not take an unmarked cell for this text."""
    if unsaid_of(target)(text) or has_filler(target, text) or literal(target, text) is not None:
        return True
    # The equals sign is a spreadsheet's own way of saying a text: ="00123".
    return text.startswith("=") or (
        target.startswith(ATTRIBUTE) and fits_of_number(text) is not None
    )


def kept_from_running(target: str, cell: str) -> str:
    """A cell of a file as it goes into another one, which its column takes for the same: with the
    mark where a spreadsheet would run it. Numbers, dashes and ="00123" do no harm."""
    if not runs(cell):
        return cell
    text = cell.strip()
    harmless = bare(text) != text or unsaid_of(target)(text) or fits_of_number(text) is not None
    # Behind a mark a filler among telephones would be one of them.
    harmless = harmless or (has_filler(target, text) and bool(_TELEPHONES.fullmatch(text)))
    if harmless or not runs(text) or literal(target, text) is not None:
        return text
    return f"{MARK}{text}"
