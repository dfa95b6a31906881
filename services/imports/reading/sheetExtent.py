"""How far the cells of a sheet reach: asked of its XML, before anybody makes room for them."""

import re
from typing import NoReturn
from xml.parsers import expat

_DIGITS = "0123456789"
_LETTERS = re.compile(r"[A-Z]{1,3}", re.IGNORECASE)
_ROW = re.compile(r"[0-9]{1,7}")
# What a cell holds something by.
_VALUES = ("v", "is", "f")


class MalformedSheet(ValueError):
    """The XML is damaged, or names cells and sheets that there cannot be."""


class SheetExtent:
    """Of one XML part of a workbook as it is read: a part that is no sheet reaches nowhere.

    A cell counts from the first row and column on. Empty ones, which only have a format, do not.
    """

    def __init__(self) -> None:
        self.height = self.width = 0
        # The first row with a formula of which it is not saved what it came to.
        self.unsaved: int | None = None
        self._row = self._column = 0
        self._row_text = ""
        self._columns: dict[str, int] = {}
        # Whether the cell may come to nothing, and whether it has come to nothing so far.
        self._is_text = self._is_open = False
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._begin
        self._parser.StartDoctypeDeclHandler = _refuse_doctype

    def feed(self, block: bytes) -> int:
        """How many cells there may be in what was read so far. Raises MalformedSheet."""
        self._parse(block, final=False)
        return self.height * self.width

    def close(self) -> None:
        self._parse(b"", final=True)
        self._end_cell()

    def _parse(self, block: bytes, *, final: bool) -> None:
        try:
            self._parser.Parse(block, final)
        except (expat.ExpatError, LookupError) as error:  # LookupError: an encoding there is not
            raise MalformedSheet from error

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        """Of each element of a sheet: the commonest first."""
        if name == "c":
            self._begin_cell(attributes.get("r"), attributes.get("t"))
        elif name in _VALUES:
            self._reach(name)
        elif name == "row":
            self._end_cell()
            self._row_text = ""
            self._row = _number(attributes["r"]) if "r" in attributes else self._row + 1
            self._column = 0
        elif name == "extLst":
            # Lists to choose from and small charts have formulas that no cell shows.
            self._end_cell()
            self._is_text = True
        elif name == "Relationship" and _is_hidden_sheet(attributes):
            raise MalformedSheet
        elif ":" in name:
            self._begin(name.rpartition(":")[2], attributes)

    def _begin_cell(self, cell: str | None, kind: str | None) -> None:
        if self._is_open:
            self._end_cell()
        self._is_text = kind == "str"
        if cell is None:
            self._column += 1
            return
        letters = cell.rstrip(_DIGITS)
        self._column = self._columns.get(letters) or self._columns.setdefault(
            letters, _column(letters)
        )
        row = cell[len(letters) :]
        if row != self._row_text:
            self._row, self._row_text = _number(row), row

    def _reach(self, value: str) -> None:
        if self._row > self.height:
            self.height = self._row
        if self._column > self.width:
            self.width = self._column
        if value == "f":
            self._is_open = not self._is_text  # a text may have come to nothing
        elif self._is_open:
            self._parser.CharacterDataHandler = self._saved

    def _saved(self, _: str) -> None:
        self._is_open = False
        self._parser.CharacterDataHandler = None

    def _end_cell(self) -> None:
        if self._is_open:
            self.unsaved = self.unsaved or self._row
            self._is_open = False


def _column(letters: str) -> int:
    if not _LETTERS.fullmatch(letters):
        raise MalformedSheet
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _number(text: str) -> int:
    if not _ROW.fullmatch(text):
        raise MalformedSheet
    return int(text)


def _is_hidden_sheet(relationship: dict[str, str]) -> bool:
    """Whether a sheet is in a part that would not be measured."""
    target = relationship.get("Target", "")
    return relationship.get("Type", "").endswith("/worksheet") and not target.endswith(".xml")


def _refuse_doctype(*_: object) -> NoReturn:
    raise MalformedSheet
