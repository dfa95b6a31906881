"""How a sum of points is bent, so that the probability that it says comes true."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any, Self

from sqlalchemy import func
from sqlalchemy.sql.elements import ColumnElement

from services.scores.doubles import double


@dataclass(frozen=True, slots=True)
class Curve:
    """What is added to a sum of points, so that what it says comes true: `inclinacao` times the
    sum, and more or less of it above each of `cortes`. The whole always rises."""

    base: float
    inclinacao: float
    cortes: tuple[float, ...]
    mudancas: tuple[float, ...]

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        lists = (tuple(kept["cortes"]), tuple(kept["mudancas"]))
        return cls(kept["base"], kept["inclinacao"], *lists)

    def part(self, total: float) -> float:
        bent = zip(self.cortes, self.mudancas, strict=True)
        above = sum(more * max(total - corner, 0.0) for corner, more in bent)
        return self.base + self.inclinacao * total + above

    def sql(self, total: ColumnElement[Any]) -> ColumnElement[float]:
        """Null where the sum is."""
        bent = zip(self.cortes, self.mudancas, strict=True)
        above = (
            double(more) * func.greatest(total - double(corner), double(0)) for corner, more in bent
        )
        return reduce(add, above, double(self.base) + double(self.inclinacao) * total)
