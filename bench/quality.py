"""Case quality: how good the win probability is on real outcomes that it was not told.

Straight on services/model; a probability that is read by HTTP comes from the same card.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench import outcomes, picture
from bench.naive import NaiveBayes
from bench.report import Figure, of_rounds
from config import ROOT
from services.model.learning import Options, Sample, learn, prior_of
from services.model.numerics.columns import Floats, attributes
from services.model.numerics.quality import auc, brier, ece
from services.rules import denied
from services.scores.card import Card, logit

_SEED = 5
_TRAINED = 0.7
_FEW, _REPEATS, _JUDGED = 300, 10, 6_000
_STEPS = range(3, 10)  # tenths of the file that are known before the next is scored


def bench_quality(path: Path, drawn: Path | None) -> Iterator[Figure]:
    """`drawn`: where the calibration of the first figures is drawn, if anywhere."""
    samples = outcomes.read(path)
    yield from _at_random(samples, drawn)
    yield from _few(samples)
    yield from _in_time(samples)
    yield from _cost(path)


def _at_random(samples: Sequence[Sample], drawn: Path | None) -> Iterator[Figure]:
    """Seven of ten at random, without window and calendar guard, age opted in."""
    mixed = np.random.default_rng(_SEED).permutation(len(samples))
    cut = int(_TRAINED * len(mixed))
    seen, unseen = ([samples[n] for n in part] for part in (mixed[:cut], mixed[cut:]))
    card = _card(seen, janela=False, guarda_calendario=False, permitidos=_ages(samples))
    logits, won = _logits(card, unseen), _won(unseen)
    if drawn:
        picture.draw(logits, won, drawn)
    yield Figure("quality, random 70/30: AUC", auc(logits, won), least=0.765)
    yield Figure("quality, random 70/30: ECE", ece(logits, won), most=0.015)
    yield Figure("quality, random 70/30: Brier score", brier(logits, won))


def _few(samples: Sequence[Sample]) -> Iterator[Figure]:
    """300 closed leads and rules that were fixed before: medians of ten draws."""
    chance = np.random.default_rng(_SEED)
    rows = [_one_few(samples, chance) for _ in range(_REPEATS)]
    rules, alone, both, bias = (list(column) for column in zip(*rows, strict=True))
    best = [max(pair) for pair in zip(rules, alone, strict=True)]
    behind = [b - each for b, each in zip(best, both, strict=True)]
    yield of_rounds("quality, 300 leads: AUC of the rules alone", rules)
    yield of_rounds("quality, 300 leads: AUC of the card alone", alone)
    yield of_rounds("quality, 300 leads: AUC of both", both)
    yield of_rounds("quality, 300 leads: AUC behind the better one", behind, most=0.02)
    yield of_rounds("quality, 300 leads: ECE of both", bias, most=0.04)


def _one_few(
    samples: Sequence[Sample], chance: np.random.Generator
) -> tuple[float, float, float, float]:
    drawn = chance.permutation(len(samples))[: _FEW + _JUDGED]
    ruled = [replace(samples[n], prior=outcomes.points(samples[n])) for n in drawn]
    seen, unseen = ruled[:_FEW], ruled[_FEW:]
    won = _won(unseen)
    alone, both = (_card(seen, proprias=own) for own in (False, True))
    logits = _logits(both, unseen)
    rules = np.array([each.prior for each in unseen], dtype=float)
    return auc(rules, won), auc(_logits(alone, unseen), won), auc(logits, won), ece(logits, won)


def _in_time(samples: Sequence[Sample]) -> Iterator[Figure]:
    """Known is what came before, scored the next tenth; seven times."""
    rows = [_step(samples, tenth) for tenth in _STEPS]
    ranks, bias, naive_ranks, naive_bias = (list(column) for column in zip(*rows, strict=True))
    mean, naive = (float(np.mean(each)) for each in (ranks, naive_ranks))
    yield Figure("quality, in time order: AUC, mean", mean, rounds=ranks, least=0.595)
    yield Figure("quality, in time order: AUC of naive Bayes, mean", naive, rounds=naive_ranks)
    yield Figure("quality, in time order: AUC ahead of it", mean - naive, least=0.03)
    yield Figure("quality, in time order: ECE, mean", float(np.mean(bias)), rounds=bias, most=0.045)
    yield Figure(
        "quality, in time order: ECE of naive Bayes, mean",
        float(np.mean(naive_bias)),
        rounds=naive_bias,
    )


def _step(samples: Sequence[Sample], tenth: int) -> tuple[float, float, float, float]:
    known, coming = (len(samples) * n // 10 for n in (tenth, tenth + 1))
    seen, unseen = samples[:known], samples[known:coming]
    won, logits = _won(unseen), _logits(_card(seen), unseen)
    naive = NaiveBayes(seen, _fair(samples))
    theirs = np.array([naive.logit(each) for each in unseen])
    return auc(logits, won), ece(logits, won), auc(theirs, won), ece(theirs, won)


def _fair(samples: Sequence[Sample]) -> list[str]:
    """The same attributes for both, except that naive Bayes has no guard of the calendar."""
    named = {campo: denied.by_name(campo) for campo in attributes(samples)}
    open_to_all = (campo for campo, why in named.items() if why in (None, denied.CALENDAR))
    return sorted(campo.removeprefix("atributos.") for campo in open_to_all)


def _ages(samples: Sequence[Sample]) -> frozenset[str]:
    found = attributes(samples)
    return frozenset(campo for campo in found if denied.by_name(campo) is denied.AGE)


def _card(
    samples: Sequence[Sample],
    *,
    janela: bool = True,
    guarda_calendario: bool = True,
    permitidos: frozenset[str] = frozenset(),
    proprias: bool = True,
) -> Card:
    now = max(each.registrado_em for each in samples)
    options = Options(janela, guarda_calendario, permitidos, None, now, proprias=proprias)
    card = learn(samples, options).card
    assert card is not None
    return card


def _logits(card: Card, samples: Sequence[Sample]) -> Floats:
    return np.array([logit(card, each.lead, prior_of(card, each.prior)) for each in samples])


def _won(samples: Sequence[Sample]) -> Floats:
    return np.array([each.ganho for each in samples], dtype=float)


def _cost(path: Path) -> Iterator[Figure]:
    """Of the latest 3,000 leads, in a process of its own."""
    found, wide = _trained(path), _trained(path, "--wide")
    yield Figure(
        "quality, 3,000 leads: peak of a process that trains", found["peak"], "MB", most=200
    )
    yield Figure("quality, 3,000 leads: training, with all its checks", found["train"], "s")
    yield Figure("quality, 3,000 leads: one fit", found["fit"], "ms")
    yield Figure("quality, 3,000 leads: scikit-learn's fit of that matrix", found["sklearn"], "ms")
    yield Figure("quality, 3,000 leads: largest difference of weights", found["apart"])
    yield Figure(
        "quality, 97 numbers more: peak of a process that trains", wide["peak"], "MB", most=200
    )
    yield Figure("quality, 97 numbers more: training, with all its checks", wide["train"], "s")


def _trained(path: Path, *more: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.training", str(path), *more]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found
