"""Row ids inside tokens and codes."""

_MAX_DIGITS = 18  # fits a bigint whatever the digits


def as_id(text: str) -> int | None:
    """The positive number in its one spelling: no sign, no leading zero, no other script."""
    if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS and text[0] != "0":
        return int(text)
    return None
