"""A file as it was sent, whatever it is: a CSV in any usual encoding, or a workbook.

What its bytes are decides, not how it is called: a workbook that is sent as CSV is read as one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from services.errors import UnsupportedType
from services.imports.reading.beginning import begin
from services.imports.reading.blocks import Blocks as Blocks
from services.imports.reading.blocks import lines_of
from services.imports.reading.encodings import encoding_of
from services.imports.reading.header import refuse_unparted
from services.imports.reading.reader import Rows, read_rows
from services.imports.reading.signatures import is_zip, refuse_other_kinds
from services.imports.reading.workbooks import open_workbook

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file from its header on, each time `rows` is called, and how it is written:
    `codificacao` of a workbook is "xlsx", and it has no `delimitador`. How many `linhas` are below
    the header is known of a workbook alone; so is which sheet they are of, and which others are not
    read."""

    codificacao: str
    delimitador: str | None
    rows: Rows
    linhas: int | None = None
    planilha: str | None = None
    outras_planilhas: tuple[str, ...] = ()

    @property
    def told(self) -> dict[str, Any]:
        """What an import and a preview tell of it."""
        return {
            "codificacao": self.codificacao,
            "delimitador": self.delimitador,
            "planilha": self.planilha,
            "outras_planilhas": list(self.outras_planilhas),
        }


def open_file(
    blocks: Blocks, *, media: str, charset: str | None = None, sheet: str | None = None
) -> Table:
    """`charset` is what the sender says of a text; `sheet`, which one of a workbook is meant.

    Raises UnsupportedType for another kind of media, and UnreadableFile for a file that is none.
    """
    if media not in (CSV, XLSX):
        raise UnsupportedType(f"Envie o arquivo como {CSV} ou {XLSX}.")
    refuse_other_kinds(blocks)
    if is_zip(blocks):
        return Table("xlsx", None, *open_workbook(blocks, sheet))
    encoding = encoding_of(blocks, charset)
    source = partial(lines_of, blocks, encoding)
    rows = partial(read_rows, source)
    refuse_unparted(rows())
    return Table(encoding, begin(source()).delimiter, rows)


def whole(file: bytes) -> Blocks:
    """The one block of a file that is in memory."""

    def blocks() -> Iterator[bytes]:
        yield file

    return blocks
