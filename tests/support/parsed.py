"""What an import makes of a file before it meets the database: by its parser alone, for properties
that are tried on hundreds of files."""

import csv
import io
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from models.lead import CENTS
from services.imports.converting.converters import TeamFacts
from services.imports.converting.copyText import NULL, plain
from services.imports.mapping.plan import ColumnMapping
from services.imports.parser import File, Lines
from services.imports.reading.reader import read_rows
from services.imports.writing.staging import STAGED

_STAGES = {"novo": "aberta", "ganho": "ganha", "perdido": "perdida"}
TEAM = TeamFacts(
    _STAGES,
    {chave: chave for chave in _STAGES},
    {1: "gestora@exemplo.com.br"},
    None,
    "America/Sao_Paulo",
)
Parsed = tuple[dict[int, dict[str, str | None]], list[dict[str, Any]]]


def parsed(text: str) -> Parsed:
    """Values of the lines that are taken, errors of the others. Raises UnreadableFile."""

    def source() -> Iterator[str]:
        return iter(io.StringIO(text, newline=""))

    rows = partial(read_rows, source)
    file = File(rows, ColumnMapping(), TEAM)
    found = Lines()
    lines = list(file.lines(found))
    settled = file.settled()
    if settled.again:
        file, found = File(rows, ColumnMapping(), TEAM, usages=settled.usages), Lines()
        lines = list(file.lines(found))
    errors = [
        {"linha": linha, **error.shown()} for linha, told, _ in found.rejected for error in told
    ]
    rows = [dict(zip(STAGED, map(_value, line[:-1].split("\t")), strict=True)) for line in lines]
    return {int(row["linha"] or 0): row for row in rows}, errors


def _value(text: str) -> str | None:
    return None if text == NULL else plain(text)


def written(rows: Sequence[Sequence[str]], *, delimiter: str = ";", quoting: int = 0) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, quoting=quoting).writerows(rows)
    return file.getvalue()


def column(field: str, cells: Sequence[str]) -> tuple[list[str | None], set[int]]:
    """What a column's cells became, in their order, and the places of those that are refused by
    their line, field and a code."""
    rows = [["uf", field], *(["SP", cell] for cell in cells)]
    taken, errors = parsed(written(rows))
    assert all(error["campo"] == field and error["codigo"] for error in errors)
    refused = {error["linha"] - 2 for error in errors}
    assert refused.isdisjoint(line - 2 for line in taken)
    assert len(refused) + len(taken) == len(cells)
    values = [
        taken[n + 2][CENTS.get(field, field)] if n not in refused else None
        for n in range(len(cells))
    ]
    return values, refused
