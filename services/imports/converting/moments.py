"""Days and times as people and machines write them: 31/12/2025 14:30, 1/8/26, 2026-08-01T14:30Z,
1 de agosto de 2026.

Without an offset they are local. In the forms that machines write, the year comes first.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from services.imports.converting.usage import Usage
from utils.text import fold

_TIME = (
    r"(?:(?:T|,? | (?:às|as|-) )(?P<hour>[0-9]{1,2})[:h](?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r"(?: ?(?P<half>[ap])\.?m\.?)?(?: ?(?P<zone>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}))?)?"
)
# What the standard library reads, of all the forms that it reads: most of a file.
_OF_MACHINES = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_YEAR_FIRST = re.compile(
    rf"(?P<year>[0-9]{{4}})([-/.])(?P<month>[0-9]{{1,2}})\2(?P<day>[0-9]{{1,2}}){_TIME}", re.I
)
# A year of two digits is of this century. Between hyphens it might as well be a day.
_YEAR_LAST = re.compile(
    r"(?P<day>[0-9]{1,2})([-/.])(?P<month>[0-9]{1,2})\2"
    rf"(?P<year>[0-9]{{4}}|(?<=[/.])[0-9]{{2}}){_TIME}",
    re.I,
)
_NAMED = re.compile(
    r"(?P<day>[0-9]{1,2})(?:º|°)?(?: de |[ /.-])(?P<name>[a-zç]{3,9})\.?(?: de |[ /.-])"
    rf"(?P<year>[0-9]{{4}}){_TIME}",
    re.I,
)
_NAMES = (
    "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
    "january february march april may june july august september october november december",
)
_MONTHS = {
    text: number
    for names in _NAMES
    for number, name in enumerate(names.split(), 1)
    for text in (name, name[:3])
}


def moment_of(cell: str, local: tzinfo, usage: Usage) -> datetime:
    """The instant that a cell names; a day alone is its midnight. Raises ValueError."""
    if _OF_MACHINES.fullmatch(cell):
        moment = datetime.fromisoformat(cell)
        return moment if moment.tzinfo else moment.replace(tzinfo=local)
    if found := _YEAR_FIRST.fullmatch(cell):
        return _moment(found, int(found["month"]), int(found["day"]), local)
    if found := _YEAR_LAST.fullmatch(cell):
        day, month = int(found["day"]), int(found["month"])
        if usage is Usage.AMERICAN:
            day, month = month, day
        return _moment(found, month, day, local)
    if found := _NAMED.fullmatch(cell):
        return _moment(found, _MONTHS.get(fold(found["name"]), 0), int(found["day"]), local)
    raise ValueError("no day")


def _moment(found: re.Match[str], month: int, day: int, local: tzinfo) -> datetime:
    year = int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)
    if found["hour"] is None:
        return datetime(year, month, day, tzinfo=local)
    hour, minute, second = (int(each or 0) for each in found.group("hour", "minute", "second"))
    if half := found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError("no hour of half a day")
        hour = hour % 12 + (12 if half in "pP" else 0)
    micros = int(f"{found['fraction'] or '':0<6}"[:6])
    zone = _zone(found["zone"]) if found["zone"] else local
    return datetime(year, month, day, hour, minute, second, micros, zone)


def _zone(text: str) -> tzinfo:
    if text[0] not in "+-":
        return UTC
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(offset if text[0] == "+" else -offset)
