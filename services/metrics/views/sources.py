"""Where leads come from, and what comes of them."""

from typing import Any

from services.metrics.performance import Performance, grouped, parts
from services.metrics.reading.statement import NAMES, OUTSIDE, Part
from services.metrics.reading.view import View
from services.metrics.words import ranked, words


def sources(view: View) -> dict[str, Any]:
    days = view.asked.days(view.today)
    asked = [*parts("origem"), Part(NAMES), Part(OUTSIDE)]
    *rows, names, outside = view.read(asked, {"periodo": days.numbers})
    groups = grouped(rows, lambda row: row.origem or "")
    known = words("origem", view.asked, names, outside)
    found = ranked(groups, {key: group.novos for key, group in groups.items()}, known)
    rest = Performance()
    for group in found.rest:
        rest.merge(group)
    return {
        **view.head(),
        "periodo": days._asdict(),
        "itens": [{"origem": known.text(key), **group.told()} for key, group in found.named],
        "outros": {"grupos": found.grupos, **rest.told()} if found.rest else None,
    }
