"""The rows of a workbook: of the first sheet that is shown, or of the one that is named.

A sheet is in memory whole, so what it takes there is measured before it is read.
"""

from collections.abc import Iterator
from functools import partial
from io import BytesIO
from typing import NamedTuple

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    WorksheetNotFound,
)

from services.errors import Code, FieldError
from services.imports.reading.archives import DAMAGED, measure
from services.imports.reading.blocks import Blocks
from services.imports.reading.cellTexts import text_of
from services.imports.reading.reader import Row, Rows, UnreadableFile
from services.imports.reading.sheetParts import parts_of

MAX_ROWS = 100_000
# More sheets than this are not listed, nor more of their names; Excel itself takes 31 characters.
_LISTED, _SHOWN = 50, 100


class Sheet(NamedTuple):
    """The rows of a sheet, how many there are below the header, what it is called, and the others
    that are shown and have cells: nothing of those is read."""

    rows: Rows
    linhas: int
    planilha: str
    outras: tuple[str, ...]


def open_workbook(blocks: Blocks, name: str | None) -> Sheet:
    """Raises UnreadableFile for a workbook that cannot be read, is too large or lacks the sheet."""
    file = BytesIO(b"".join(blocks()))
    measured = measure(file)
    file.seek(0)  # the library begins where it is
    try:
        workbook = CalamineWorkbook.from_filelike(file)
        sheet = _sheet(workbook, name)
    except WorksheetNotFound as error:
        raise UnreadableFile("A planilha não tem nenhuma aba com células.") from error
    except PasswordError as error:
        raise UnreadableFile("A planilha está protegida por senha.") from error
    except CalamineError as error:
        raise UnreadableFile(DAMAGED) from error
    except BaseException as error:
        # What the library panics with is no Exception, and its class has no other name.
        if type(error).__name__ == "PanicException":
            raise UnreadableFile(DAMAGED) from error
        raise
    if sheet.height > MAX_ROWS + 1:
        raise UnreadableFile(
            f"A aba {sheet.name} tem mais de {MAX_ROWS} linhas. Salve-a como CSV e envie."
        )
    parts = parts_of(file)
    if measured.unsaved:
        _refuse_unsaved(measured.unsaved, parts.get(sheet.name))
    others = [
        other[:_SHOWN]
        for other in _shown(workbook)
        if other != sheet.name and parts.get(other) in measured.filled
    ]
    return Sheet(
        partial(_rows, sheet), sheet.height - 1, sheet.name[:_SHOWN], tuple(others[:_LISTED])
    )


def _refuse_unsaved(unsaved: dict[str, int], part: str | None) -> None:
    """Refuse a sheet with a formula of which it is not saved what it came to; `part` is where the
    sheet is, if that is known."""
    linha = unsaved.get(part) if part else next(iter(unsaved.values()))
    if linha:
        raise UnreadableFile(
            f"Na linha {linha} há uma fórmula cujo resultado não foi salvo. "
            "Abra a planilha no Excel, salve-a e envie de novo."
        )


def _sheet(workbook: CalamineWorkbook, name: str | None) -> CalamineSheet:
    shown = _shown(workbook, name)
    wanted = name or next(iter(shown), None)
    if wanted not in shown:
        unknown = FieldError("planilha", Code.VALOR_INVALIDO, "A pasta não tem esta aba.")
        listed = ", ".join(shown)
        raise UnreadableFile(
            f"O arquivo não tem a aba pedida; tem {listed}." if shown else "O arquivo não tem aba.",
            fields=[unknown.among(name or "", shown)],
        )
    return workbook.get_sheet_by_name(str(wanted))


def _shown(workbook: CalamineWorkbook, name: str | None = None) -> list[str]:
    """The sheets that are shown, and the one of this name."""
    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet
        and (sheet.visible == SheetVisibleEnum.Visible or sheet.name == name)
    ]


def _rows(sheet: CalamineSheet) -> Iterator[Row]:
    """From the first row that has a cell, numbered as in the sheet. What cells that were merged
    show is said in each row that they go through; the header is one row."""
    header = sheet.start[0] if sheet.start else 0
    merged = _merged(sheet)
    going_on: dict[int, tuple[int, str]] = {}
    for number, cells in enumerate(sheet.iter_rows()):
        if number < header:
            continue
        texts = list(map(text_of, cells))
        if number > header and (merged or going_on):
            for place, (last, text) in going_on.items():
                texts[place] = text if number <= last else texts[place]
            going_on |= {place: (last, texts[place]) for place, last in merged.pop(number, ())}
        yield number + 1, texts


def _merged(sheet: CalamineSheet) -> dict[int, list[tuple[int, int]]]:
    """By row, the places in it of cells that were merged with those below, and their last row."""
    found: dict[int, list[tuple[int, int]]] = {}
    left = sheet.start[1] if sheet.start else 0
    for (top, column), (last, _) in sheet.merged_cell_ranges or ():
        if last > top and left <= column < left + sheet.width:
            found.setdefault(top, []).append((column - left, last))
    return found
