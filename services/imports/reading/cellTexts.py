"""Cells of a workbook as text: what the sheet shows, written so that it can be read in one way."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any


class TypedNumber(str):
    """A number with decimals that was a number in the sheet, such as "1234.5".

    It is no other text of the same signs: what these mean is decided by the others of their column,
    and what a number means is known.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TypedNumber) and str.__eq__(self, other)

    def __hash__(self) -> int:
        return ~str.__hash__(self)


# Spreadsheets keep so many digits; of a longer number the last ones are lost.
_DIGITS = 15


def text_of(cell: Any) -> str:
    """The text of a cell as the library gives it."""
    return cell if type(cell) is str else _TEXTS[type(cell)](cell)


def _number(cell: float) -> str:
    text = f"{cell:.{_DIGITS}g}"
    # A whole number that was rounded is shown as such: 1.23456789012346E+17.
    if "e+" in text:
        return text.upper()
    if "e-" in text:
        text = format(Decimal(text), "f")
    if "." not in text:
        return text
    # Three decimals might be thousands to whoever reads it as text.
    decimals = len(text) - text.index(".") - 1
    return TypedNumber(f"{text}0" if decimals == 3 else text)


def _boolean(cell: bool) -> str:
    return "VERDADEIRO" if cell else "FALSO"


def _moment(cell: datetime) -> str:
    return cell.isoformat(" ", "seconds")


def _duration(cell: timedelta) -> str:
    minutes, seconds = divmod(int(cell.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


_TEXTS: dict[type, Callable[[Any], str]] = {
    float: _number,
    int: _number,
    bool: _boolean,
    datetime: _moment,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: _duration,
}
