"""Case quality: how good the win probability is on real outcomes that it was not told.

Leads are imported, a model is trained and `probabilidade` is read over HTTP; what training takes
is measured in a process of its own.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bench import outcomes, picture
from bench.learners import Learner
from bench.naive import NaiveBayes
from bench.report import Figure, of_rounds
from bench.site import THIS_TREE, Site, open_site
from config import ROOT
from services.model.learning import Sample
from services.model.numerics.columns import Floats, attributes
from services.model.numerics.quality import auc, brier, ece, measure
from services.rules import denied

_SEED = 5
_TRAINED, _DRAWS = 0.7, 3
_FEW, _REPEATS, _JUDGED = 300, 10, 6_000
_STEPS = range(3, 10)  # tenths of the file that are known before the next is scored
# Rules that tell no lead from another: what a card says alone.
_NONE = {"base": 50, "regras": []}
_READY = {"a_partir_de": "investimentos"}
# The server starts a worker for jobs, as it does by default.
_WITH_JOBS = {"TRABALHOS_SEGUNDOS": ""}


def bench_quality(path: Path, drawn: Path | None) -> Iterator[Figure]:
    """`drawn`: where the calibration of the first figures is drawn, if anywhere."""
    samples = outcomes.read(path)
    with open_site(THIS_TREE, _WITH_JOBS) as site:
        yield from _at_random(site, samples, drawn)
        yield from _few(site, samples)
        yield from _in_time(site, samples)
    yield from _cost(path)


def _at_random(site: Site, samples: Sequence[Sample], drawn: Path | None) -> Iterator[Figure]:
    """Seven of ten at random, without window and calendar guard, age opted in."""
    chance = np.random.default_rng(_SEED)
    parts = [_divided(samples, chance) for _ in range(_DRAWS)]
    read = [(_read_at_random(site, *each), _won(each[1])) for each in parts]
    if drawn:
        picture.draw(*read[0], drawn)
    ranks, bias, squares = ([one(*each) for each in read] for one in (auc, ece, brier))
    yield of_rounds("quality, random 70/30: AUC", ranks, least=0.765)
    yield of_rounds("quality, random 70/30: ECE", bias, most=0.015)
    interval = measure(*read[0])["ece"]
    yield Figure(
        "quality, random 70/30: ECE of the first, 90 % interval",
        interval.valor,
        rounds=(interval.de, interval.ate),
    )
    yield of_rounds("quality, random 70/30: Brier score", squares)


def _divided(
    samples: Sequence[Sample], chance: np.random.Generator
) -> tuple[list[Sample], list[Sample]]:
    mixed = chance.permutation(len(samples))
    cut = int(_TRAINED * len(mixed))
    return [samples[n] for n in mixed[:cut]], [samples[n] for n in mixed[cut:]]


def _read_at_random(site: Site, seen: Sequence[Sample], unseen: Sequence[Sample]) -> Floats:
    learner = Learner(site)
    learner.permit(_ages(seen))
    learner.bring(seen, closed=True)
    learner.bring(unseen, closed=False)
    learner.train(janela=False, guarda_calendario=False)
    return learner.read(unseen)[0]


class Few(NamedTuple):
    """Of one draw of a few leads: AUCs, and the ECE of the card with the rules."""

    rules: float
    alone: float
    both: float
    ready: float
    bias: float

    @property
    def behind(self) -> float:
        return max(self.rules, self.alone) - self.both


def _few(site: Site, samples: Sequence[Sample]) -> Iterator[Figure]:
    """300 closed leads and rules that were published before: medians of ten draws."""
    chance = np.random.default_rng(_SEED)
    draws = [chance.permutation(len(samples))[: _FEW + _JUDGED] for _ in range(_REPEATS)]
    rows = [_one_few(site, [samples[n] for n in each]) for each in draws]
    behind = [each.behind for each in rows]
    lost = [each.alone - each.ready for each in rows]
    yield of_rounds("quality, 300 leads: AUC of the rules alone", [each.rules for each in rows])
    yield of_rounds("quality, 300 leads: AUC of the card alone", [each.alone for each in rows])
    yield of_rounds("quality, 300 leads: AUC of both", [each.both for each in rows])
    yield of_rounds("quality, 300 leads: AUC behind the better one", behind, most=0.02)
    yield Figure("quality, 300 leads: the same, worst draw", max(behind), most=0.02)
    yield Figure("quality, 300 leads: AUC lost by a ready set, worst", max(lost), most=0.0)
    yield of_rounds("quality, 300 leads: ECE of both", [each.bias for each in rows], most=0.04)


def _one_few(site: Site, samples: Sequence[Sample]) -> Few:
    won = _won(samples[_FEW:])
    both, rules = _read_few(site, samples, outcomes.RULES)
    alone, ready = (_read_few(site, samples, each)[0] for each in (_NONE, _READY))
    return Few(auc(rules, won), auc(alone, won), auc(both, won), auc(ready, won), ece(both, won))


def _read_few(
    site: Site, samples: Sequence[Sample], rules: dict[str, object]
) -> tuple[Floats, Floats]:
    learner = Learner(site, rules)
    learner.bring(samples[:_FEW], closed=True, dated=True)
    learner.bring(samples[_FEW:], closed=False, dated=True)
    learner.train()
    return learner.read(samples[_FEW:])


def _in_time(site: Site, samples: Sequence[Sample]) -> Iterator[Figure]:
    """Known is what came before, scored the next tenth; seven times by one tenant. The file has
    no full dates: they are spread evenly over its rows."""
    learner, known = Learner(site), 0
    rows = []
    for tenth in _STEPS:
        now, coming = (len(samples) * n // 10 for n in (tenth, tenth + 1))
        learner.bring(samples[known:now], closed=True, dated=True)
        learner.bring(samples[now:coming], closed=False, dated=True)
        learner.train()
        rows.append(_step(samples, learner, now, coming))
        known = now
    ranks, bias, naive_ranks, naive_bias = (list(column) for column in zip(*rows, strict=True))
    mean, naive = (float(np.mean(each)) for each in (ranks, naive_ranks))
    order = "quality, in time order (dates spread by row)"
    yield Figure(f"{order}: AUC, mean", mean, rounds=ranks, least=0.595)
    yield Figure(f"{order}: naive Bayes", naive, rounds=naive_ranks)
    yield Figure(f"{order}: ahead of it", mean - naive, least=0.03)
    yield Figure(f"{order}: ECE, mean", float(np.mean(bias)), rounds=bias, most=0.045)
    theirs = float(np.mean(naive_bias))
    yield Figure(f"{order}: its ECE", theirs, rounds=naive_bias)


def _step(
    samples: Sequence[Sample], learner: Learner, known: int, coming: int
) -> tuple[float, float, float, float]:
    unseen = samples[known:coming]
    won, logits = _won(unseen), learner.read(unseen)[0]
    naive = NaiveBayes(samples[:known], _fair(samples))
    theirs = np.array([naive.logit(each) for each in unseen])
    return auc(logits, won), ece(logits, won), auc(theirs, won), ece(theirs, won)


def _fair(samples: Sequence[Sample]) -> list[str]:
    """The same attributes for both, except that naive Bayes has no guard of the calendar."""
    named = {campo: denied.by_name(campo) for campo in attributes(samples)}
    open_to_all = (campo for campo, why in named.items() if why in (None, denied.CALENDAR))
    return sorted(campo.removeprefix("atributos.") for campo in open_to_all)


def _ages(samples: Sequence[Sample]) -> list[str]:
    return sorted(c for c in attributes(samples) if denied.by_name(c) is denied.AGE)


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
