"""Two ways of writing numbers and days, and which of them a cell fits: 1.234,56 and 31/12 or
1,234.56 and 12/31."""

import re
from collections.abc import Callable
from enum import StrEnum


class Usage(StrEnum):
    BRAZILIAN = "brazilian"
    AMERICAN = "american"
    # Both, in a column of text: its numbers stay as they are written.
    MIXED = "mixed"


# The usages that a cell fits: none where it says the same in each, None where it is other text.
Fits = frozenset[Usage] | None
FitsOf = Callable[[str], Fits]
_SAME: Fits = frozenset()
_EITHER: Fits = frozenset((Usage.BRAZILIAN, Usage.AMERICAN))
_ONLY: dict[str | None, Fits] = {usage.value: frozenset((usage,)) for usage in Usage}
_NUMBER = re.compile(
    r"-?\s*(?:R\$)?\s*-?\s*(?:"
    r"(?P<same>[0-9]+)"
    r"|(?P<either>[1-9][0-9]{0,2}[.,][0-9]{3})"
    r"|(?P<brazilian>(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]+)?)"
    r"|(?P<american>(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?))"
)
_AS_MACHINES_WRITE = re.compile(r"[0-9]+\.[0-9]{1,2}")
# A day that is refused, 1/31/2026 say, shows how its column is written all the same.
_DAY = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2[0-9]{2}")
_MONTHS = 12


def fits_of_number(cell: str) -> Fits:
    if _AS_MACHINES_WRITE.fullmatch(cell):  # most of a file
        return _ONLY[Usage.AMERICAN]
    found = _NUMBER.fullmatch(cell)
    if found is None:
        return None
    group = found.lastgroup
    return _SAME if group == "same" else _EITHER if group == "either" else _ONLY[group]


def fits_of_day(cell: str) -> Fits:
    found = _DAY.match(cell)
    if found is None or int(found[1]) == int(found[3]):
        return _SAME
    months = {Usage.BRAZILIAN: int(found[3]), Usage.AMERICAN: int(found[1])}
    return frozenset(usage for usage, month in months.items() if month <= _MONTHS)
