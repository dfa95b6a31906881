"""The first row of a file: the names of its columns, and which rows fit beneath them."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.errors import Code, FieldError
from services.imports.reading.beginning import DELIMITERS
from services.imports.reading.reader import UnreadableFile
from utils.spreadsheets import unmarked

# Four times what a lead can hold, attributes and all. Much is built per column, so a line of commas
# is refused before any of it.
MAX_COLUMNS = 500


@dataclass(frozen=True, slots=True)
class Header:
    """The names of the columns; `width` also counts the unnamed ones at the end.

    A spreadsheet writes these where a cell beyond the table was once touched.
    """

    names: tuple[str, ...]
    width: int


def read_header(row: Sequence[str] | None) -> Header:
    """Raises UnreadableFile for what cannot be the names of columns."""
    if row is None:
        raise UnreadableFile("O arquivo está vazio.")
    if len(row) > MAX_COLUMNS:
        raise UnreadableFile(f"O cabeçalho tem {len(row)} colunas; o máximo é {MAX_COLUMNS}.")
    names = [unmarked(name.strip()) for name in row]
    while names and not names[-1]:
        names.pop()
    if len(names) == 1:
        _refuse_undivided(names[0])
    return Header(tuple(names), len(row))


def _refuse_undivided(name: str) -> None:
    """The only name must not be a line of several that were not told apart."""
    if any(delimiter in name for delimiter in DELIMITERS):
        raise UnreadableFile(
            "O cabeçalho inteiro está numa só célula: as aspas devem envolver cada célula, "
            "não a linha, e um só separador valer para o arquivo todo."
        )


def row_errors(row: Sequence[str], header: Header) -> list[FieldError]:
    """What is wrong with a row that has not one cell for each name; empty if nothing is."""
    named = len(header.names)
    if len(row) == named:
        return []
    if not named < len(row) <= header.width:
        return [_row_error(f"A linha tem {len(row)} colunas; o cabeçalho, {header.width}.")]
    for number, cell in enumerate(row[named:], named + 1):
        if cell.strip():
            return [_row_error(f"Há um valor na coluna {number}, que não tem nome no cabeçalho.")]
    return []


def _row_error(mensagem: str) -> FieldError:
    return FieldError("", Code.COLUNAS_DEMAIS, mensagem)


def is_blank(row: Sequence[str]) -> bool:
    """Whether there is nothing in a row: the formatted but empty end of a spreadsheet."""
    return not any(map(str.strip, row))
