"""Which part of a workbook a sheet is in. Its XML was measured before (see archives)."""

import posixpath
from io import BytesIO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

_WORKBOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
# The name of an element, and its attributes.
_Element = tuple[str, dict[str, str]]


def part_of(file: BytesIO, sheet: str) -> str | None:
    """The part's name; None where the workbook does not say."""
    try:
        with ZipFile(file) as archive:
            workbook, links = (_elements(archive.read(part)) for part in (_WORKBOOK, _LINKS))
    except (KeyError, BadZipFile):
        return None
    named = (each for tag, each in workbook if tag == "sheet" and each.get("name") == sheet)
    ids = {said for name, said in next(named, {}).items() if name.endswith(":id")}
    targets = (each.get("Target") for tag, each in links if each.get("Id") in ids)
    target = next(targets, None)
    # It is named from its folder on, or from the root.
    return posixpath.normpath(posixpath.join("/xl", target))[1:] if target else None


def _elements(xml: bytes) -> list[_Element]:
    found: list[_Element] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: found.append(
        (name.rpartition(":")[2], attributes)
    )
    parser.Parse(xml, True)
    return found
