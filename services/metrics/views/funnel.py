"""Which stages the leads of a period have passed, and where they were lost."""

from typing import Any

from services.metrics import team
from services.metrics.reading.statement import Part
from services.metrics.reading.view import View

_PARTS = [Part(fact, ("chave",), "coorte") for fact in ("entrou", "entrou_ganho", "saiu_perdido")]


def funnel(view: View) -> dict[str, Any]:
    days = view.asked.days(view.today)
    rows = view.read(_PARTS, {"coorte": days.numbers})
    entered, won, lost = ({row.chave: row.n for row in part} for part in rows)
    return {
        **view.head(),
        "coorte": days._asdict(),
        "etapas": [
            stage.told()
            | {
                "entraram": (came := entered.get(stage.chave, 0)),
                "ganhos": (sold := won.get(stage.chave, 0)),
                "perdidos": lost.get(stage.chave, 0),
                "conversao": sold / came if came else None,
            }
            for stage in team.stages(view.caller)
        ],
    }
