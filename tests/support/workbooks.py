"""Workbooks for the tests, and what may be wrong with one."""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet


def workbook(build: Callable[[Workbook], object]) -> bytes:
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        build(book)
    return file.getvalue()


def sheet_of(*rows: Sequence[Any], top: int = 0, left: int = 0) -> bytes:
    """One sheet with these rows, the first of them at a place: texts, numbers, days and instants as
    cells of their types."""

    def build(book: Workbook) -> None:
        fill(book, book.add_worksheet(), rows, top, left)

    return workbook(build)


def fill(
    book: Workbook, sheet: Worksheet, rows: Sequence[Sequence[Any]], top: int = 0, left: int = 0
) -> None:
    forms = {
        datetime: book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"}),
        date: book.add_format({"num_format": "dd/mm/yyyy"}),
    }
    for row, cells in enumerate(rows, top):
        for column, cell in enumerate(cells, left):
            if type(cell) in forms:
                sheet.write_datetime(row, column, cell, forms[type(cell)])
            elif isinstance(cell, str):
                sheet.write_string(row, column, cell)
            else:
                sheet.write(row, column, cell)


def with_part(file: bytes, name: str, content: bytes) -> bytes:
    """The archive with one part in place of what it had, or more than it had."""
    found = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as old, zipfile.ZipFile(found, "w", 8) as new:
        for each in old.infolist():
            if each.filename != name:
                new.writestr(each, old.read(each))
        new.writestr(name, content)
    return found.getvalue()


def part_of(file: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return archive.read(name)
