"""When an equipe works: its hours, on the clock of the state where a lead lives, on no holiday."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from utils.brazil.states import STATES
from utils.brazil.zones import zone_of

WEEKDAYS = ("seg", "ter", "qua", "qui", "sex", "sab", "dom")
# When an equipe works that has not said when it calls.
_USUAL = WEEKDAYS[:5]
# Stands for leads of no known state.
NOWHERE = ""
PLACES = (*STATES, NOWHERE)
_SEARCHED = 400  # days; a year has no more holidays and feriados than days


def closed(settings: Mapping[str, Any], fuso: str, moment: datetime) -> list[str]:
    """The places where nobody is called at this moment."""
    return [place for place in PLACES if not _is_open(settings, fuso, place, moment)]


def next_opening(settings: Mapping[str, Any], fuso: str, moment: datetime) -> datetime | None:
    """When the first of the places that are closed opens; None for never."""
    found = (_opening(settings, fuso, each, moment) for each in closed(settings, fuso, moment))
    return min((each for each in found if each is not None), default=None)


def working_days(settings: Mapping[str, Any], first: date, last: date) -> list[date]:
    """The days on which the equipe works, whoever it calls: those that it has hours on, of one
    without hours Monday to Friday; no holiday of its own, of its state or of the country."""
    worked = settings["horario"] or _USUAL
    unit = settings["uf"] or NOWHERE
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [
        day
        for day in days
        if WEEKDAYS[day.weekday()] in worked and not _is_holiday(settings, unit, day)
    ]


def _is_open(settings: Mapping[str, Any], fuso: str, place: str, moment: datetime) -> bool:
    zone, unit = _where(settings, fuso, place)
    bounds = _bounds(settings, unit, moment.astimezone(zone).date(), zone)
    return bounds is not None and bounds[0] <= moment < bounds[1]


def _opening(
    settings: Mapping[str, Any], fuso: str, place: str, moment: datetime
) -> datetime | None:
    zone, unit = _where(settings, fuso, place)
    today = moment.astimezone(zone).date()
    for days in range(_SEARCHED):
        bounds = _bounds(settings, unit, today + timedelta(days=days), zone)
        if bounds is not None and bounds[0] > moment:
            return bounds[0]
    return None


def _where(settings: Mapping[str, Any], fuso: str, place: str) -> tuple[ZoneInfo, str]:
    """The clock of a place, and whose holidays it has: none but the country's for NOWHERE."""
    unit = place or settings["uf"] or NOWHERE
    return ZoneInfo(zone_of(unit) if unit else fuso), unit


def _bounds(
    settings: Mapping[str, Any], unit: str, day: date, zone: ZoneInfo
) -> tuple[datetime, datetime] | None:
    """From when to when it is open on a day, if it is."""
    hours = settings["horario"].get(WEEKDAYS[day.weekday()])
    if hours is None or _is_holiday(settings, unit, day):
        return None
    return _at(day, hours[0], zone), _at(day, hours[1], zone)


def _is_holiday(settings: Mapping[str, Any], unit: str, day: date) -> bool:
    return day.isoformat() in settings["feriados"] or day in _holidays(unit, day.year)


def _at(day: date, said: str, zone: ZoneInfo) -> datetime:
    hour, minute = map(int, said.split(":"))
    days, hour = divmod(hour, 24)  # a day may end at 24:00
    return datetime.combine(day + timedelta(days=days), time(hour, minute), zone).astimezone(UTC)


@lru_cache(maxsize=128)
def _holidays(unit: str, year: int) -> frozenset[date]:
    # Imported here, so that a server whose equipes have no hours does not hold it in memory.
    from holidays import country_holidays

    return frozenset(country_holidays("BR", subdiv=unit or None, years=year))
