"""Ridge logistic regression with a prior mean, by Newton's method, on binned fields."""

from dataclasses import dataclass

import numpy as np

from services.model.numerics.columns import Floats
from services.model.numerics.design import Design, Rows
from services.model.numerics.solving import few_leads, many_columns

_STEPS, _HALVINGS = 60, 30
_CLOSE = 1e-12  # what a last step may still gain per lead
PRIOR_MEAN, PRIOR_DEVIATION = 0.8, 0.5  # of the weight of one standard deviation of the rules
MANY = 600  # rows of a matrix, which take long and much memory
PSEUDO_LEADS = 2.0  # that close at the declared rate


@dataclass(frozen=True, slots=True)
class Penalty:
    """`ridge` of the weights of bins; `rate`: the declared one, which the pseudo-leads have."""

    ridge: float
    rate: float | None = None


class Problem:
    """What is made as small as can be: the leads' log-loss and the penalty."""

    def __init__(self, rows: Rows, penalty: Penalty) -> None:
        self.rows, self.rate = rows, penalty.rate
        self.precision, self.mean = _priors(rows.design, penalty.ridge)

    def start(self) -> Floats:
        """Of every lead the rate of all."""
        weights = self.mean.copy()
        pseudo = (0.5 if self.rate is None else self.rate) * PSEUDO_LEADS
        won = self.rows.won
        weights[0] = logit_of(float((won.sum() + pseudo) / (len(won) + PSEUDO_LEADS)))
        return weights

    def value(self, weights: Floats) -> float:
        loss = losses(self.rows.logits(weights), self.rows.won).sum()
        if self.rate is not None:
            pair = losses(np.full(2, weights[0]), np.array([1.0, 0.0]))
            loss += PSEUDO_LEADS * (pair[0] * self.rate + pair[1] * (1 - self.rate))
        return float(loss + 0.5 * np.sum(self.precision * (weights - self.mean) ** 2))

    def newton(self, weights: Floats) -> tuple[Floats, float]:
        """The step, and how much it promises to gain."""
        chance = sigmoid(self.rows.logits(weights))
        gradient = self.rows.gradient(chance - self.rows.won)
        gradient += self.precision * (weights - self.mean)
        pseudo = 0.0
        if self.rate is not None:
            base = float(sigmoid(weights[:1])[0])
            gradient[0] += PSEUDO_LEADS * (base - self.rate)
            pseudo = PSEUDO_LEADS * base * (1 - base)
        step = self._step(chance * (1 - chance), -gradient, pseudo)
        return step, float(-gradient @ step)

    def _step(self, of_leads: Floats, slope: Floats, pseudo: float) -> Floats:
        """Where the second derivatives take the slope to; `pseudo`: those of the pseudo-leads."""
        # Where all is certain the base has no curvature of its own.
        precision = self.precision + np.eye(1, len(self.precision))[0] * (pseudo + 1e-12)
        leads, width = len(of_leads), self.rows.design.width
        if min(leads, width) > MANY:
            return many_columns(self.rows, of_leads, precision, slope)
        if leads < width:
            return few_leads(self.rows, of_leads, precision, slope)
        second = self.rows.curvature(of_leads)
        second[np.diag_indices_from(second)] += precision
        found: Floats = np.linalg.solve(second, slope)
        return found


def fit(rows: Rows, penalty: Penalty, start: Floats | None = None) -> Floats:
    """The weights that make what happened likeliest under the penalty, which gives every design
    one best answer: the base, one per column, that of the rules last."""
    problem = Problem(rows, penalty)
    weights = problem.start() if start is None else start
    value = problem.value(weights)
    for _ in range(_STEPS):
        step, gain = problem.newton(weights)
        weights, new = _walk(problem, weights, step, value)
        if gain < _CLOSE * (len(rows.won) + 1) or new >= value:
            break
        value = new
    return weights


def _walk(problem: Problem, weights: Floats, step: Floats, value: float) -> tuple[Floats, float]:
    """As far along the step as things get better."""
    for _ in range(_HALVINGS):
        tried = weights + step
        new = problem.value(tried)
        if new <= value:
            return tried, new
        step = step / 2
    return weights, value


def _priors(design: Design, ridge: float) -> tuple[Floats, Floats]:
    """Precision and mean of each weight; the base has none."""
    precision, mean = np.full(design.width + 1, ridge), np.zeros(design.width + 1)
    precision[0] = 0.0
    if design.prior is not None:
        precision[-1], mean[-1] = PRIOR_DEVIATION**-2, PRIOR_MEAN
    return precision, mean


def sigmoid(logits: Floats) -> Floats:
    low = np.exp(-np.abs(logits))
    chance: Floats = np.where(logits >= 0, 1 / (1 + low), low / (1 + low))
    return chance


def losses(logits: Floats, won: Floats) -> Floats:
    """The log-loss of each lead."""
    found: Floats = np.logaddexp(0, np.where(won > 0, -logits, logits))
    return found


def logit_of(rate: float) -> float:
    return float(np.log(rate / (1 - rate)))
