"""How well a regression does on leads that it has not seen, and the penalty that does best."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from services.model.numerics.columns import Floats, Ints
from services.model.numerics.design import Design, Rows
from services.model.numerics.ridge import Penalty, fit, losses

LADDER = (300.0, 100.0, 30.0, 10.0, 3.0, 1.0, 0.3)
_FAR = 10.0  # of log-loss: so much worse, a penalty has no share
_SEED = 11
# Few leads are divided more often, many less: (up to so many, folds, repeats).
_PLANS = ((400, 5, 3), (2_000, 5, 1), (None, 3, 1))
_ENOUGH = 8_000  # to choose a penalty
_LITTLE = 0.01  # of the share of the best one


@dataclass(frozen=True, slots=True)
class Split:
    seen: Ints
    unseen: Ints


@dataclass(frozen=True, slots=True)
class Chosen:
    """`shares`: penalties and how much each counts. `unseen`: the logit of each lead by
    regressions that had not seen it, the mean of repeats."""

    shares: dict[float, float]
    unseen: Floats

    @property
    def ridge(self) -> float:
        """The one that counts most."""
        return max(self.shares, key=lambda ridge: self.shares[ridge])


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
    """By the log-loss of leads that were not seen. Penalties that do about as well are mixed: on
    few leads the very best of them is so by chance."""
    sample = _sample(len(won))
    some = splits(won if sample is None else won[sample])
    if sample is not None:
        some = [Split(sample[each.seen], sample[each.unseen]) for each in some]
    lost = _lost(design, won, rate, some)
    shares = np.exp(np.min(lost) - lost)
    kept = [(ridge, share) for ridge, share in zip(LADDER, shares, strict=True) if share > _LITTLE]
    total = sum(share for _, share in kept)
    mixed = {ridge: float(share / total) for ridge, share in kept}
    return Chosen(mixed, _unseen(design, won, rate, mixed))


def fit_mixed(rows: Rows, shares: Mapping[float, float], rate: float | None) -> Floats:
    """The mean of the weights, which gives the mean of the logits."""
    found, start = np.zeros(rows.design.width + 1), None
    for ridge, share in shares.items():
        start = fit(rows, Penalty(ridge, rate), start)
        found += share * start
    return found


def _unseen(
    design: Design, won: Floats, rate: float | None, shares: Mapping[float, float]
) -> Floats:
    total, times = np.zeros(len(won)), np.zeros(len(won))
    for split in splits(won):
        weights = fit_mixed(Rows(design, split.seen, won), shares, rate)
        total[split.unseen] += Rows(design, split.unseen, won).logits(weights)
        times[split.unseen] += 1
    mean: Floats = total / times
    return mean


def _lost(design: Design, won: Floats, rate: float | None, some: list[Split]) -> Floats:
    """The log-loss of each penalty, as if every lead had been unseen once. Once it is far from the
    best, lighter penalties are not tried: they do worse."""
    lost = np.full(len(LADDER), np.inf)
    pairs = [(Rows(design, each.seen, won), Rows(design, each.unseen, won)) for each in some]
    starts: list[Floats | None] = [None] * len(pairs)
    times = sum(len(each.unseen) for each in some) / len(won)
    for n, ridge in enumerate(LADDER):
        starts = [
            fit(rows, Penalty(ridge, rate), start)
            for (rows, _), start in zip(pairs, starts, strict=True)
        ]
        lost[n] = sum(_loss(held, start) for (_, held), start in zip(pairs, starts, strict=True))
        lost[n] /= times
        if lost[n] > lost.min() + _FAR:
            break
    return lost


def _loss(held: Rows, weights: Floats | None) -> float:
    return 0.0 if weights is None else float(losses(held.logits(weights), held.won).sum())


def _sample(leads: int) -> Ints | None:
    if leads <= _ENOUGH:
        return None
    return np.sort(np.random.default_rng(_SEED).choice(leads, _ENOUGH, replace=False))
