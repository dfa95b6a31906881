"""Ids that other systems gave, as files and requests hand them on."""

import re

from utils.text import clean_text

# How spreadsheets and languages write a number that is too long for them. A bare "12E3" is a code
# like any other.
_ROUNDED = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+[eE][+-]?|[eE][+-])[0-9]+")
_WHOLE_DECIMAL = re.compile(r"([1-9][0-9]*)\.0")


class InvalidExternalId(ValueError):
    """The text has lost what told it from other ids."""


def normalize_external_id(text: str) -> str:
    """Return the id in NFC without blanks at its ends, nor the ".0" of a column of decimals.

    Raises InvalidExternalId for a number that was rounded ("1,23E+15"): all ids that begin alike
    have become one. Raises InvalidText as clean_text() does.
    """
    code = clean_text(text)
    if _ROUNDED.fullmatch(code):
        raise InvalidExternalId("O código foi arredondado pela planilha: faltam algarismos.")
    whole = _WHOLE_DECIMAL.fullmatch(code)
    return whole[1] if whole else code
