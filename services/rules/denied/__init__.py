"""What a model may not learn from, by the name of a field and by what its values are.

Protected traits and what points at one person are never learned from. Age, fine place and what is
likely written after the outcome are, if a gestor opts in with a reason.
"""

from services.rules.denied.names import by_name
from services.rules.denied.refusals import AGE, CALENDAR, PLACE, Refusal
from services.rules.denied.values import by_numbers, by_values

__all__ = ["AGE", "CALENDAR", "PLACE", "Refusal", "by_name", "by_numbers", "by_values"]
