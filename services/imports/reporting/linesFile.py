"""Lines that were skipped or rejected as they stand in the file, each with why, to be corrected
and sent again."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, Literal

from models.db.messages.queries import Query
from models.db.statements import fetch
from services.imports.converting.literal import kept_from_running
from services.imports.mapping.reasonColumn import is_reason, reason_of
from services.imports.reading.beginning import DELIMITERS
from services.imports.reporting.lines import Which, asked_of
from services.imports.seeing import Seen

Quoting = Literal[0, 1]  # of the csv module: as few cells as possible, all
_LINES_OF_A_BLOCK = 1_000
_BOM = "\ufeff"
# Beyond the columns of a line that had too few cells. Sent again as it is, it would come in with
# what it has at the wrong places.
_INCOMPLETE = "Corrija as colunas da linha e apague esta célula."
_CELLS = Query(
    "select linha, campo, mensagem, celulas from importacao_linhas "
    "where equipe_id = %(equipe_id)s and importacao_id = %(importacao_id)s "
    "and resultado = any(%(resultados)s) and linha > %(depois_de)s and linha <= ("
    "select max(linha) from (select linha from importacao_linhas "
    "where equipe_id = %(equipe_id)s and importacao_id = %(importacao_id)s "
    "and resultado = any(%(resultados)s) and linha > %(depois_de)s and n = 0 "
    "order by linha limit %(limite)s) l) order by linha, n",
    {"limite": _LINES_OF_A_BLOCK},
)


def file_of(equipe_id: int, run: Seen, which: Which | None) -> Iterator[bytes]:
    """The lines as a CSV in blocks, as the file was written, with the reasons in a last column."""
    columns = [(n, each) for n, each in enumerate(run.colunas) if not is_reason(each["coluna"])]
    places = [n for n, _ in columns]
    targets = [each["campo"] or "" for _, each in columns]
    names = [kept_from_running("", each["coluna"]) for _, each in columns]
    yield _written(run, [[*names, reason_of(run.id)]], before=_BOM, quoting=_quoting(names))
    linha = 0
    asked = asked_of(equipe_id, run.id, which)
    while rows := fetch(_CELLS, {**asked, "depois_de": linha}, equipe_id=equipe_id):
        lines = [list(group) for _, group in groupby(rows, key=lambda row: row[0])]
        width = len(run.colunas)
        yield _written(run, (_corrected(line, places, targets, width) for line in lines))
        linha = rows[-1][0]


def _corrected(
    line: list[Any], places: Sequence[int], targets: Sequence[str], width: int
) -> list[str]:
    """The cells of a line, and why it was not taken: it may have fewer than the header, or more.
    `width`: the columns of the header."""
    cells = line[0][3]
    reasons = [f"{campo}: {mensagem}" if campo else mensagem for _, campo, mensagem, _ in line]
    kept = [cells[place] if place < len(cells) else "" for place in places]
    kept = list(map(kept_from_running, targets, kept))
    beyond = cells[width:] if len(cells) >= width else [_INCOMPLETE]
    return [*kept, " ".join(reasons), *(kept_from_running("", cell) for cell in beyond)]


def _quoting(names: Iterable[str]) -> Quoting:
    """Of a header: which delimiter is meant is read from it, where no quote is around."""
    has_another = any(sign in name for name in names for sign in DELIMITERS)
    return csv.QUOTE_ALL if has_another else csv.QUOTE_MINIMAL


def _written(
    run: Seen,
    rows: Iterable[list[str]],
    *,
    before: str = "",
    quoting: Quoting = csv.QUOTE_MINIMAL,
) -> bytes:
    file = io.StringIO(newline="")
    file.write(before)
    csv.writer(file, delimiter=run.delimitador or ";", quoting=quoting).writerows(rows)
    return file.getvalue().encode()
