"""Lines that were skipped or rejected: why, and as they stand in the file, ready to be corrected
and sent again."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any, NamedTuple

from models.db.messages.queries import Query
from models.db.statements import fetch
from models.imports.line import LineResult
from services.imports.converting.literal import kept_from_running
from services.imports.mapping import REASON
from services.imports.seeing import Seen

# Lines hold what people wrote in a file; they are kept for as long as somebody may correct them.
KEPT = timedelta(days=7)
RESULTS = (LineResult.PULADA, LineResult.REJEITADA)
_LINES_OF_A_BLOCK = 1_000
_BOM = "\ufeff"
# Beyond the columns of a line that had too few cells. Sent again as it is, it would come in with
# what it has at the wrong places.
_INCOMPLETE = "Corrija as colunas da linha e apague esta célula."
_ERRORS = Query(
    "select linha, n, resultado, campo, codigo, mensagem, detalhe, lead_id from importacao_linhas "
    "where equipe_id = %(equipe_id)s and importacao_id = %(importacao_id)s "
    "and resultado = any(%(resultados)s) and (linha, n) > (%(linha)s, %(n)s) "
    "order by linha, n limit %(limite)s",
    {},
)
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


class LineError(NamedTuple):
    """One error of a line."""

    linha: int
    n: int
    resultado: str
    campo: str
    codigo: str
    mensagem: str
    detalhe: dict[str, Any] | None
    lead_id: int | None


def errors(
    equipe_id: int, run_id: int, results: Sequence[str], after: list[int] | None, most: int
) -> list[LineError]:
    """The errors behind a place, in the order of the file."""
    linha, n = after or (0, -1)
    asked = {"linha": linha, "n": n, "limite": most}
    rows = fetch(_ERRORS, asked | _which(equipe_id, run_id, results), equipe_id=equipe_id)
    return [LineError(*row) for row in rows]


def file_of(equipe_id: int, run: Seen, results: Sequence[str]) -> Iterator[bytes]:
    """The lines as a CSV in blocks, as the file was written, with the reasons in a last column."""
    columns = [(n, each) for n, each in enumerate(run.colunas) if each["coluna"] != REASON]
    places = [n for n, _ in columns]
    targets = [each["campo"] or "" for _, each in columns]
    names = [kept_from_running("", each["coluna"]) for _, each in columns]
    yield _written(run, [[*names, REASON]], before=_BOM)
    linha = 0
    asked = _which(equipe_id, run.id, results)
    while rows := fetch(_CELLS, {**asked, "depois_de": linha}, equipe_id=equipe_id):
        lines = [list(group) for _, group in groupby(rows, key=lambda row: row[0])]
        width = len(run.colunas)
        yield _written(run, (_corrected(line, places, targets, width) for line in lines))
        linha = rows[-1][0]


def _which(equipe_id: int, run_id: int, results: Sequence[str]) -> dict[str, Any]:
    return {"equipe_id": equipe_id, "importacao_id": run_id, "resultados": list(results)}


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


def _written(run: Seen, rows: Iterable[list[str]], *, before: str = "") -> bytes:
    file = io.StringIO(newline="")
    file.write(before)
    csv.writer(file, delimiter=run.delimitador or ";").writerows(rows)
    return file.getvalue().encode()
