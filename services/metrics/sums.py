"""Sums of leads as replies tell them. Money is in cents until then."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from models.types import StageKind
from services.metrics.reading.cells import Row
from utils.money import to_money


@dataclass(slots=True)
class Outcome:
    """Leads by what became of them. `ponderado`: of the `pesados` open ones with a probability."""

    abertos: int = 0
    ganhos: int = 0
    perdidos: int = 0
    valor_aberto: Decimal = Decimal(0)
    valor_ganho: Decimal = Decimal(0)
    valor_perdido: Decimal = Decimal(0)
    pesados: int = 0
    ponderado: Decimal = Decimal(0)

    def add(self, row: Row) -> None:
        if row.tipo == StageKind.ABERTA:
            self.abertos += row.n
            self.valor_aberto += row.valor
        elif row.tipo == StageKind.GANHA:
            self.ganhos += row.n
            self.valor_ganho += row.valor
        else:
            self.perdidos += row.n
            self.valor_perdido += row.valor
        self.pesados += row.pesados
        self.ponderado += row.ponderado

    def merge(self, other: "Outcome") -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    @staticmethod
    def of(rows: Iterable[Row]) -> "Outcome":
        found = Outcome()
        for row in rows:
            found.add(row)
        return found

    @property
    def quantidade(self) -> int:
        return self.abertos + self.ganhos + self.perdidos

    @property
    def valor(self) -> Decimal:
        return self.valor_aberto + self.valor_ganho + self.valor_perdido

    def told(self) -> dict[str, Any]:
        return {
            "quantidade": self.quantidade,
            "valor": to_money(self.valor),
            "ganhos": self.ganhos,
            "perdidos": self.perdidos,
            "conversao": rate(self.ganhos, self.perdidos),
            "valor_ganho": to_money(self.valor_ganho),
        }

    def expected(self) -> str | None:
        """None while no open lead has a probability."""
        return rounded(self.ponderado) if self.pesados else None


def by[Key](rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, Outcome]:
    """Rows by what `key` says of them."""
    found: dict[Key, Outcome] = {}
    for row in rows:
        found.setdefault(key(row), Outcome()).add(row)
    return {key: outcome for key, outcome in found.items() if outcome.quantidade}


def rate(won: int, lost: int) -> float | None:
    return won / (won + lost) if won + lost else None


def rounded(cents: Decimal) -> str:
    """An amount with fractions of a cent; half of one counts as a whole one."""
    return to_money(cents.quantize(Decimal(1), ROUND_HALF_UP))
