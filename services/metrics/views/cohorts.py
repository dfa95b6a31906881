"""The leads created in a month, and how many of them were won in each month since."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from services.metrics.reading.asked import month_of, month_text
from services.metrics.reading.cells import Row
from services.metrics.reading.statement import Part
from services.metrics.reading.view import View
from utils.calendars import day_of

_PARTS = (Part("criado", ("quando",), "dias"), Part("coorte", ("quando", "balde"), "meses"))


def cohorts(view: View) -> dict[str, Any]:
    days = view.asked.months(view.today)
    new, won = view.read(_PARTS, {"dias": days.numbers, "meses": days.months})
    came = Counter[int]()
    for row in new:
        came[month_of(day_of(row.quando or 0))] += row.n
    wins = _wins(won)
    first, last = days.months
    return {
        **view.head(),
        "itens": [
            _cohort(month, came[month], wins[month], month_of(view.today))
            for month in range(first, last + 1)
        ],
    }


def _wins(rows: Iterable[Row]) -> dict[int, Counter[int]]:
    """By month, how many were won how many months later."""
    found: dict[int, Counter[int]] = defaultdict(Counter)
    for row in rows:
        found[row.quando or 0][row.balde or 0] += row.n
    return found


def _cohort(month: int, came: int, wins: Counter[int], today: int) -> dict[str, Any]:
    """A month that is still to come has none yet."""
    latest = max(today - month, *wins, 0) if month <= today else -1
    return {
        "mes": month_text(month),
        "novos": came,
        "ganhos": wins.total(),
        "por_mes": [{"n": n, "ganhos": wins[n]} for n in range(latest + 1)],
    }
