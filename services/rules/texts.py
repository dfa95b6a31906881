"""Texts as they are compared, and texts that are numbers: the same in SQL and in Python."""

import re
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Double, case, cast, func

# A number as people and programs write it, without marks between thousands: "1.234" may be either.
_NUMBER = "^ *-?[0-9]{1,15}([.,][0-9]{1,10})? *$"
_IS_NUMBER = re.compile(_NUMBER)
# PostgreSQL folds by its locale and leaves accents: both sides go by this table, letter by letter.
_ACCENTED = {
    "a": "áàâãäå",
    "c": "ç",
    "e": "éèêë",
    "i": "íìîï",
    "n": "ñ",
    "o": "óòôõö",
    "u": "úùûü",
    "y": "ýÿ",
}
_LETTERS = {
    **{chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)},
    **{
        form: plain
        for plain, forms in _ACCENTED.items()
        for each in forms
        for form in (each, each.upper())
    },
}
_PLAIN = str.maketrans(_LETTERS)


def plain_text(text: str) -> str:
    """In lower case and without the accents of Latin letters, as plain() is in SQL."""
    return text.translate(_PLAIN)


def plain(column: ColumnElement[Any]) -> ColumnElement[str]:
    return func.translate(column, "".join(_LETTERS), "".join(_LETTERS.values()))


def as_number(text: ColumnElement[str]) -> ColumnElement[float]:
    """A text as a number, null where it is none."""
    number = cast(func.replace(text, ",", "."), Double)
    return case((text.op("~", is_comparison=True)(_NUMBER), number))


def number_of(value: Any) -> float | None:
    """The same of a scalar of JSON."""
    text = text_of(value)
    # In full: `$` alone would let the end of a line pass, which it does not in PostgreSQL.
    is_number = text is not None and _IS_NUMBER.fullmatch(text)
    return float(text.replace(",", ".")) if text is not None and is_number else None


def text_of(value: Any) -> str | None:
    """A scalar of JSON as PostgreSQL writes it; None for lists and objects."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, Decimal)):
        return f"{Decimal(str(value)):f}"
    return value if isinstance(value, str) else None
