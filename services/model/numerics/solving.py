"""A Newton step without the matrix of second derivatives, where that one would be large."""

import math

import numpy as np

from services.model.numerics.columns import Floats
from services.model.numerics.design import Rows

# How near to the step, of how far it leads: where that is far, the next step takes away what this
# one leaves; where it is near, nobody sees it.
_CLOSE, _AT_MOST = 0.01, 0.1
_MOST = 500  # rounds: alike columns under a light penalty take more than a hundred
_SMOOTH = 2  # ways in which a field varies most, and by which fields go together


def few_leads(rows: Rows, of_leads: Floats, precision: Floats, slope: Floats) -> Floats:
    """From a matrix of leads by leads (Woodbury), where these are fewer than columns; the base,
    which may have no precision, is solved for first."""
    root = np.sqrt(of_leads)
    inner = root[:, None] * rows.kernel(precision[1:]) * root
    inner[np.diag_indices_from(inner)] += 1
    cross = rows.gradient(of_leads)
    both = np.stack([cross[1:], slope[1:]]) / precision[1:]
    seen = np.stack([root * rows.logits(np.append(0.0, each)) for each in both], axis=1)
    back = (root[:, None] * np.linalg.solve(inner, seen)).T
    taken = np.stack([rows.gradient(each)[1:] for each in back]) / precision[1:]
    by_cross, by_slope = both - taken
    base = slope[0] - cross[1:] @ by_slope
    base /= cross[0] + precision[0] - cross[1:] @ by_cross
    return np.append(base, by_slope - by_cross * base)


def many_columns(rows: Rows, of_leads: Floats, precision: Floats, slope: Floats) -> Floats:
    """By conjugate gradients: a round takes a look at each lead, and no memory to speak of."""
    guess = _Guess(rows, of_leads, precision)
    found, left = np.zeros_like(slope), slope.copy()
    near = guess(left)
    along, away = near, float(left @ near)
    enough = away * min(_AT_MOST, _CLOSE * math.sqrt(away)) ** 2
    for _ in range(_MOST):
        if away <= enough:
            break
        bent = rows.gradient(of_leads * rows.logits(along)) + precision * along
        far = away / (along @ bent)
        found += far * along
        left -= far * bent
        near = guess(left)
        before, away = away, float(left @ near)
        along = near + away / before * along
    return found


class _Guess:
    """The step if fields went together by what varies most in them alone: that is solved for at
    once, with the base and the rules, and the rest of each field by itself."""

    def __init__(self, rows: Rows, of_leads: Floats, precision: Floats) -> None:
        self.starts = rows.design.columns + 1
        found = [np.linalg.eigh(block) for block in rows.blocks(of_leads)]
        ridges = precision[self.starts[:-1]]
        self.ways = [ways for _, ways in found]
        self.alone = [
            1 / (bent[:-_SMOOTH] + ridge) for (bent, _), ridge in zip(found, ridges, strict=True)
        ]
        smooth = [ways[:, -_SMOOTH:] for ways in self.ways]
        widths = [each.shape[1] for each in smooth]
        self.places = np.cumsum(widths)
        seen = rows.combined(smooth)
        inner = (seen * of_leads[:, None]).T @ seen
        inner[np.diag_indices_from(inner)] += np.concatenate(
            [precision[:1], np.repeat(ridges, widths), precision[self.starts[-1] :]]
        )
        self.inverse = np.linalg.inv(inner)

    def __call__(self, slope: Floats) -> Floats:
        own = np.split(slope, self.starts)  # the base first, the rules last
        turned = [ways.T @ each for ways, each in zip(self.ways, own[1:-1], strict=True)]
        smooth = [own[0], *(each[-_SMOOTH:] for each in turned), own[-1]]
        solved = self.inverse @ np.concatenate(smooth)
        *together, rules = np.split(solved[1:], self.places)
        parts = [
            ways @ np.concatenate([each[:-_SMOOTH] * alone, some])
            for ways, each, alone, some in zip(self.ways, turned, self.alone, together, strict=True)
        ]
        return np.concatenate([solved[:1], *parts, rules])
