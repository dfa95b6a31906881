"""A workbook: numbers and dates by their type, and all texts as texts, which nothing runs.

It is written as a whole, row by row: its parts are only put together at its end.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter

from services.errors import Code, invalid_field
from services.exports import kinds
from services.exports.columns import DAYS, MONEY, NUMBERS

# As many as an import takes of one.
MAX_ROWS = 100_000
_DIGITS = 15  # that a workbook keeps of a number
_TEXTS = {f"strings_to_{kind}": False for kind in ("formulas", "numbers", "urls")}

# Writes a cell at a row and a column.
Writer = Callable[[int, int, str], object]


def write(file: IO[bytes], names: Sequence[str], rows: Iterable[list[str]]) -> None:
    """Raises Invalid for too many rows."""
    with xlsxwriter.Workbook(file, {"constant_memory": True, **_TEXTS}) as workbook:
        sheet = _Sheet(workbook, names)
        for number, row in enumerate(rows, 1):
            if number > MAX_ROWS:
                raise invalid_field("formato", Code.VALOR_INVALIDO, _TOO_MANY)
            sheet.write(number, row)


_TOO_MANY = f"Uma planilha tem até {MAX_ROWS} leads: use formato=csv ou excel, ou mais filtros."


class _Sheet:
    def __init__(self, workbook: Any, names: Sequence[str]) -> None:
        self._sheet = workbook.add_worksheet("Leads")
        self._money = workbook.add_format({"num_format": "#,##0.00"})
        self._day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        self._moment = workbook.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        self._of_column = [self._writer(name) for name in names]
        self._sheet.freeze_panes(1, 0)
        for column, name in enumerate(names):
            self._sheet.write_string(0, column, name)

    def write(self, number: int, row: list[str]) -> None:
        for column, cell in enumerate(row):
            if cell:
                self._of_column[column](number, column, cell)

    def _writer(self, name: str) -> Writer:
        if name in DAYS:
            return lambda row, column, cell: self._sheet.write_datetime(
                row, column, date.fromisoformat(cell), self._day
            )
        if name in MONEY:
            return lambda row, column, cell: self._number(row, column, cell, self._money)
        return self._number if name in NUMBERS else self._by_sign

    def _by_sign(self, row: int, column: int, cell: str) -> None:
        """A cell that says what it is."""
        if cell.startswith(kinds.NUMBER):
            self._number(row, column, cell[kinds.LENGTH :])
        elif cell.startswith(kinds.INSTANT):
            self._instant(row, column, cell[kinds.LENGTH :])
        else:
            self._sheet.write_string(row, column, cell.lstrip(kinds.CHARACTERS))

    def _number(self, row: int, column: int, cell: str, form: Any = None) -> None:
        if len(cell) > _DIGITS + 2:  # with its sign and its point
            self._sheet.write_string(row, column, cell)
        else:
            self._sheet.write_number(row, column, float(cell), form)

    def _instant(self, row: int, column: int, cell: str) -> None:
        """Local time has a type; with an offset it is what a type cannot say."""
        instant = datetime.fromisoformat(cell)
        if instant.tzinfo is None:
            self._sheet.write_datetime(row, column, instant, self._moment)
        else:
            self._sheet.write_string(row, column, cell)
