"""Naive Bayes as Odoo documents it for its predictive lead scoring.

How often each value of a field was won and lost, a tenth added to each count, times how often leads
are won at all.
"""

from collections import defaultdict
from collections.abc import Sequence
from math import log

from services.model.learning import Sample

_ADDED = 0.1
_LEAST = 1e-4  # it shows no less than 0.01 %, and no more than 99.99 %

Counts = dict[str, list[float]]


class NaiveBayes:
    def __init__(self, samples: Sequence[Sample], fields: Sequence[str]) -> None:
        self.won = sum(each.ganho for each in samples)
        self.lost = len(samples) - self.won
        self.counts: dict[str, Counts] = {
            name: defaultdict(lambda: [_ADDED, _ADDED]) for name in fields
        }
        for each in samples:
            for name, counts in self.counts.items():
                counts[_value(each, name)][0 if each.ganho else 1] += 1
        self.totals = {
            name: [sum(pair[n] for pair in counts.values()) for n in (0, 1)]
            for name, counts in self.counts.items()
        }

    def logit(self, sample: Sample) -> float:
        """A value that was never seen says nothing."""
        found = log(self.won / self.lost)
        for name, counts in self.counts.items():
            value = _value(sample, name)
            if value in counts:
                won, lost = counts[value]
                all_won, all_lost = self.totals[name]
                found += log(won / all_won) - log(lost / all_lost)
        most = log((1 - _LEAST) / _LEAST)
        return max(-most, min(most, found))


def _value(sample: Sample, name: str) -> str:
    return str(sample.lead["atributos"].get(name))
