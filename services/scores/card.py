"""The card that a probability is read off: points for each field's bin, which add up to its logit.

logit = base + rules part + points of each field + what the curve adds to their sum; 0 points are
what the average closed lead has.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import reduce
from operator import add
from typing import Any, Self

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Double,
    FromClause,
    Text,
    case,
    cast,
    func,
    literal,
    null,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.sql.elements import Grouping

from services.rules.evaluating import Sight
from services.rules.fields import Lead
from services.scores.curve import Curve
from services.scores.doubles import double
from services.scores.features import CATEGORY, NUMBER, Feature, Tipo, find_feature
from services.scores.labels import between, category

__all__ = [
    "Card",
    "Feature",
    "find_feature",
    "from_json",
    "inputs",
    "logit_parts",
    "logit_sql",
    "sum_sql",
]
# A total of points that no closed lead came near to must not decide alone.
FURTHEST = 3.0  # standard deviations
RULES = "regras"  # the part that the tenant's rules add
CURVE = "calibragem"  # the part that the curve adds


@dataclass(frozen=True, slots=True)
class Numbers:
    """The points of a number by how many of the ascending cuts it has reached."""

    campo: str
    cortes: tuple[float, ...]
    pontos: tuple[float, ...]
    ausente: float
    tipo: Tipo = NUMBER

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        return cls(kept["campo"], tuple(kept["cortes"]), tuple(kept["pontos"]), kept["ausente"])

    def bin(self, value: float) -> int:
        return sum(cut <= value for cut in self.cortes)

    def points(self, value: float | None) -> float:
        return self.ausente if value is None else self.pontos[self.bin(value)]

    def of_bins(self) -> list[float]:
        return [*self.pontos, self.ausente]

    def reason(self, value: float | None) -> str:
        return between(self.campo, self.cortes, None if value is None else self.bin(value))

    def sql(self, value: ColumnElement[Any]) -> ColumnElement[float]:
        if not self.cortes:
            return case((value.is_not(None), double(self.pontos[0])), else_=double(self.ausente))
        place = func.width_bucket(value, _floats(self.cortes)) + 1
        return func.coalesce(_at(place, self.pontos), double(self.ausente))


@dataclass(frozen=True, slots=True)
class Categories:
    """The points of a category; `outros` are those of all that is not listed."""

    campo: str
    niveis: tuple[str, ...]
    pontos: tuple[float, ...]
    outros: float
    ausente: float
    tipo: Tipo = CATEGORY

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        lists = (tuple(kept["niveis"]), tuple(kept["pontos"]))
        return cls(kept["campo"], *lists, kept["outros"], kept["ausente"])

    def points(self, value: str | None) -> float:
        if value is None:
            return self.ausente
        found = self.niveis.index(value) if value in self.niveis else None
        return self.outros if found is None else self.pontos[found]

    def of_bins(self) -> list[float]:
        return [*self.pontos, self.outros, self.ausente]

    def reason(self, value: str | None) -> str:
        return category(self.campo, value, known=value in self.niveis)

    def sql(self, value: ColumnElement[Any]) -> ColumnElement[float]:
        # array_position() finds a null among the levels, so that the value is looked at once.
        levels = cast(array([*self.niveis, null()]), ARRAY(Text))
        place = func.array_position(levels, cast(value, Text))
        return func.coalesce(_at(place, (*self.pontos, self.ausente)), double(self.outros))


Points = Numbers | Categories


@dataclass(frozen=True, slots=True)
class Prior:
    """How the points of the tenant's rules count: `peso` per standard deviation from the mean."""

    media: float
    desvio: float
    peso: float

    def part(self, points: float) -> float:
        return self.peso * max(-FURTHEST, min(FURTHEST, (points - self.media) / self.desvio))

    def sql(self, points: ColumnElement[Any]) -> ColumnElement[float]:
        away = (cast(points, Double) - double(self.media)) / double(self.desvio)
        near = func.greatest(double(-FURTHEST), func.least(double(FURTHEST), away))
        return double(self.peso) * near


@dataclass(frozen=True, slots=True)
class Card:
    """`vista`: which fields `regras` may be told of; None of a card from before that was kept."""

    base: float
    regras: Prior | None
    campos: tuple[Points, ...]
    vista: Sight | None = None
    curva: Curve | None = None

    @property
    def sight(self) -> Sight:
        return self.vista or Sight()


def to_json(card: Card) -> dict[str, Any]:
    return asdict(card)


def from_json(kept: Mapping[str, Any]) -> Card:
    """What to_json() gave."""
    kinds: dict[str, type[Points]] = {NUMBER: Numbers, CATEGORY: Categories}
    return Card(
        base=kept["base"],
        regras=Prior(**kept["regras"]) if kept["regras"] else None,
        campos=tuple(kinds[each["tipo"]].of(each) for each in kept["campos"]),
        # Cards of before have neither.
        vista=Sight.of(kept["vista"]) if kept.get("vista") else None,
        curva=Curve.of(kept["curva"]) if kept.get("curva") else None,
    )


def inputs(card: Card) -> frozenset[str]:
    """What the card looks at beside the rules: columns of a lead or names of OTHERS."""
    return frozenset[str]().union(*(feature(each).inputs for each in card.campos))


def feature(points: Points) -> Feature:
    """The feature that these points are given for. A card holds no other."""
    found = find_feature(points.campo, points.tipo)
    if found is None:
        raise LookupError(points.campo)
    return found


def sum_sql(card: Card, leads: FromClause, prior: ColumnElement[Any]) -> ColumnElement[float]:
    """The sum of points of each row of a relation with the columns of `leads`; `prior` is what the
    rules give it (evaluating.prior_points)."""
    parts = [each.sql(feature(each).column(leads)) for each in card.campos]
    if card.regras:
        parts.insert(0, card.regras.sql(prior))
    return reduce(add, parts, double(card.base))


def logit_sql(card: Card, total: ColumnElement[Any]) -> ColumnElement[float]:
    """Of a sum of points, which is looked at more than once: a column, best."""
    return total + card.curva.sql(total) if card.curva else total


def logit(card: Card, lead: Lead, prior: float) -> float:
    return card.base + sum(value for _, _, value in logit_parts(card, lead, prior))


def logit_parts(card: Card, lead: Lead, prior: float) -> list[tuple[str, str, float]]:
    """Field, reason and logit of each part, which with the base add up to the logit."""
    parts = list(_parts(card, lead, prior))
    if card.curva:
        total = card.base + sum(value for _, _, value in parts)
        parts.append((CURVE, "Ajuste ao que se viu em leads parecidos", card.curva.part(total)))
    return parts


def _parts(card: Card, lead: Lead, prior: float) -> Iterator[tuple[str, str, float]]:
    if card.regras:
        yield RULES, "Pontos das regras da equipe", card.regras.part(prior)
    for each in card.campos:
        value = feature(each).read(lead)
        yield each.campo, each.reason(value), each.points(value)


def _at(place: ColumnElement[int], numbers: Sequence[float]) -> ColumnElement[float]:
    # In parentheses: PostgreSQL takes no index right behind a CAST.
    found: ColumnElement[float] = Grouping(_floats(numbers))[place]
    return found


def _floats(numbers: Sequence[float]) -> ColumnElement[Any]:
    return cast(array([literal(float(number)) for number in numbers]), ARRAY(Double))
