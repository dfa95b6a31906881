"""Durations as the cells count them: in buckets, each a tenth higher than the one before."""

from bisect import bisect_right
from collections.abc import Mapping
from datetime import timedelta
from math import ceil
from typing import Any

# Microseconds: from a second to thousands of years, as in metricas_balde() of migration 0024.
_SECOND, _MOST = 1_000_000, 2**58
_MICROSECOND = timedelta(microseconds=1)


def _bounds() -> tuple[int, ...]:
    found = [_SECOND]
    while found[-1] < _MOST:
        found.append(found[-1] * 11 // 10)
    return tuple(found)


BOUNDS = _bounds()


def bucket(duration: timedelta) -> int:
    """In which one it is; what is negative counts as no time."""
    return bisect_right(BOUNDS, max(duration // _MICROSECOND, 0))


def told(counts: Mapping[int, int]) -> dict[str, Any]:
    """How many durations, their median and what nine of ten are within, in seconds. `counts`: how
    many are in each bucket."""
    total = sum(counts.values())
    return {"n": total, "mediana": _within(counts, total, 5), "p90": _within(counts, total, 9)}


def _within(counts: Mapping[int, int], total: int, tenths: int) -> float | None:
    """The middle of the bucket that the duration is in which so many tenths do not exceed."""
    wanted = ceil(total * tenths / 10)
    for number in sorted(counts):
        wanted -= counts[number]
        if total and wanted <= 0:
            return _middle(number)
    return None


def _middle(number: int) -> float:
    low = BOUNDS[number - 1] if number else 0
    high = BOUNDS[min(number, len(BOUNDS) - 1)]
    return (low + high) / 2 / _SECOND
