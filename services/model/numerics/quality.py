"""How good probabilities are: whether they rank, and whether what they say comes true."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from services.model.numerics.columns import Floats
from services.model.numerics.ridge import losses, sigmoid

_BINS = 10
_LEAST_PER_BIN = 10
_DRAWS, _MOST_LOOKED_AT = 200, 2_000_000
_SEED = 12
_LOW, _HIGH = 0.05, 0.95  # ends of a 90 % interval


@dataclass(frozen=True, slots=True)
class Measured:
    valor: float
    de: float
    ate: float


def auc(scores: Floats, won: Floats) -> float:
    """How often a lead that was won has the higher score of two; half for equal ones. 0.5 where
    there is nothing to compare."""
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    rank = np.cumsum(count) - (count - 1) / 2
    wins = float(won.sum())
    lost = len(won) - wins
    if not wins or not lost:
        return 0.5
    return float((rank[place][won > 0].sum() - wins * (wins + 1) / 2) / (wins * lost))


def brier(logits: Floats, won: Floats) -> float:
    return float(np.mean((sigmoid(logits) - won) ** 2))


def log_loss(logits: Floats, won: Floats) -> float:
    return float(losses(logits, won).mean())


def ece(logits: Floats, won: Floats) -> float:
    """How far what is said is from what comes, over bins of equally many leads."""
    rows = calibration(logits, won)
    return float(sum(n * abs(said - came) for _, _, n, said, came in rows) / len(won))


def calibration(logits: Floats, won: Floats) -> list[tuple[float, float, int, float, float]]:
    """Per bin: least and highest probability, leads, their mean, and how many came true."""
    order = np.argsort(logits, kind="stable")
    chance, came = sigmoid(logits[order]), won[order]
    bins = max(1, min(_BINS, len(won) // _LEAST_PER_BIN))
    parts = zip(np.array_split(chance, bins), np.array_split(came, bins), strict=True)
    return [
        (float(said[0]), float(said[-1]), len(said), float(said.mean()), float(true.mean()))
        for said, true in parts
    ]


MEASURES: dict[str, Callable[[Floats, Floats], float]] = {
    "auc": auc,
    "brier": brier,
    "log_loss": log_loss,
    "ece": ece,
}


def measure(logits: Floats, won: Floats) -> dict[str, Measured]:
    """Each with the interval that nine of ten samples like this one would give. A sample drawn from
    the leads repeats some, which shows more error than there is: the interval holds the figure."""
    draws = _draws(len(won))
    found = {}
    for name, figure in MEASURES.items():
        drawn = [figure(logits[rows], won[rows]) for rows in draws]
        low, high = np.quantile(drawn, (_LOW, _HIGH))
        value = figure(logits, won)
        found[name] = Measured(value, min(float(low), value), max(float(high), value))
    return found


def _draws(leads: int) -> list[np.ndarray[tuple[int], np.dtype[np.intp]]]:
    chance = np.random.default_rng(_SEED)
    times = int(np.clip(_MOST_LOOKED_AT // leads, 50, _DRAWS))
    return [chance.integers(0, leads, leads) for _ in range(times)]
