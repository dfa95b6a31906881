"""What came of a group of leads within a period, and what is open of it now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from models.types import StageKind
from services.metrics.reading.cells import Row
from services.metrics.reading.statement import Part
from services.metrics.sums import rate
from utils.money import to_money

FACTS = ("criado", "ganho", "perdido")


def parts(dimension: str) -> list[Part]:
    """What groups by this dimension are made from."""
    flows = [Part(fact, (dimension,), "periodo") for fact in FACTS]
    return [*flows, Part("etapa", ("tipo", dimension))]


@dataclass(slots=True)
class Performance:
    novos: int = 0
    ganhos: int = 0
    perdidos: int = 0
    valor_ganho: Decimal = Decimal(0)
    abertos: int = 0
    valor_aberto: Decimal = Decimal(0)

    @property
    def happened(self) -> bool:
        return bool(self.novos or self.ganhos or self.perdidos or self.abertos)

    def merge(self, other: "Performance") -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    def told(self) -> dict[str, Any]:
        return {
            "novos": self.novos,
            "ganhos": self.ganhos,
            "perdidos": self.perdidos,
            "valor_ganho": to_money(self.valor_ganho),
            "conversao": rate(self.ganhos, self.perdidos),
            "abertos": self.abertos,
            "valor_aberto": to_money(self.valor_aberto),
        }


def grouped[Key](
    rows: Sequence[Sequence[Row]], key: Callable[[Row], Key]
) -> dict[Key, Performance]:
    """From the rows of parts(); groups of which nothing happened and nothing is open are none."""
    found: dict[Key, Performance] = {}
    new, won, lost, stocks = rows
    for row in new:
        found.setdefault(key(row), Performance()).novos += row.n
    for row in won:
        group = found.setdefault(key(row), Performance())
        group.ganhos += row.n
        group.valor_ganho += row.valor
    for row in lost:
        found.setdefault(key(row), Performance()).perdidos += row.n
    for row in stocks:
        if row.tipo == StageKind.ABERTA:
            group = found.setdefault(key(row), Performance())
            group.abertos += row.n
            group.valor_aberto += row.valor
    return {each: group for each, group in found.items() if group.happened}
