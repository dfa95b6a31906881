"""What the rules give one lead, in Python: as the statement that scores gives it to all.

Not how scores are made: for what would be, where no row may be written.
"""

from collections.abc import Sequence

from services.rules.conditions import holds, known
from services.rules.definition import Rule, RuleSet
from services.rules.fields import Lead, age_in_seconds

_DAY = 86_400  # seconds
# Points that were halved so often are none; beyond it PostgreSQL has no number for what is left.
OFTEN = 1_000


def points_of(rules: RuleSet, lead: Lead) -> list[int]:
    """The points that each rule gives a lead, in the order of the rules."""
    return [worth(rule, lead) if holds(rule, lead) else 0 for rule in rules.regras]


def eligible(rules: RuleSet) -> list[int]:
    """The places of the rules whose points a model may learn from: those that tell what a lead is,
    not how far the work on it has come or how old it is."""
    return [place for place, rule in enumerate(rules.regras) if _is_eligible(rule)]


def prior_points(rules: RuleSet, points: Sequence[int]) -> int:
    """The points of eligible rules together, whatever their groups allow."""
    return sum(points[place] for place in eligible(rules))


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


def _is_eligible(rule: Rule) -> bool:
    field = known(rule)
    return not (field.process or field.ages or rule.meia_vida_dias)
