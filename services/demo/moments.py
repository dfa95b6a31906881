"""Working hours before and after now, so that the demonstration's figures are those of today."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from utils.clock import day_bounds, local_day

_OPENS, _HOURS = 8, 10  # from eight to six
_WORKDAYS = 5


class Moments(NamedTuple):
    """Moments around an instant as an equipe sees them, each told by how many working days it is
    away. The part after the point is the part of a day."""

    instant: datetime
    fuso: str

    def ago(self, days: float) -> datetime:
        """Past in any case; 0.x is of today, also on a weekend."""
        whole, part = divmod(days, 1)
        if whole:
            return self._at(_workday(self._today(), -int(whole)), 1 - part)
        start = self._day_begun()
        return start + (self.instant - start) * (1 - part)

    def ahead(self, days: float) -> datetime:
        """Of today (0.x) it may be past, as a promise that was not kept in time."""
        whole, part = divmod(days, 1)
        return self._at(_workday(self._today(), int(whole)), part)

    def day_ahead(self, days: float) -> date:
        return local_day(self.ahead(days), self.fuso)

    def _today(self) -> date:
        return local_day(self.instant, self.fuso)

    def _day_begun(self) -> datetime:
        """Before the equipe opens, its day has begun at midnight."""
        opening = self._at(self._today(), 0)
        return opening if opening < self.instant else day_bounds(self._today(), self.fuso)[0]

    def _at(self, day: date, part: float) -> datetime:
        return day_bounds(day, self.fuso)[0] + timedelta(hours=_OPENS + part * _HOURS)


def _workday(day: date, count: int) -> date:
    """The working day so many of them away, Monday to Friday; the day itself for none."""
    step = 1 if count > 0 else -1
    weeks, rest = divmod(abs(count), _WORKDAYS)
    if weeks and day.weekday() >= _WORKDAYS:
        weeks, rest = weeks - 1, rest + _WORKDAYS  # a weekend is no day to count weeks from
    day += timedelta(weeks=step * weeks)
    while rest:
        day += timedelta(days=step)
        rest -= day.weekday() < _WORKDAYS
    return day
