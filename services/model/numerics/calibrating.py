"""What a sum of points says against what comes of it: fields that count only together bend the line
between the two, which no points can follow. A curve with a few corners does."""

import numpy as np

from services.model.numerics.columns import Floats
from services.model.numerics.drift import shift
from services.model.numerics.ridge import losses, sigmoid
from services.scores.curve import Curve

_CORNERS = (0.2, 0.4, 0.6, 0.8, 0.9)  # shares of the leads that lie below
_PENALTY = 10.0  # on each change of the slope
_FLATTEST = 0.1  # of a slope: one that falls would turn the order around
_FOLDS, _SEED = 5, 13
_GAIN = 3.0  # of log-loss on leads that a curve has not seen; less may be by chance
_STEPS, _CLOSE = 50, 1e-7


def bend(logits: Floats, won: Floats) -> tuple[Curve | None, Floats]:
    """The curve, where it does good, and the logits with what it adds to those of leads that it
    had not seen. `logits`: by cards that had not seen the lead either."""
    across = _across(logits, won)
    gain = float((losses(logits, won) - losses(across, won)).sum())
    return (_curve(logits, won), across) if gain > _GAIN else (None, logits)


def _across(logits: Floats, won: Floats) -> Floats:
    fold = np.random.default_rng(_SEED).permutation(len(won)) % _FOLDS
    found = np.empty(len(won))
    for n in range(_FOLDS):
        curve = _curve(logits[fold != n], won[fold != n])
        found[fold == n] = [each + curve.part(each) for each in logits[fold == n].tolist()]
    return found


def _curve(logits: Floats, won: Floats) -> Curve:
    """One that always rises: where it would fall or hardly rise, it rises a little."""
    corners = np.unique(np.quantile(logits, _CORNERS))
    columns = np.column_stack([logits, np.maximum(logits[:, None] - corners, 0.0)])
    fitted = _fit(np.column_stack([np.ones(len(won)), columns]), logits, won)
    rising = np.maximum(np.cumsum(fitted[1:]), _FLATTEST - 1)
    # Rounded: PostgreSQL has no product of numbers that are nearly 0.
    slopes = np.round(np.diff(rising, prepend=0.0), 9)
    base = shift(logits + columns @ slopes, won)
    return Curve(base, float(slopes[0]), tuple(corners.tolist()), tuple(slopes[1:].tolist()))


def _fit(columns: Floats, logits: Floats, won: Floats) -> Floats:
    """Newton's method from where nothing is bent, no step so long that things get worse."""
    precision = np.append(1e-9, np.full(columns.shape[1] - 1, _PENALTY))
    weights = np.append(shift(logits, won), np.zeros(columns.shape[1] - 1))

    def value(tried: Floats) -> float:
        lost = losses(logits + columns @ tried, won).sum()
        return float(lost + (precision * tried**2).sum() / 2)

    for _ in range(_STEPS):
        chance = sigmoid(logits + columns @ weights)
        slope = columns.T @ (won - chance) - precision * weights
        second = (columns * (chance * (1 - chance))[:, None]).T @ columns + np.diag(precision)
        step, before = np.linalg.solve(second, slope), value(weights)
        while value(weights + step) > before and np.abs(step).max() > _CLOSE:
            step /= 2
        if np.abs(step).max() <= _CLOSE:
            break
        weights = weights + step
    return weights
