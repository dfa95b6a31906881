"""A Newton step without the matrix of second derivatives, where that one would be large."""

import numpy as np

from services.model.numerics.columns import Floats
from services.model.numerics.design import Rows

# Of the step: Newton's next one takes away what is left, and nothing sees what the last one leaves.
_CLOSE = 1e-7
_MOST = 500  # rounds: alike columns under a light penalty take some hundred


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
    """By conjugate gradients, each field solved for by itself as the first guess: a round takes a
    look at each lead, and no memory to speak of."""
    guess = _FieldByField(rows, of_leads, precision)
    found, left = np.zeros_like(slope), slope.copy()
    near = guess(left)
    along, away = near, left @ near
    enough = _CLOSE**2 * away
    for _ in range(_MOST):
        if away <= enough:
            break
        bent = rows.gradient(of_leads * rows.logits(along)) + precision * along
        far = away / (along @ bent)
        found += far * along
        left -= far * bent
        near = guess(left)
        before, away = away, left @ near
        along = near + away / before * along
    return found


class _FieldByField:
    """The step if no field had to do with another one, nor with the base or the rules."""

    def __init__(self, rows: Rows, of_leads: Floats, precision: Floats) -> None:
        self.columns = rows.design.columns + 1
        self.inverse = [
            np.linalg.inv(block + np.diag(precision[start : start + len(block)]))
            for start, block in zip(self.columns, rows.blocks(of_leads), strict=False)
        ]
        self.base = 1 / (of_leads.sum() + precision[0])
        self.rules = [] if rows.prior is None else [1 / (of_leads @ rows.prior**2 + precision[-1])]

    def __call__(self, slope: Floats) -> Floats:
        parts = [
            inverse @ slope[start : start + len(inverse)]
            for start, inverse in zip(self.columns, self.inverse, strict=False)
        ]
        return np.concatenate([[slope[0] * self.base], *parts, slope[-1:] * self.rules])
