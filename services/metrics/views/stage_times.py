"""How long leads stay in a stage: of those that left it in the months of a period."""

from collections import Counter, defaultdict
from typing import Any

from services.metrics import durations, team
from services.metrics.reading.asked import month_text
from services.metrics.reading.statement import Part
from services.metrics.reading.view import View
from services.metrics.team import StageNamed

_PARTS = (Part("permanencia", ("chave", "quando", "balde"), "meses"),)
_Months = dict[int, Counter[int]]


def time_in_stage(view: View) -> dict[str, Any]:
    days = view.asked.days(view.today)
    (rows,) = view.read(_PARTS, {"meses": days.months})
    found: dict[str, _Months] = defaultdict(lambda: defaultdict(Counter))
    for row in rows:
        found[row.chave or ""][row.quando or 0][row.balde or 0] += row.n
    return {
        **view.head(),
        "periodo": days._asdict(),
        "itens": [_stage(stage, found[stage.chave]) for stage in team.stages(view.caller)],
    }


def _stage(stage: StageNamed, months: _Months) -> dict[str, Any]:
    there = {month: counts for month, counts in sorted(months.items()) if counts.total()}
    return {
        **stage.told(),
        **durations.told(sum(there.values(), Counter[int]())),
        "por_mes": [
            {"mes": month_text(month), **durations.told(counts)} for month, counts in there.items()
        ],
    }
