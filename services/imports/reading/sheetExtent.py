"""How far the cells of a sheet reach: asked of its XML, before anybody makes room for them."""

import re
from typing import NoReturn
from xml.parsers import expat

_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.IGNORECASE)
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
        self._row = self._column = 0
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._begin
        self._parser.StartDoctypeDeclHandler = _refuse_doctype

    def feed(self, block: bytes) -> int:
        """How many cells there may be in what was read so far. Raises MalformedSheet."""
        self._parse(block, final=False)
        return self.height * self.width

    def close(self) -> None:
        self._parse(b"", final=True)

    def _parse(self, block: bytes, *, final: bool) -> None:
        try:
            self._parser.Parse(block, final)
        except expat.ExpatError as error:
            raise MalformedSheet from error

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            self._go_to(attributes.get("r"))
        elif tag in _VALUES:
            self.height = max(self.height, self._row)
            self.width = max(self.width, self._column)
        elif tag == "row":
            self._row = _number(attributes["r"]) if "r" in attributes else self._row + 1
            self._column = 0
        elif tag == "Relationship" and _is_hidden_sheet(attributes):
            raise MalformedSheet

    def _go_to(self, cell: str | None) -> None:
        if cell is None:
            self._column += 1
            return
        found = _CELL.fullmatch(cell)
        if found is None:
            raise MalformedSheet
        self._row = int(found[2])
        self._column = 0
        for letter in found[1].upper():
            self._column = self._column * 26 + ord(letter) - 64


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
