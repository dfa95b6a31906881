"""Fields cut into bins: which bin each lead is in, and the columns of a regression for them.

A number has a column per threshold that is reached, so that neighbouring bins stay alike; a
category one per level. What is missing is a bin of its own. Columns are centred: 0 points are what
the average closed lead has.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from services.model.numerics.columns import Column, Floats, Ints
from services.scores.card import Categories, Numbers, Points
from services.scores.features import NUMBER
from services.scores.labels import MISSING, OTHERS, range_of

_FEWEST, _MOST = 3, 16  # thresholds of one number
_LEADS_PER_BIN = 15
_SEEN, _SEEN_OF_FEW = 5, 2  # leads that a level needs to count
_FEW = 300
_LEVELS = 200  # of one category


@dataclass(frozen=True, slots=True)
class Binned:
    """`codes`: the bin of each lead; the last bin is "missing" and, of a category, the one before
    it "others". `table`: a row per bin, a column per weight."""

    campo: str
    cortes: tuple[float, ...] | None
    niveis: tuple[str, ...]
    codes: Ints
    table: Floats

    @property
    def bins(self) -> int:
        return len(self.table)

    def counts(self, weights: Any = None) -> Floats:
        return np.bincount(self.codes, weights, minlength=self.bins).astype(float)

    def labels(self) -> list[str]:
        if self.cortes is None:
            return [*self.niveis, OTHERS, MISSING]
        return [range_of(self.cortes, place) for place in (*range(self.bins - 1), None)]

    def points(self, weights: Floats) -> Points:
        """What a card says of the field, of one number per bin."""
        each = tuple(float(number) for number in weights)
        if self.cortes is None:
            return Categories(self.campo, self.niveis, each[:-2], each[-2], each[-1])
        return Numbers(self.campo, self.cortes, each[:-1], each[-1])


def binned(column: Column) -> Binned:
    return _numbers(column) if column.tipo == NUMBER else _categories(column)


def _numbers(column: Column) -> Binned:
    values = column.numbers()
    there = values[~np.isnan(values)]
    cuts = _cuts(there)
    codes = np.searchsorted(cuts, values, side="right")
    codes[np.isnan(values)] = len(cuts) + 1
    steps = np.tri(len(cuts) + 1, len(cuts), -1)
    counts = np.bincount(codes, minlength=len(cuts) + 2).astype(float)
    cortes = tuple(float(cut) for cut in cuts)
    return Binned(column.campo, cortes, (), codes, _with_missing(steps, counts))


def _cuts(there: Floats) -> Floats:
    """Thresholds with as many leads between them. One that all reach would part nothing."""
    wanted = min(max(len(there) // _LEADS_PER_BIN, _FEWEST), _MOST)
    found = np.quantile(there, np.arange(1, wanted + 1) / (wanted + 1), method="higher")
    cuts = np.unique(found)
    return cuts[cuts > there.min()]


def _categories(column: Column) -> Binned:
    least = _SEEN_OF_FEW if len(column.values) < _FEW else _SEEN
    ranked = sorted(column.distinct().items(), key=lambda pair: (-pair[1], pair[0]))[:_LEVELS]
    levels = tuple(sorted(level for level, seen in ranked if seen >= least))
    place: dict[Any, int] = {level: n for n, level in enumerate(levels)}
    place[None] = len(levels) + 1
    codes = np.array([place.get(value, len(levels)) for value in column.values], dtype=np.intp)
    counts = np.bincount(codes, minlength=len(levels) + 2).astype(float)
    table = np.eye(len(levels) + 2)
    return Binned(column.campo, None, levels, codes, table - counts @ table / counts.sum())


def _with_missing(steps: Floats, counts: Floats) -> Floats:
    """Steps centred over the leads that have a number, and a column for those that have none."""
    bins, columns = steps.shape
    table = np.zeros((bins + 1, columns + 1))
    table[:bins, :columns] = steps - counts[:bins] @ steps / counts[:bins].sum()
    missing = counts[bins] / counts.sum()
    table[:bins, columns] = -missing
    table[bins, columns] = 1 - missing
    return table


def rates(field: Binned, won: Floats, base: float, weight: float) -> Floats:
    """The rate of won leads in each bin, drawn to the base by as many leads as `weight`."""
    return (field.counts(won) + weight * base) / (field.counts() + weight)


def all_binned(columns: Iterable[Column]) -> list[Binned]:
    return [binned(each) for each in columns]
