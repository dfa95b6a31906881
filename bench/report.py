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
            bounds.append(f">= {number(self.least)}")
        if self.most is not None:
            bounds.append(f"<= {number(self.most)}")
        return " and ".join(bounds)

    @property
    def verdict(self) -> str:
        if self.least is not None and self.value < self.least:
            return "short"
        if self.most is not None and self.value > self.most:
            return "over"
        return "ok" if self.target else ""

    def line(self) -> str:
        spread = (
            f"[{number(min(self.rounds))} .. {number(max(self.rounds))}]" if self.rounds else ""
        )
        cells = f"{self.name:<58} {number(self.value):>9} {self.unit:<8}"
        cells += f" {spread:<22} {self.target:<17} {self.verdict}"
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


def header(name: str = "figure", value: str = "median") -> str:
    columns = f"{name:<58} {value:>9} {'unit':<8} {'range of rounds':<22} {'target':<17}"
    return f"{columns} verdict\n{'-' * 126}"


def number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if abs(value) >= 1 or not value else f"{value:.4f}"
