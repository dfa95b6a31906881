"""Bins in words, as a person reads them."""

from collections.abc import Sequence

MISSING = "sem valor"
OTHERS = "outros"


def between(campo: str, cuts: Sequence[float], place: int | None) -> str:
    """A bin of numbers: how many of the cuts are reached."""
    return f"{campo}: {range_of(cuts, place)}"


def category(campo: str, value: str | None, *, known: bool) -> str:
    if value is None:
        return f"{campo}: {MISSING}"
    return f"{campo}: {value if known else OTHERS}"


def range_of(cuts: Sequence[float], place: int | None) -> str:
    if place is None:
        return MISSING
    if not cuts:
        return "com valor"
    if place == 0:
        return f"menos de {number(cuts[0])}"
    if place == len(cuts):
        return f"{number(cuts[-1])} ou mais"
    return f"de {number(cuts[place - 1])} até menos de {number(cuts[place])}"


def number(value: float) -> str:
    """As it is written in Brazil, without zeros that say nothing."""
    text = f"{value:,.4f}".rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,"))
