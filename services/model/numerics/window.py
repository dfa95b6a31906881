"""Which closed leads are learned from: the recent ones, since what sells changes."""

from collections.abc import Sequence
from datetime import timedelta

from services.model.learning import Options, Sample

MOST, LEAST = 3_000, 300
MONTHS_24 = timedelta(days=730)
# Leads that were imported closed in one go have no order of time that could be gone by.
_SPREAD = timedelta(days=1)
# Without a window: more would teach nothing new, and a worker's memory has an end.
_ROOM = 60_000


def in_order(samples: Sequence[Sample]) -> list[Sample]:
    return sorted(samples, key=lambda each: (each.registrado_em, each.lead_id))


def is_dated(ordered: Sequence[Sample]) -> bool:
    """Whether the order in which they closed says anything."""
    return bool(ordered) and _span(ordered) >= _SPREAD


def recent(ordered: Sequence[Sample], options: Options) -> list[Sample]:
    """The last 3,000, or those of 24 months if that are fewer, but 300 if there are. Months count
    back from the latest: old leads that were imported are as good as they were then."""
    if not options.janela or not is_dated(ordered):
        return [*ordered[:: -(-len(ordered) // _ROOM) or 1]]
    latest = ordered[-1].registrado_em
    fresh = sum(latest - each.registrado_em <= MONTHS_24 for each in ordered)
    return [*ordered[-max(LEAST, min(MOST, fresh)) :]]


def is_long(ordered: Sequence[Sample]) -> bool:
    """Whether it shows each month twice."""
    return bool(ordered) and _span(ordered) >= MONTHS_24


def _span(ordered: Sequence[Sample]) -> timedelta:
    return ordered[-1].registrado_em - ordered[0].registrado_em
