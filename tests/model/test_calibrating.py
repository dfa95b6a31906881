"""A curve is learned where a sum of points bends away from what comes of it, and nowhere else."""

from dataclasses import replace

import numpy as np
import pytest

from services.model.numerics.calibrating import bend
from services.model.numerics.columns import Floats
from services.model.numerics.quality import ece, log_loss
from services.model.numerics.ridge import sigmoid
from services.scores.curve import Curve


def _drawn(seed: int, most: float) -> tuple[Floats, Floats]:
    """Logits and outcomes; however sure a sum is, no more than `most` of its leads are won."""
    chance = np.random.default_rng(seed)
    logits = chance.normal(-0.5, 2.0, 3_000)
    won = chance.random(3_000) < most * sigmoid(logits)
    return logits, won.astype(float)


def _along(curve: Curve, logits: Floats) -> Floats:
    return np.array([each + curve.part(each) for each in logits])


def test_what_comes_true_is_not_bent() -> None:
    logits, won = _drawn(1, 1.0)
    curve, unseen = bend(logits, won)
    assert curve is None
    assert unseen is logits


@pytest.mark.parametrize("most", [0.3, 0.5, 0.7])
def test_a_bend_is_learned_and_holds_for_other_leads(most: float) -> None:
    logits, won = _drawn(2, most)
    curve, unseen = bend(logits, won)
    assert curve is not None
    assert log_loss(unseen, won) < log_loss(logits, won)
    fresh, came = _drawn(3, most)
    said = _along(curve, fresh)
    assert log_loss(said, came) < log_loss(fresh, came)
    assert ece(said, came) < ece(fresh, came) / 2


def test_a_curve_never_turns_the_order_around() -> None:
    """Also where the surest leads are those that are lost."""
    logits, won = _drawn(4, 0.7)
    curve, _ = bend(logits, np.where(logits > 2, 0.0, won))
    assert curve is not None
    assert (np.diff(_along(curve, np.linspace(-9, 9, 400))) > 0).all()
    falling = replace(curve, inclinacao=-2.0)
    assert (np.diff(_along(falling, np.linspace(-9, 9, 400))) < 0).any()
