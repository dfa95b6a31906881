"""The days of a time zone as runs of whole days, so that a database finds a day by comparing."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from utils.clock import day_bounds

EPOCH = date(1970, 1, 1)
# What a caller may mean (clock.is_of_our_time), and a year on either side.
FIRST, LAST = date(1899, 1, 1), date(2201, 12, 31)
_DAY = timedelta(days=1)
# Noronha had summer time for a week: of fewer days no two changes make up for each other.
_STEP = 3


class Run(NamedTuple):
    """`dias` days of 24 hours, the first of which begins at `de`; or one of another length."""

    de: datetime
    dia: int
    dias: int
    ate: datetime


def number_of(day: date) -> int:
    """Days since 1970."""
    return (day - EPOCH).days


def day_of(number: int) -> date:
    return EPOCH + timedelta(days=number)


@lru_cache(maxsize=64)
def runs(zone: str) -> tuple[Run, ...]:
    """All days from FIRST to LAST in their order. A day that the zone skipped is in none of them;
    one with a change of clocks is alone in its own."""
    found: list[Run] = []
    for run in _pieces(zone):
        last = found[-1] if found else None
        if last is not None and _is_whole(last) and _is_whole(run) and _follows(last, run):
            found[-1] = Run(last.de, last.dia, last.dias + run.dias, run.ate)
        else:
            found.append(run)
    return tuple(found)


def _pieces(zone: str) -> Iterator[Run]:
    """Stretches in which no clock is changed, and around a change each day alone."""
    day = FIRST
    while day <= LAST:
        if days := _alike(day, zone):
            yield _piece(day, days, zone)
            day += days * _DAY
        else:
            alone = (_piece(day + n * _DAY, 1, zone) for n in range(_STEP))
            yield from (each for each in alone if each.de < each.ate)
            day += _STEP * _DAY


def _alike(first: date, zone: str) -> int:
    """For how many days from this one clocks are as far from UTC, seen every few days."""
    info = ZoneInfo(zone)
    offset, day = datetime.combine(first, time.min, info).utcoffset(), first
    while day <= LAST:
        later = day + _STEP * _DAY
        if datetime.combine(later, time.min, info).utcoffset() != offset:
            break
        day = later
    return (day - first).days


def _piece(day: date, days: int, zone: str) -> Run:
    last = day + (days - 1) * _DAY
    return Run(day_bounds(day, zone)[0], number_of(day), days, day_bounds(last, zone)[1])


def _is_whole(run: Run) -> bool:
    return run.ate - run.de == run.dias * _DAY


def _follows(run: Run, later: Run) -> bool:
    return run.ate == later.de and run.dia + run.dias == later.dia
