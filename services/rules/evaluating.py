"""What the rules give one lead, in Python: as the statement that scores gives it to all; and which
of it a probability may know.

Not how scores are made: for what would be, where no row may be written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Self

from services.rules import denied
from services.rules.conditions import holds, known
from services.rules.definition import Rule, RuleSet
from services.rules.fields import Lead, age_in_seconds

_DAY = 86_400  # seconds
# Points that were halved so often are none; beyond it PostgreSQL has no number for what is left.
OFTEN = 1_000
_by_name = lru_cache(maxsize=4_096)(denied.by_name)


@dataclass(frozen=True, slots=True)
class Sight:
    """Which fields the points of rules may tell a probability of. A name that is refused tells it
    nothing, whenever its rule was written. `fora`: fields that the guards of a training left out,
    each with the reason; `permitidos`: those that the gestor opted in to; `calendario`: whether
    calendar fields were free."""

    fora: Mapping[str, str] = field(default_factory=dict)
    permitidos: tuple[str, ...] = ()
    calendario: bool = False

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        return cls(kept["fora"], tuple(kept["permitidos"]), kept["calendario"])

    def refusal(self, campo: str) -> str | None:
        """Why a field tells it nothing, if so."""
        refused = _by_name(campo)
        if refused is None or self._lets(campo, refused):
            return self.fora.get(campo)
        return refused.motivo

    def sum(self, by_field: Mapping[str, float]) -> float:
        """Of points by field, those that it may know."""
        return sum(points for campo, points in by_field.items() if not self.refusal(campo))

    def _lets(self, campo: str, refused: denied.Refusal) -> bool:
        if refused is denied.CALENDAR:
            return self.calendario
        return refused.optional and campo in self.permitidos


def points_of(rules: RuleSet, lead: Lead) -> list[int]:
    """The points that each rule gives a lead, in the order of the rules."""
    return [worth(rule, lead) if holds(rule, lead) else 0 for rule in rules.regras]


def eligible(rules: RuleSet, sight: Sight) -> list[int]:
    """The places of the rules whose points a model may know: those that tell what a lead is, not
    how far the work on it has come or how old it is, by fields that are in its sight."""
    return [
        place
        for place, rule in enumerate(rules.regras)
        if _tells(rule) and not sight.refusal(rule.campo)
    ]


def prior_points(rules: RuleSet, points: Sequence[int], sight: Sight) -> int:
    """The points of eligible rules together, whatever their groups allow."""
    return sum(points[place] for place in eligible(rules, sight))


def told_of(rules: RuleSet) -> list[str | None]:
    """Of each rule its field, None where it does not tell what a lead is."""
    return [rule.campo if _tells(rule) else None for rule in rules.regras]


def by_field(told: Sequence[str | None], points: Sequence[int]) -> dict[str, int]:
    """The points of rules by what they tell of: what any sight takes its part of."""
    found: dict[str, int] = {}
    for campo, each in zip(told, points, strict=True):
        if campo and each:
            found[campo] = found.get(campo, 0) + each
    return found


def worth(rule: Rule, lead: Lead) -> int:
    """The points of a rule where it holds: those of some halve again and again."""
    if not rule.meia_vida_dias:
        return rule.pontos
    left: float = 0.5 ** min(_age(rule, lead) / rule.meia_vida_dias, OFTEN)
    # Halves go to the even number, as PostgreSQL rounds a float.
    return round(rule.pontos * left)


def _age(rule: Rule, lead: Lead) -> float:
    """Days since the instant from which the points of a rule fade."""
    since = known(rule).since
    return age_in_seconds(lead, since if lead[since] is not None else "criado_em") / _DAY


def _tells(rule: Rule) -> bool:
    """Whether a rule tells what a lead is, whatever its field is about."""
    looked_at = known(rule)
    return not (looked_at.process or looked_at.ages or rule.meia_vida_dias)
