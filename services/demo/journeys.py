"""How a lead of the demonstration is led through the stages: called, then moved, time and again."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from random import Random
from typing import Any, NamedTuple

from services.demo.moments import Moments
from services.demo.talks import answered, promised, unanswered

_IN_VAIN = 0.35  # of the calls somebody has tried before
_PER_DAY = 4.0  # how soon a new lead is called: a quarter of a working day in the mean
_PROMISES = 0.8  # of the open leads whom somebody has reached
_LATE, _TODAY = 0.12, 0.3  # of the promises: overdue, and those with what is due today
_LATEST, _NEXT = 3, 9  # working days


class Call(NamedTuple):
    """What an activity says."""

    said: dict[str, Any]


class Move(NamedTuple):
    """Into the stage that `values` names, and since when the lead is there."""

    values: dict[str, Any]
    since: datetime


Step = Call | Move


def led(
    came: float, ended: float, stages: Sequence[str], moments: Moments, rnd: Random
) -> Iterator[Step]:
    """From when it came until it `ended`, working days ago, through these stages. The last one is
    entered at the end."""
    before = came
    for stage, day in zip(stages, _days(came, ended, len(stages), rnd), strict=True):
        if rnd.random() < _IN_VAIN:
            yield Call(unanswered(moments.ago(rnd.uniform(day, before)), rnd))
        when, before = moments.ago(day), day
        yield Call(answered(when, rnd))
        yield Move({"etapa": stage}, when)


def _days(came: float, ended: float, many: int, rnd: Random) -> list[float]:
    """So many days, falling: the first is soon after the beginning, the last is the end."""
    first = max(ended, came - rnd.expovariate(_PER_DAY))
    between = sorted((rnd.uniform(ended, first) for _ in range(many - 2)), reverse=True)
    return [first, *between, ended][-many:]


def promise(reached: float, moments: Moments, rnd: Random) -> Iterator[Step]:
    """The next contact of an open lead whom somebody reached so many working days ago."""
    if rnd.random() < _PROMISES:
        when, due = moments.ago(rnd.uniform(0, reached)), _due(moments, rnd)
        if due <= when:
            due = moments.ahead(rnd.uniform(1, _NEXT))
        yield Call(promised(when, _on_the_quarter(due), rnd))


def _due(moments: Moments, rnd: Random) -> datetime:
    share = rnd.random()
    if share < _LATE:
        return moments.ago(rnd.uniform(1, _LATEST))
    return moments.ahead(rnd.random() if share < _TODAY else rnd.uniform(1, _NEXT))


def _on_the_quarter(moment: datetime) -> datetime:
    """People promise 10:15 and not 10:21."""
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
