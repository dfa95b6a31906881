"""How well a regression does on leads that it has not seen, and the penalty that does best."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from services.model.columns import Floats, Ints
from services.model.design import Design, Rows
from services.model.ridge import Penalty, fit, losses

LADDER = (100.0, 30.0, 10.0, 3.0, 1.0, 0.3)
_SEED = 11
# Few leads are divided more often, many less: (up to so many, folds, repeats).
_PLANS = ((400, 5, 3), (2_000, 5, 1), (None, 3, 1))
_ENOUGH = 8_000  # to choose a penalty


@dataclass(frozen=True, slots=True)
class Split:
    seen: Ints
    unseen: Ints


@dataclass(frozen=True, slots=True)
class Chosen:
    """`unseen`: the logit of each lead by regressions that had not seen it, the mean of repeats."""

    ridge: float
    unseen: Floats


def splits(won: Floats) -> list[Split]:
    """Each class is spread evenly over the folds; the same leads are always divided alike."""
    folds, repeats = next(
        (folds, repeats) for most, folds, repeats in _PLANS if most is None or len(won) <= most
    )
    shuffle = np.random.default_rng(_SEED)
    return [each for _ in range(repeats) for each in _once(won, folds, shuffle)]


def _once(won: Floats, folds: int, shuffle: np.random.Generator) -> Iterator[Split]:
    mixed = shuffle.permutation(len(won))
    by_class = mixed[np.argsort(won[mixed], kind="stable")]
    fold = np.empty(len(won), dtype=np.intp)
    fold[by_class] = np.arange(len(won)) % folds
    for n in range(folds):
        yield Split(np.flatnonzero(fold != n), np.flatnonzero(fold == n))


def choose(design: Design, won: Floats, rate: float | None) -> Chosen:
    """By the log-loss of leads that were not seen."""
    sample = _sample(len(won))
    some = splits(won if sample is None else won[sample])
    if sample is not None:
        some = [Split(sample[each.seen], sample[each.unseen]) for each in some]
    ridge = _best(design, won, rate, some)
    return Chosen(ridge, unseen(design, won, Penalty(ridge, rate)))


def unseen(design: Design, won: Floats, penalty: Penalty) -> Floats:
    total, times = np.zeros(len(won)), np.zeros(len(won))
    for split in splits(won):
        weights = fit(Rows(design, split.seen, won), penalty)
        total[split.unseen] += Rows(design, split.unseen, won).logits(weights)
        times[split.unseen] += 1
    mean: Floats = total / times
    return mean


def _best(design: Design, won: Floats, rate: float | None, some: list[Split]) -> float:
    lost = np.zeros(len(LADDER))
    for split in some:
        rows, start = Rows(design, split.seen, won), None
        held = Rows(design, split.unseen, won)
        for n, ridge in enumerate(LADDER):
            start = fit(rows, Penalty(ridge, rate), start)
            lost[n] += losses(held.logits(start), held.won).sum()
    return LADDER[int(np.argmin(lost))]


def _sample(leads: int) -> Ints | None:
    if leads <= _ENOUGH:
        return None
    return np.sort(np.random.default_rng(_SEED).choice(leads, _ENOUGH, replace=False))
