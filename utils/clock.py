"""Instants and days: always aware, always UTC on the wire."""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

# RFC 3339. The standard library alone also reads week dates, days without time and any
# character between date and time.
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]"
    r"(?:[01][0-9]|2[0-3]):[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?"
    r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])"
)

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")


def now() -> datetime:
    """Return the current instant, aware, in UTC."""
    return datetime.now(UTC)


def day_bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """Return the half-open [start, end) of a local day as UTC instants.

    A day with a change of clocks has 23 or 25 hours; one that the zone skipped is empty. Raises
    ValueError at the ends of the calendar and zoneinfo.ZoneInfoNotFoundError for an unknown zone.
    """
    try:
        return _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
    except OverflowError as error:
        raise ValueError("Data fora do intervalo aceito.") from error


def parse_day(text: str) -> date:
    """Read "2026-08-01", and no other spelling that ISO 8601 has for a day; raises ValueError."""
    if not _DAY.fullmatch(text):
        raise ValueError("Informe a data como AAAA-MM-DD.")
    return date.fromisoformat(text)


def parse_month(text: str) -> date:
    """Read "2026-08" as the month's first day; raises ValueError."""
    if not _MONTH.fullmatch(text):
        raise ValueError("Informe o mês como AAAA-MM.")
    return date.fromisoformat(f"{text}-01")


def local_day(instant: datetime, zone: str) -> date:
    """Return the day it was in `zone` at an aware instant; raises ValueError if it is naive."""
    return in_zone(instant, zone).date()


def in_zone(instant: datetime, zone: str) -> datetime:
    """An aware instant in a time zone; at the ends of the calendar, where that has none, in UTC.
    Raises ValueError if it is naive."""
    try:
        return _aware(instant).astimezone(ZoneInfo(zone))
    except OverflowError:
        return instant.astimezone(UTC)


def parse_instant(text: str) -> datetime:
    """Read an ISO 8601 date and time with offset or Z (RFC 3339) into UTC.

    Digits beyond microseconds are cut off. Raises ValueError for everything else, including a
    time without offset.
    """
    try:
        if _INSTANT.fullmatch(text):
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        # Not chained, as their messages repeat the text.
        raise _invalid_instant() from None
    raise _invalid_instant()


def iso(instant: datetime) -> str:
    """Write an aware instant as "2026-11-23T22:12:42.123456Z"; raises ValueError if naive."""
    utc = _aware(instant).astimezone(UTC)
    return utc.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def is_time_zone(name: str) -> bool:
    """Tell whether the name is in the IANA database, such as "America/Sao_Paulo"."""
    return name in _time_zones()


@cache
def _time_zones() -> frozenset[str]:
    # Cached because it walks the whole database on disk. The two names left out are no place:
    # one means whatever this machine is set to, the other "not set".
    return frozenset(available_timezones() - {"localtime", "Factory"})


def _midnight(day: date, zone: str) -> datetime:
    # Brazil changed its clocks at midnight. Where 00:00 was skipped, fold=0 counts with the
    # offset before the change, which gives the very instant of the change: the first of the
    # day. Where 00:00 happened twice, fold=0 is the first of them.
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)


def _aware(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        raise ValueError("instant without time zone")
    return instant


def _invalid_instant() -> ValueError:
    return ValueError("Informe data e hora em ISO 8601 com fuso, como 2026-11-23T22:12:42Z.")


def is_of_our_time(moment: date) -> bool:
    """Whether anybody can mean it as a date that somebody lives to see."""
    return 1900 <= moment.year <= 2200
