"""Where a month is heading: to what it comes if its working days go on as those that are over."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from services.metrics.people import Won


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Of a month, and how many are left, today included."""

    total: int
    left: int

    @staticmethod
    def of(days: Collection[date], today: date) -> "WorkingDays":
        return WorkingDays(len(days), sum(day >= today for day in days))


class Pace(NamedTuple):
    """`valor`: in cents, and fractions of them."""

    ganhos: Decimal
    valor: Decimal


def pace(won: Won, before: Won, days: WorkingDays) -> Pace | None:
    """What the month comes to, never less than was `won` already; None until its first working day
    is over. `before`: what was won before today."""
    over = days.total - days.left
    if not over:
        return None
    ganhos, valor = (Decimal(each * days.total) / over for each in before)
    return Pace(max(Decimal(won.ganhos), ganhos), max(won.valor, valor))
