"""What happened on days: leads created, won and lost, and the value won."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from services.metrics.reading.asked import Days
from services.metrics.reading.cells import Row
from services.metrics.reading.statement import Part
from utils.calendars import number_of
from utils.money import to_money

FACTS = ("criado", "ganho", "perdido")


def parts(span: str) -> list[Part]:
    """What Movements are made from, a part for each of FACTS."""
    return [Part(fact, ("quando",), span) for fact in FACTS]


@dataclass(slots=True)
class Movement:
    novos: int = 0
    ganhos: int = 0
    perdidos: int = 0
    valor_ganho: Decimal = Decimal(0)

    def told(self) -> dict[str, Any]:
        return {
            "novos": self.novos,
            "ganhos": self.ganhos,
            "perdidos": self.perdidos,
            "valor_ganho": to_money(self.valor_ganho),
        }


class Movements:
    """By day. `rows`: those of parts(), once or more; a day that is told twice is told the same."""

    def __init__(self, rows: Sequence[Iterable[Row]]) -> None:
        self._days: dict[str, dict[int, Row]] = {fact: {} for fact in FACTS}
        for n, found in enumerate(rows):
            fact = FACTS[n % len(FACTS)]
            self._days[fact] |= {row.quando: row for row in found if row.quando is not None}

    def on(self, day: date) -> Movement:
        return self._sum([number_of(day)])

    def within(self, days: Days) -> Movement:
        return self._sum(range(number_of(days.de), number_of(days.ate) + 1))

    def compared(self, days: Days) -> dict[str, Any]:
        """Within these days, and within as many before."""
        return self.within(days).told() | {"anterior": self.within(days.before).told()}

    def series(self, days: Days) -> list[dict[str, Any]]:
        return [{"dia": day, **self.on(day).told()} for day in days.each]

    def _sum(self, numbers: Iterable[int]) -> Movement:
        found = Movement()
        for number in numbers:
            found.novos += self._count("criado", number)
            found.ganhos += self._count("ganho", number)
            found.perdidos += self._count("perdido", number)
            won = self._days["ganho"].get(number)
            found.valor_ganho += won.valor if won else 0
        return found

    def _count(self, fact: str, number: int) -> int:
        row = self._days[fact].get(number)
        return row.n if row else 0
