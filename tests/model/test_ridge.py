"""The regression is what it says it is: held against scikit-learn, and against its own prior."""

from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from services.model.numerics import ridge as ridge_
from services.model.numerics.bins import Binned, all_binned
from services.model.numerics.columns import Floats, columns
from services.model.numerics.design import Design, Rows
from services.model.numerics.ridge import Penalty, fit, losses, sigmoid
from services.model.numerics.solving import few_leads, many_columns
from tests.model.closed import closed


def _leads(n: int) -> tuple[list[Binned], Floats]:
    def gaps(number: int, won: bool, dice: object) -> dict[str, str]:
        return {} if number % 3 else {"parcelas": str(number % 37)}

    samples = closed(n, gaps)
    return all_binned(columns(samples)), np.array([each.ganho for each in samples], dtype=float)


@pytest.mark.parametrize("ridge", [0.3, 3.0, 100.0])
@pytest.mark.parametrize("n", [60, 2_000])
def test_without_a_prior_the_weights_are_scikit_learns(n: int, ridge: float) -> None:
    fields, won = _leads(n)
    weights = fit(Rows(Design(fields, None, n), None, won), Penalty(ridge))
    matrix = np.hstack([each.table[each.codes] for each in fields])
    oracle = LogisticRegression(C=1 / ridge, tol=1e-11, max_iter=20_000).fit(matrix, won)
    assert np.abs(oracle.coef_[0] - weights[1:]).max() < 1e-5
    assert oracle.intercept_[0] == pytest.approx(weights[0], abs=1e-5)


def test_the_second_derivatives_are_those_of_the_matrix() -> None:
    fields, won = _leads(200)
    rules = np.random.default_rng(1).normal(size=200)
    rows = Rows(Design(fields, rules, 200), None, won)
    matrix = np.hstack([np.ones((200, 1)), *(each.table[each.codes] for each in fields)])
    matrix = np.column_stack([matrix, rules])
    weights = np.random.default_rng(2).uniform(size=200)
    assert np.allclose(rows.curvature(weights), matrix.T @ (matrix * weights[:, None]))
    assert np.allclose(rows.gradient(weights), matrix.T @ weights)


def test_at_the_best_weights_nothing_pulls() -> None:
    """With the prior of the rules and the pseudo-leads of a declared rate."""
    fields, won = _leads(150)
    rules = np.random.default_rng(1).normal(size=150)
    rows = Rows(Design(fields, rules, 150), None, won)
    best = fit(rows, Penalty(3.0, rate=0.2))

    def value(weights: Floats) -> float:
        chance = sigmoid(weights[:1])[0]
        pseudo = -2 * (0.2 * np.log(chance) + 0.8 * np.log(1 - chance))
        prior = 4 * (weights[-1] - 0.8) ** 2 / 2 + 3 * np.sum(weights[1:-1] ** 2) / 2
        return float(losses(rows.logits(weights), won).sum() + pseudo + prior)

    for place in range(len(best)):
        step = np.zeros(len(best))
        step[place] = 1e-4
        assert abs(value(best + step) - value(best - step)) / 2e-4 < 1e-4


def test_rules_count_as_expected_until_outcomes_say_otherwise() -> None:
    won = _leads(60)[1]
    nothing = Rows(Design([], np.zeros(60), 60), None, won)
    assert fit(nothing, Penalty(1.0))[-1] == pytest.approx(0.8)
    contrary = Rows(Design([], np.where(won > 0, -1.0, 1.0), 60), None, won)
    assert fit(contrary, Penalty(1.0))[-1] < 0


def test_outcomes_that_a_field_parts_perfectly_have_an_answer() -> None:
    won = np.repeat([0.0, 1.0], 50)
    code = won.astype(np.intp)
    field = Binned("x", None, ("a",), code, np.array([[-0.5, 0.5], [0.5, -0.5], [0.0, 0.0]]))
    weights = fit(Rows(Design([field], None, 100), None, won), Penalty(0.3))
    assert np.isfinite(weights).all()


@pytest.mark.parametrize("rate", [None, 0.2])
def test_however_it_is_solved_for_the_step_is_one(rate: float | None) -> None:
    fields, won = _leads(60)
    rules = np.random.default_rng(1).normal(size=60)
    rows = Rows(Design(fields, rules, 60), None, won)
    dice = np.random.default_rng(2)
    of_leads, slope = dice.uniform(size=60), dice.normal(size=rows.design.width + 1)
    precision = np.full(len(slope), 3.0)
    precision[0], precision[-1] = 1e-12 if rate is None else rate, 4.0
    whole = rows.curvature(of_leads) + np.diag(precision)
    step = np.linalg.solve(whole, slope)
    assert np.allclose(few_leads(rows, of_leads, precision, slope), step, atol=1e-9)
    # The shorter the step, the closer it is.
    for length, apart in ((1.0, 0.1), (1e-6, 1e-7)):
        found = many_columns(rows, of_leads, precision, slope * length) / length
        assert np.abs(found - step).max() < apart * np.abs(step).max()


@pytest.mark.parametrize("ridge", [0.3, 300.0])
@pytest.mark.parametrize("n", [120, 2_000])
def test_without_the_matrix_the_weights_are_the_same(
    n: int, ridge: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields, won = _leads(n)
    rows = Rows(Design(fields, np.random.default_rng(1).normal(size=n), n), None, won)
    by_matrix = fit(rows, Penalty(ridge, rate=0.3))
    asked: list[int] = []

    def without(*about: Any) -> Floats:
        asked.append(n)
        return many_columns(*about)

    monkeypatch.setattr(ridge_, "MANY", 0)
    monkeypatch.setattr(ridge_, "many_columns", without)
    assert np.abs(fit(rows, Penalty(ridge, rate=0.3)) - by_matrix).max() < 1e-9
    assert asked


def test_many_fields_weigh_what_they_do_for_scikit_learn() -> None:
    """Eighty numbers, of which each tells something of its neighbours."""

    def more(number: int, won: bool, dice: Any) -> dict[str, str]:
        shared = [dice.gauss(0, 1) for _ in range(4)]
        return {f"x{k}": f"{shared[k % 4] + dice.gauss(0.1 * won, 1):.3f}" for k in range(80)}

    samples = closed(1_500, more)
    fields = all_binned(columns(samples))
    won = np.array([each.ganho for each in samples], dtype=float)
    rows = Rows(Design(fields, None, len(won)), None, won)
    assert ridge_.MANY < rows.design.width < len(won)
    weights = fit(rows, Penalty(100.0))
    matrix = np.hstack([each.table[each.codes] for each in fields])
    oracle = LogisticRegression(C=0.01, tol=1e-9, max_iter=5_000).fit(matrix, won)
    assert np.abs(oracle.coef_[0] - weights[1:]).max() < 1e-5
