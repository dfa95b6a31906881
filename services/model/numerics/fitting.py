"""The card that closed leads give, with and without the rules, and how it does on unseen leads."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from services.model.numerics.bins import Binned
from services.model.numerics.columns import Floats
from services.model.numerics.design import Design, Rows
from services.model.numerics.folds import Chosen, choose, fit_mixed
from services.model.numerics.ridge import losses
from services.scores.card import FURTHEST, Card, Points, Prior

# How much better than without them the card with the rules is taken to be before anything is seen.
_TRUST = 1.0  # of log-loss
_NOTHING = 1e-3  # points of a bin that no probability shows


@dataclass(frozen=True, slots=True)
class Standard:
    """The points of the tenant's rules, in deviations from their mean."""

    media: float
    desvio: float
    values: Floats = field(repr=False)


@dataclass(frozen=True, slots=True)
class Fitted:
    """`unseen`: the logit of each lead by cards that had not seen it."""

    card: Card
    unseen: Floats
    parametros: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class _Half:
    """A regression with the rules' points or without them."""

    base: float
    bins: Floats
    peso: float
    chosen: Chosen


def fit_card(
    fields: Sequence[Binned], won: Floats, rules: Standard | None, rate: float | None
) -> Fitted:
    """Both regressions, mixed by how well each does on leads that it has not seen."""
    plain = _half(Design(fields, None, len(won)), won, rate)
    if rules is None:
        return _mixed(fields, plain, plain, 0.0, None)
    ruled = _half(Design(fields, rules.values, len(won)), won, rate)
    lost = [float(losses(each.chosen.unseen, won).sum()) for each in (ruled, plain)]
    away = float(np.clip(lost[0] - lost[1] - _TRUST, -50, 50))
    return _mixed(fields, ruled, plain, 1 / (1 + float(np.exp(away))), rules)


def _half(design: Design, won: Floats, rate: float | None) -> _Half:
    chosen = choose(design, won, rate)
    weights = fit_mixed(Rows(design, None, won), chosen.shares, rate)
    peso = 0.0 if design.prior is None else float(weights[-1])
    return _Half(float(weights[0]), design.points(weights[1:]), peso, chosen)


def _mixed(
    fields: Sequence[Binned], ruled: _Half, plain: _Half, share: float, rules: Standard | None
) -> Fitted:
    base = share * ruled.base + (1 - share) * plain.base
    bins = share * ruled.bins + (1 - share) * plain.bins
    prior = Prior(rules.media, rules.desvio, share * ruled.peso) if rules else None
    unseen = share * ruled.chosen.unseen + (1 - share) * plain.chosen.unseen
    return Fitted(
        Card(base, prior, tuple(_points(fields, bins))),
        unseen,
        {
            "lambda": plain.chosen.ridge,
            "lambda_com_regras": ruled.chosen.ridge if rules else None,
            "peso_das_regras": round(share, 4),
        },
    )


def _points(fields: Sequence[Binned], bins: Floats) -> list[Points]:
    """By field; one whose bins hardly differ is left out."""
    parts = np.split(bins, np.cumsum([each.bins for each in fields])[:-1]) if fields else []
    return [
        each.points(points)
        for each, points in zip(fields, parts, strict=True)
        if np.abs(points).max() >= _NOTHING
    ]


def standard(points: Sequence[float | None], known: tuple[float, float] | None) -> Standard | None:
    """None where the rules tell no lead from another. `known`: mean and deviation over all
    leads."""
    given = np.array([np.nan if each is None else each for each in points], dtype=float)
    there = given[~np.isnan(given)]
    if known is None and not len(there):
        return None
    media, desvio = known or (float(there.mean()), float(there.std()))
    if not desvio > 0:
        return None
    away = np.where(np.isnan(given), 0.0, (given - media) / desvio)
    return Standard(media, desvio, np.clip(away, -FURTHEST, FURTHEST))
