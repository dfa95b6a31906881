"""Each person who sells: what they won in a period, and what they have open."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from services.metrics import durations, people, team
from services.metrics.people import Won
from services.metrics.performance import Performance, grouped, parts
from services.metrics.reading.cells import Row
from services.metrics.reading.statement import Part
from services.metrics.reading.view import View

_NOBODY = 0
_UNTIL = Part("ate_ganho", ("responsavel_id", "balde"), "meses")


def sellers(view: View) -> dict[str, Any]:
    days = view.asked.days(view.today)
    spans = {"periodo": days.numbers, "meses": days.months}
    *rows, until = view.read([*parts("responsavel_id"), _UNTIL], spans)
    groups = grouped(rows, lambda row: row.responsavel_id or _NOBODY)
    known, times = team.people(view.caller), _times(until)
    ids = people.listed(known, view.asked, groups)
    won = {each: Won(group.ganhos, group.valor_ganho) for each, group in groups.items()}
    placed = people.placed(ids, view.asked, won)
    if _NOBODY in groups:
        placed.append((None, _NOBODY))
    return {
        **view.head(),
        "periodo": days._asdict(),
        "itens": [
            people.named(known, each)
            | {"posicao": place, "ativo": known[each].ativo if each in known else None}
            | groups.get(each, Performance()).told()
            | {"tempo_ate_ganho": durations.told(times[each])}
            for place, each in placed
        ],
    }


def _times(rows: Iterable[Row]) -> dict[int, dict[int, int]]:
    """By person, how many durations are in each bucket."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for row in rows:
        found[row.responsavel_id or _NOBODY][row.balde or 0] = row.n
    return found
