"""Open leads whose next contact is past: whole months, days and hours before now from the cells,
and the hour that has begun from the leads themselves."""

from collections.abc import Iterable
from datetime import UTC, datetime

from models.derived.figure import NO_DAY
from services.metrics.reading.asked import month_of
from services.metrics.reading.cells import Row
from services.metrics.reading.statement import DUE, Part

# Hours, days and months as the cells number them are those of UTC.
PARTS = (
    Part("promessa_mes", (), "promessa_mes"),
    Part("promessa_dia", (), "promessa_dia"),
    Part("promessa_hora", (), "promessa_hora"),
    Part(DUE),
)
_HOUR, _DAY = 3_600, 86_400


def spans(now: datetime) -> dict[str, tuple[int, int]]:
    """What of the cells is past."""
    seconds = int(now.timestamp())
    day, hour = seconds // _DAY, seconds // _HOUR
    first = day - (now.astimezone(UTC).day - 1)
    return {
        "promessa_mes": (NO_DAY + 1, month_of(now.astimezone(UTC).date()) - 1),
        "promessa_dia": (first, day - 1),
        "promessa_hora": (day * 24, hour - 1),
    }


def this_hour(now: datetime) -> tuple[datetime, datetime]:
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0), now


def count(rows: Iterable[Iterable[Row]]) -> int:
    """From the rows of PARTS."""
    return sum(row.n for part in rows for row in part)
