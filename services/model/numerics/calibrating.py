"""What a sum of points says against what comes of it: fields that count only together bend the line
between the two, which no points can follow. A curve with a few corners does."""

import numpy as np

from services.model.numerics.columns import Floats
from services.model.numerics.ridge import losses, sigmoid
from services.scores.card import Curve

_CORNERS = (0.2, 0.4, 0.6, 0.8, 0.9)  # shares of the leads that lie below
_PENALTY = 10.0  # on each change of the slope
_FLATTEST = 0.1  # of a slope: one that falls would turn the order around
_FOLDS, _SEED = 5, 13
_GAIN = 3.0  # of log-loss on leads that a curve has not seen; less may be by chance
_STEPS = 30


def bend(logits: Floats, won: Floats) -> tuple[Curve | None, Floats]:
    """The curve, where it does good, and the logits with what it adds to those of leads that it
    had not seen. `logits`: by cards that had not seen the lead either."""
    curve, across = _curve(logits, won), _across(logits, won)
    if curve is None or across is None:
        return None, logits
    gain = float((losses(logits, won) - losses(across, won)).sum())
    return (curve, across) if gain > _GAIN else (None, logits)


def _across(logits: Floats, won: Floats) -> Floats | None:
    fold = np.random.default_rng(_SEED).permutation(len(won)) % _FOLDS
    found = np.empty(len(won))
    for n in range(_FOLDS):
        curve = _curve(logits[fold != n], won[fold != n])
        if curve is None:
            return None
        found[fold == n] = [each + curve.part(each) for each in logits[fold == n].tolist()]
    return found


def _curve(logits: Floats, won: Floats) -> Curve | None:
    """None where there is none that always rises."""
    corners = np.unique(np.quantile(logits, _CORNERS))
    above = np.maximum(logits[:, None] - corners, 0.0)
    base, *slopes = _fit(np.column_stack([np.ones(len(won)), logits, above]), logits, won)
    if 1 + np.cumsum(slopes).min() < _FLATTEST:
        return None
    return Curve(
        float(base), float(slopes[0]), tuple(corners.tolist()), tuple(map(float, slopes[1:]))
    )


def _fit(columns: Floats, logits: Floats, won: Floats) -> Floats:
    """Newton's method from where nothing is added."""
    precision = np.append(1e-9, np.full(columns.shape[1] - 1, _PENALTY))
    weights = np.zeros(columns.shape[1])
    for _ in range(_STEPS):
        chance = sigmoid(logits + columns @ weights)
        slope = columns.T @ (won - chance) - precision * weights
        second = (columns * (chance * (1 - chance))[:, None]).T @ columns + np.diag(precision)
        weights = weights + np.linalg.solve(second, slope)
    return weights
