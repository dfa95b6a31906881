"""Day by day."""

from typing import Any

from services.metrics.movements import Movements, parts
from services.metrics.reading.view import View


def series(view: View) -> dict[str, Any]:
    days = view.asked.days(view.today)
    moves = Movements(view.read(parts("periodo"), {"periodo": days.numbers}))
    return {**view.head(), "periodo": days._asdict(), "itens": moves.series(days)}
