"""The first row of a file: the names of its columns, and which rows fit beneath them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from services.errors import Code, FieldError
from services.imports.reading.beginning import DELIMITERS
from services.imports.reading.reader import Row, UnreadableFile
from utils.spreadsheets import unmarked

# Four times what a lead can hold, attributes and all. Much is built per column, so a line of commas
# is refused before any of it.
MAX_COLUMNS = 500
# Rows below a header of one name, and what may part them: a comma would.
_NEAR, _PARTING = 10, DELIMITERS.replace(",", "")


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


def refuse_unparted(rows: Iterator[Row]) -> None:
    """Refuse a header of one name above rows of several cells, which would all be that one's.
    `rows`: from the header on. Raises UnreadableFile."""
    header = next(rows, (0, []))[1]
    if len(header) != 1:
        return
    _refuse_undivided(header[0])
    told = ((linha, ",".join(row)) for linha, row in rows if not is_blank(row))
    if parted := _parted(list(islice(told, _NEAR))):
        linha, cells = parted
        raise UnreadableFile(
            f"O cabeçalho tem uma só coluna, e da linha {linha} em diante há {cells}. "
            "Apague as linhas acima do cabeçalho, ou separe os nomes como os valores."
        )


def _parted(rows: Sequence[tuple[int, str]]) -> tuple[int, int] | None:
    """Where a delimiter parts most rows into as many cells: the first of their lines, and how many
    cells there are."""
    for delimiter in _PARTING:
        lines: dict[int, list[int]] = {}
        for linha, text in rows:
            lines.setdefault(text.count(delimiter), []).append(linha)
        for times, found in lines.items():
            if times and len(found) * 2 > len(rows):
                return found[0], times + 1
    return None


def row_errors(row: Sequence[str], header: Header) -> list[FieldError]:
    """What is wrong with a row that has not one cell for each name, and nothing beyond; empty if
    nothing is."""
    named = len(header.names)
    if len(row) == named:
        return []
    beyond = [number for number, cell in enumerate(row, 1) if number > named and cell.strip()]
    if len(row) < named or (beyond and beyond[-1] > header.width):
        return [_row_error(f"A linha tem {len(row)} colunas; o cabeçalho, {header.width}.")]
    return [
        _row_error(f"Há um valor na coluna {number}, que não tem nome no cabeçalho.")
        for number in beyond[:1]
    ]


def _row_error(mensagem: str) -> FieldError:
    return FieldError("", Code.COLUNAS_DEMAIS, mensagem)


def is_blank(row: Sequence[str]) -> bool:
    """Whether there is nothing in a row: the formatted but empty end of a spreadsheet."""
    return not any(map(str.strip, row))
