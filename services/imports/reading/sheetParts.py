"""Which part of a workbook each sheet is in. Its XML was measured before (see archives)."""

import posixpath
from io import BytesIO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

_WORKBOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
# The name of an element, and its attributes.
_Element = tuple[str, dict[str, str]]


def parts_of(file: BytesIO) -> dict[str, str]:
    """The parts by the names of their sheets, as far as the workbook says."""
    try:
        with ZipFile(file) as archive:
            workbook, links = (_elements(archive.read(part)) for part in (_WORKBOOK, _LINKS))
    except (KeyError, BadZipFile):
        return {}
    targets = {each.get("Id"): each.get("Target") for _, each in links}
    found: dict[str, str] = {}
    for tag, each in workbook:
        target = targets.get(_link_of(each)) if tag == "sheet" else None
        if target:
            # It is named from its folder on, or from the root.
            part = posixpath.normpath(posixpath.join("/xl", target))[1:]
            found.setdefault(each.get("name", ""), part)
    return found


def _link_of(sheet: dict[str, str]) -> str | None:
    return next((said for name, said in sheet.items() if name.endswith(":id")), None)


def _elements(xml: bytes) -> list[_Element]:
    found: list[_Element] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: found.append(
        (name.rpartition(":")[2], attributes)
    )
    parser.Parse(xml, True)
    return found
