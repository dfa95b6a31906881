"""What open leads are expected to bring, by the month in which they should close."""

from decimal import Decimal
from typing import Any

from models.derived.figure import NO_DAY
from services.metrics.reading.asked import month_text
from services.metrics.reading.cells import Row
from services.metrics.reading.statement import Part
from services.metrics.reading.view import View
from services.metrics.sums import rounded

_PARTS = (Part("previsto", ("quando",)),)


def forecast(view: View) -> dict[str, Any]:
    """Of now, whichever period is asked for. Raises Invalid for one that there is not."""
    view.asked.days(view.today)
    (rows,) = view.read(_PARTS, {})
    there = [row for row in rows if row.n]
    # Those that nobody has foreseen come last.
    there.sort(key=lambda row: (row.quando == NO_DAY, row.quando))
    return {**view.head(), "itens": [_expected(row) for row in there]}


def _expected(row: Row) -> dict[str, Any]:
    known = row.pesados > 0
    return {
        "mes": month_text(row.quando or 0),
        "quantidade": row.n,
        "esperado": rounded(row.ponderado) if known else None,
        "desvio": rounded(Decimal(row.variancia).sqrt()) if known else None,
    }
