"""Who won how much, those too who won nothing."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from services.metrics.reading.asked import Asked
from services.metrics.team import Person


class Won(NamedTuple):
    ganhos: int = 0
    valor: Decimal = Decimal(0)


def listed(people: Mapping[int, Person], asked: Asked, active: Iterable[int]) -> list[int]:
    """Whom a view of people has: each who sells, and `active`, whoever did something."""
    only = asked.dims.get("responsavel_id")
    ids = {each.id for each in people.values() if each.sells} | (set(active) & people.keys())
    return [each for each in sorted(ids) if only is None or each == only]


def placed(
    ids: Iterable[int], asked: Asked, won: Mapping[int, Won]
) -> list[tuple[int | None, int]]:
    """(place, person), the highest value first; equal values have one place. None where others'
    figures are not asked for."""
    if "responsavel_id" in asked.dims:
        return [(None, each) for each in ids]
    order = sorted(ids, key=lambda each: (-_of(won, each).valor, -_of(won, each).ganhos, each))
    values = [_of(won, each).valor for each in order]
    return [(values.index(_of(won, each).valor) + 1, each) for each in order]


def named(people: Mapping[int, Person], owner: int) -> dict[str, Any]:
    """0 is nobody."""
    person = people.get(owner)
    return {"responsavel_id": owner or None, "nome": person.nome if person else None}


def _of(won: Mapping[int, Won], person: int) -> Won:
    return won.get(person, Won())
