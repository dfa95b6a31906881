"""What a spreadsheet would do with the text of a cell."""

import re

from utils.text import APOSTROPHES, UNSEEN

# Stands before a text that a cell says word for word.
MARK = "'"
_QUOTES = f'"«»“”„‹›{APOSTROPHES}'
# Full-width and small forms too: spreadsheets read them as the plain ones.
_OPERATORS = r"=+\-@＝＋－＠﹦﹢﹣﹫"
# How a text begins that may be run, for a larger pattern. Some programs skip what stands before.
RUN = rf"[{UNSEEN}{_QUOTES}]*[{_OPERATORS}]|[\t\r\n]"
_RUN = re.compile(RUN)


def runs(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula."""
    return _RUN.match(text) is not None


def unmarked(text: str) -> str:
    """A text without the mark that keeps it from running."""
    return text[1:] if text.startswith(MARK) and runs(text[1:]) else text
