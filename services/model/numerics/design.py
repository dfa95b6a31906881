"""Closed leads as the regression sees them: bins, not a matrix of columns.

How often each pair of bins meets gives the matrix of second derivatives in a fraction of the memory
and the time.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from services.model.numerics.bins import Binned
from services.model.numerics.columns import Floats, Ints


class Design:
    """Closed leads as the regression sees them. `prior`: the rules' points, standardised."""

    def __init__(self, fields: Sequence[Binned], prior: Floats | None, leads: int) -> None:
        self.fields = list(fields)
        self.prior = prior
        self.starts = np.cumsum([0, *(each.bins for each in self.fields)])
        widths = [each.table.shape[1] for each in self.fields]
        self.columns = np.cumsum([0, *widths])
        # A row per field: what is done field by field reads what lies side by side.
        self.codes = np.empty((len(self.fields), leads), dtype=np.intp)
        for n, each in enumerate(self.fields):
            self.codes[n] = each.codes + self.starts[n]

    @property
    def width(self) -> int:
        return int(self.columns[-1]) + (self.prior is not None)

    def points(self, weights: Floats) -> Floats:
        """Points of every bin of every field, by the weights of the columns."""
        parts = [
            each.table @ weights[self.columns[n] : self.columns[n + 1]]
            for n, each in enumerate(self.fields)
        ]
        return np.concatenate(parts) if parts else np.zeros(0)

    def to_columns(self, of_bins: Floats) -> Floats:
        """The transpose of points(), over the first axis."""
        parts = [
            each.table.T @ of_bins[self.starts[n] : self.starts[n + 1]]
            for n, each in enumerate(self.fields)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, *of_bins.shape[1:]))


class Rows:
    """Some leads of a design, with their outcomes: what one fit looks at."""

    def __init__(self, design: Design, rows: Ints | None, won: Floats) -> None:
        self.design = design
        self.codes = design.codes if rows is None else design.codes[:, rows]
        self.prior = _of(design.prior, rows)
        self.won = won if rows is None else won[rows]

    def logits(self, weights: Floats) -> Floats:
        """`weights`: the base, then a weight per column, that of the rules last."""
        points = self.design.points(weights[1:])
        found = np.full(len(self.won), weights[0])
        for each in self.codes:
            found += points[each]
        return found if self.prior is None else found + weights[-1] * self.prior

    def gradient(self, of_leads: Floats) -> Floats:
        """Of a figure per lead, its sum over each column."""
        columns = self.design.to_columns(np.concatenate([np.zeros(0), *self._counts(of_leads)]))
        sums = [] if self.prior is None else [np.dot(self.prior, of_leads)]
        return np.concatenate([[of_leads.sum()], columns, sums])

    def curvature(self, of_leads: Floats) -> Floats:
        """Of a weight per lead, the weighted products of all columns."""
        columns = self.design.to_columns(self.design.to_columns(self._pairs(of_leads)).T)
        found = np.zeros((self.design.width + 1,) * 2)
        inner = len(columns) + 1
        found[1:inner, 1:inner] = columns
        found[0] = found[:, 0] = self.gradient(of_leads)
        if self.prior is not None:
            found[-1] = found[:, -1] = self.gradient(of_leads * self.prior)
        return found

    def blocks(self, of_leads: Floats) -> Iterator[Floats]:
        """Those of curvature() that stand on its diagonal, field by field."""
        for field, count in zip(self.design.fields, self._counts(of_leads), strict=True):
            yield (field.table.T * count) @ field.table

    def combined(self, ways: Sequence[Floats]) -> Floats:
        """Of each lead the base, these combinations of each field's columns, and the rules."""
        parts = [np.ones((len(self.won), 1))]
        for n, (field, of_columns) in enumerate(zip(self.design.fields, ways, strict=True)):
            parts.append((field.table @ of_columns)[self.codes[n] - self.design.starts[n]])
        return np.hstack(parts if self.prior is None else [*parts, self.prior[:, None]])

    def _counts(self, of_leads: Floats) -> Iterator[Floats]:
        """How much is in each bin, field by field."""
        for n, field in enumerate(self.design.fields):
            codes = self.codes[n] - self.design.starts[n]
            yield np.bincount(codes, of_leads, minlength=field.bins)

    def kernel(self, precision: Floats) -> Floats:
        """How much each two leads have in common: products of their columns over the precision,
        which is one for all bins."""
        found = self._alike / precision[0] if len(self.codes) else np.zeros_like(self._alike)
        if self.prior is not None:
            found = found + np.outer(self.prior, self.prior) / precision[-1]
        return found

    @cached_property
    def _alike(self) -> Floats:
        found = np.zeros((len(self.won), len(self.won)))
        for n, field in enumerate(self.design.fields):
            codes = self.codes[n] - self.design.starts[n]
            found += (field.table @ field.table.T)[codes[:, None], codes]
        return found

    def _pairs(self, of_leads: Floats) -> Floats:
        """How much weight is in each pair of bins."""
        total = int(self.design.starts[-1])
        found = np.zeros((total, total))
        for n, field in enumerate(self.design.fields):
            start = int(self.design.starts[n])
            place = (self.codes[n] - start) * total + self.codes[n:]
            weights = np.tile(of_leads, len(place))
            block = np.bincount(place.ravel(), weights, minlength=field.bins * total)
            rows = block.reshape(field.bins, total)
            found[start : start + field.bins, start:] = rows[:, start:]
            found[start:, start : start + field.bins] = rows[:, start:].T
        return found


def _of(values: Floats | None, rows: Ints | None) -> Floats | None:
    return values if values is None or rows is None else values[rows]
