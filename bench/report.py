"""The figures and how they are printed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `least` or `most` is the target, where there is one."""

    name: str
    value: float
    unit: str = ""
    least: float | None = None
    most: float | None = None
    rounds: Sequence[float] = ()

    @property
    def target(self) -> str:
        bounds = []
        if self.least is not None:
            bounds.append(f">= {_number(self.least)}")
        if self.most is not None:
            bounds.append(f"<= {_number(self.most)}")
        return " and ".join(bounds)

    @property
    def verdict(self) -> str:
        if not self.target:
            return ""
        enough = self.least is None or self.value >= self.least
        return "ok" if enough and (self.most is None or self.value <= self.most) else "short"

    def line(self) -> str:
        spread = f"[{_number(min(self.rounds))} .. {_number(max(self.rounds))}]"
        cells = f"{self.name:<58} {_number(self.value):>9} {self.unit:<8}"
        cells += f" {spread if self.rounds else '':<22} {self.target:<17} {self.verdict}"
        return cells.rstrip()


def of_rounds(
    name: str,
    rounds: Iterable[float],
    unit: str = "",
    *,
    least: float | None = None,
    most: float | None = None,
) -> Figure:
    """The median of what the rounds gave, with their range."""
    values = list(rounds)
    return Figure(name, median(values), unit, least, most, values)


def header() -> str:
    columns = f"{'figure':<58} {'median':>9} {'unit':<8} {'range of rounds':<22} {'target':<17}"
    return f"{columns} verdict\n{'-' * 126}"


def _number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
