"""The fields of closed leads as columns: each a number or a category, as a card will read it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.model.learning import Sample
from services.rules.fields import ATTRIBUTE, MAX_LEVELS, find
from services.rules.texts import number_of, text_of
from services.scores.features import (
    CATEGORY,
    FEATURES,
    NUMBER,
    Feature,
    Tipo,
    category_of,
    find_feature,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]
LEAST_FILLED = 0.02
_NUMERIC = 0.95  # of the values have to be numbers
_DISTINCT = 10  # numbers that are few are read as categories
# One lead has at most 100 keys; a tenant whose leads all have others is not looked at key by key.
MOST_FIELDS = 300


@dataclass(frozen=True, slots=True)
class Column:
    """`values`: what the feature reads, None where there is nothing."""

    feature: Feature
    values: list[Any]

    @property
    def campo(self) -> str:
        return self.feature.campo

    @property
    def tipo(self) -> Tipo:
        return self.feature.tipo

    def filled(self) -> Bools:
        return np.array([value is not None for value in self.values], dtype=bool)

    def numbers(self) -> Floats:
        """With nan where there is nothing."""
        return np.array([np.nan if value is None else value for value in self.values], dtype=float)

    def is_constant(self) -> bool:
        """Whether all leads have the same, if anything."""
        return len(set(self.values)) <= 1

    def distinct(self) -> Counter[Any]:
        return Counter(value for value in self.values if value is not None)


def columns(samples: Sequence[Sample]) -> list[Column]:
    """By name: fields that have any value, and attributes that are not on few leads only."""
    listed = [_listed(each, samples) for each in FEATURES.values()]
    own = [_attribute(campo, samples) for campo in attributes(samples)]
    found = [each for each in listed if not each.is_constant()] + own
    return sorted(found, key=lambda each: each.campo)


def attributes(samples: Sequence[Sample]) -> set[str]:
    """The paths of attributes that enough leads have, the most common ones."""
    least = max(LEAST_FILLED * len(samples), 1)
    return {path for path, count in ranked(samples)[:MOST_FIELDS] if count >= least}


def ranked(samples: Sequence[Sample]) -> list[tuple[str, int]]:
    """All paths of attributes with how many leads have each, the most common first."""
    found: Counter[str] = Counter()
    for sample in samples:
        found.update(paths(sample))
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def paths(sample: Sample) -> Iterator[str]:
    """Of the attributes that a lead has."""
    return _paths(sample.lead["atributos"] or {}, ATTRIBUTE, 1)


def _paths(kept: Mapping[str, Any], above: str, level: int) -> Iterator[str]:
    for key, value in kept.items():
        if not key or "." in key:
            continue
        if isinstance(value, dict) and level < MAX_LEVELS:
            yield from _paths(value, f"{above}{key}.", level + 1)
        elif text_of(value):
            yield f"{above}{key}"


def _listed(feature: Feature, samples: Sequence[Sample]) -> Column:
    return Column(feature, [feature.read(each.lead) for each in samples])


def _attribute(campo: str, samples: Sequence[Sample]) -> Column:
    """Each text is looked at once, however many leads have it."""
    field = find(campo)
    texts = [field.read(each.lead) if field else None for each in samples]
    numbers = {text: number_of(text) for text in set(texts)}
    feature = _feature(campo, NUMBER if _are_numbers(texts, numbers) else CATEGORY)
    read = numbers if feature.tipo == NUMBER else {text: category_of(text) for text in numbers}
    return Column(feature, [read[text] for text in texts])


def _feature(campo: str, tipo: Tipo) -> Feature:
    found = find_feature(campo, tipo)
    if found is None:
        raise LookupError(campo)
    return found


def _are_numbers(texts: Sequence[str | None], numbers: Mapping[Any, float | None]) -> bool:
    given = [numbers[text] for text in texts if text]
    found = [number for number in given if number is not None]
    return len(found) >= _NUMERIC * len(given) and len(set(found)) > _DISTINCT
