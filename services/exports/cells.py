"""The rows of a file as PostgreSQL has written them, each cell as its format says it.

One pattern finds the cells that may need more than what stands there, and only these are looked at:
the marks before what would be run or misread, the numbers and instants of a format.
"""

import re
from datetime import UTC, datetime

from models.db.streams import Block
from services.exports import kinds
from services.exports.formats import Format
from services.imports.converting.cells import MAX_ATTRIBUTE
from services.imports.converting.literal import is_marked, is_misread
from services.imports.converting.unsaid import beginning_of
from utils.clock import in_zone
from utils.spreadsheets import MARK, RUN
from utils.text import clean_text

_NUMBER = re.compile(r"-?(?P<whole>0|[1-9][0-9]*)(?:\.(?P<decimals>[0-9]{1,10}))?")
_DIGITS = 15  # that every reader of numbers keeps
_FIRST_YEAR = 1901  # before it spreadsheets do not agree on the days
_REMEMBERED, _SHORT = 20_000, 64  # cells, and their characters


class Cells:
    """The cells of one file; `zone`: the equipe's."""

    def __init__(self, format_: Format, zone: str) -> None:
        self._format = format_
        self._zone = zone
        self._asked = is_misread if format_.typed else is_marked
        self._looked_at = _pattern(format_)
        self._known: dict[str, str] = {}

    def told(self, rows: Block) -> str:
        """Whole rows, in which each cell that its row cannot have begins with MOVED."""
        return self._looked_at.sub(self._cell, b"".join(rows).decode())

    def _cell(self, found: re.Match[str]) -> str:
        cell = found[0]
        if (known := self._known.get(cell)) is not None:
            return known
        told = self._told(cell)
        if len(cell) <= _SHORT:  # longer ones do not repeat
            if len(self._known) == _REMEMBERED:
                self._known.clear()
            self._known[cell] = told
        return told

    def _told(self, cell: str) -> str:
        kind = cell[: kinds.LENGTH]
        if kind == kinds.INSTANT:
            return self._instant(cell)
        if kind == kinds.NUMBER:
            return self._number(cell)
        text = cell[kinds.LENGTH :].replace('""', '"')
        if kind == kinds.OTHER or (kind == kinds.ATTRIBUTE_TEXT and not _is_whole(text)):
            return kinds.MOVED + cell
        if not self._asked(kinds.READ_AS[kind], text):
            return cell
        return kind + MARK + cell[kinds.LENGTH :]

    def _number(self, cell: str) -> str:
        """As nobody reads it in another way: three decimals may be thousands, so they get a
        fourth."""
        found = _NUMBER.fullmatch(cell, kinds.LENGTH)
        if found is None or len(found["whole"] + (found["decimals"] or "")) > _DIGITS:
            return kinds.MOVED + cell
        told = f"{cell}0" if len(found["decimals"] or "") == 3 else cell
        return told.replace(".", ",") if self._format.brazilian else told

    def _instant(self, cell: str) -> str:
        """Local time where the format says it exactly, and ISO 8601 where not."""
        instant = datetime.fromisoformat(cell[kinds.LENGTH :])
        local = in_zone(instant, self._zone)
        told = (_typed if self._format.typed else _brazilian)(local)
        # A change of clocks repeats an hour; whoever reads local time takes the first one.
        if told is None or local.fold or local.tzinfo is UTC:
            told = f"{instant.replace(tzinfo=None).isoformat()}Z"
        return kinds.INSTANT + told


def _brazilian(local: datetime) -> str:
    """From its parts in ISO 8601, which takes a third of the time of strftime."""
    iso = local.replace(tzinfo=None).isoformat()
    return f"{iso[8:10]}/{iso[5:7]}/{iso[:4]} {iso[11:].replace('.', ',')}"


def _typed(local: datetime) -> str | None:
    if local.microsecond or local.year < _FIRST_YEAR:
        return None
    return local.replace(tzinfo=None).isoformat()


def _is_whole(text: str) -> bool:
    """Whether an import takes the text of an attribute as it stands."""
    return 0 < len(text) <= MAX_ATTRIBUTE and clean_text(text) == text


def _pattern(format_: Format) -> re.Pattern[str]:
    """Cells that may need more than what stands there, with their sign."""
    end = rf"[{format_.delimiter}\n\"]"
    # One word or several that are no number and do not begin as "n/a" does.
    plain = rf"[A-MO-QS-Za-mo-z][ !#-+\--:<-~À-ÿ]{{0,99}}(?<! ){end}"
    decimals = "" if format_.brazilian else r"(?:\.[0-9]{1,2})?"
    looks = {kind: _look(column) for kind, column in kinds.READ_AS.items()} | {
        kinds.PHONE: "",
        kinds.CONTACTS: "",
        kinds.ATTRIBUTE_TEXT: f"(?!{plain})",
        kinds.NUMBER: rf"(?!-?(?:0|[1-9][0-9]{{0,11}}){decimals}{end})",
        kinds.OTHER: "",
        kinds.INSTANT: "",
    }
    signs = "|".join(kind.removeprefix(kinds.SIGN) + look for kind, look in looks.items())
    # Within quotes, or up to the end of the cell.
    cell = rf"(?:(?<=\"{kinds.SIGN}.)(?:[^\"]|\"\")*|[^{format_.delimiter}\n\"]*)"
    return re.compile(f"{kinds.SIGN}(?:{signs}){cell}")


def _look(column: str) -> str:
    """At how a text begins that may be run, or misread in its column."""
    return rf"(?=(?:{RUN}|{MARK}|(?i:{beginning_of(column)})))"
