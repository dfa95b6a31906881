"""Lines that were skipped or rejected: why, and as they stand in the file, ready to be corrected
and sent again. And of lines that were taken, what no lead in their stage has."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from typing import Any, Literal, NamedTuple

from models.db.messages.queries import Part, Query
from models.db.statements import fetch, fetch_here
from models.imports.line import LineResult
from services.imports.asked import Asked
from services.imports.converting.literal import kept_from_running
from services.imports.converting.usage import Usage
from services.imports.mapping import corrected_run, is_reason, reason_of
from services.imports.parser import File
from services.imports.reading.beginning import DELIMITERS
from services.imports.reading.header import read_header
from services.imports.reading.reader import Rows
from services.imports.report import MAX_REPORTED
from services.imports.seeing import Seen

# Lines hold what people wrote in a file; they are kept for as long as somebody may correct them.
KEPT = timedelta(days=7)
Quoting = Literal[0, 1]  # of the csv module: as few cells as possible, all
Which = Literal["pulada", "rejeitada", "importada"]
_RESULTS: dict[Which | None, tuple[LineResult, ...]] = {
    None: (LineResult.PULADA, LineResult.REJEITADA),
    "pulada": (LineResult.PULADA,),
    "rejeitada": (LineResult.REJEITADA,),
    "importada": (LineResult.CRIADA, LineResult.ATUALIZADA, LineResult.IGUAL),
}
_LINES_OF_A_BLOCK = 1_000
_BOM = "\ufeff"
# Beyond the columns of a line that had too few cells. Sent again as it is, it would come in with
# what it has at the wrong places.
_INCOMPLETE = "Corrija as colunas da linha e apague esta célula."
_ERRORS = Query(
    "select linha, n, resultado, campo, codigo, mensagem, detalhe, lead_id from importacao_linhas "
    "where equipe_id = %(equipe_id)s and importacao_id = %(importacao_id)s "
    "and resultado = any(%(resultados)s) and (linha, n) > (%(linha)s, %(n)s) and n >= %(desde)s "
    "order by linha, n limit %(limite)s",
    {},
)
_FIRST = Query(
    "select linha, campo, codigo, mensagem, detalhe from importacao_linhas "
    "where equipe_id = %(equipe_id)s and importacao_id = %(importacao_id)s "
    "and resultado = any(%(resultados)s) and n >= %(desde)s order by linha, n limit %(quantas)s",
    {"quantas": MAX_REPORTED},
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
_BEFORE = Query(
    "select usos, colunas from importacoes "
    "where equipe_id = %(equipe_id)s and id = %(importacao_id)s",
    {},
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
    equipe_id: int, run_id: int, which: Which | None, after: list[int] | None, most: int
) -> list[LineError]:
    """The errors behind a place, in the order of the file."""
    linha, n = after or (0, -1)
    asked = {"linha": linha, "n": n, "limite": most}
    rows = fetch(_ERRORS, asked | _asked(equipe_id, run_id, which), equipe_id=equipe_id)
    return [LineError(*row) for row in rows]


def first_of(equipe_id: int, run_id: int, which: Which) -> Part:
    """What is told of the first of these lines: told() makes it of a row."""
    return _FIRST, _asked(equipe_id, run_id, which)


def told(linha: int, campo: str, codigo: str, mensagem: str, detalhe: Any) -> dict[str, Any]:
    said = {"linha": linha, "campo": campo, "codigo": codigo, "mensagem": mensagem}
    return said | (detalhe or {})


def file_of(equipe_id: int, run: Seen, which: Which | None) -> Iterator[bytes]:
    """The lines as a CSV in blocks, as the file was written, with the reasons in a last column."""
    columns = [(n, each) for n, each in enumerate(run.colunas) if not is_reason(each["coluna"])]
    places = [n for n, _ in columns]
    targets = [each["campo"] or "" for _, each in columns]
    names = [kept_from_running("", each["coluna"]) for _, each in columns]
    yield _written(run, [[*names, reason_of(run.id)]], before=_BOM, quoting=_quoting(names))
    linha = 0
    asked = _asked(equipe_id, run.id, which)
    while rows := fetch(_CELLS, {**asked, "depois_de": linha}, equipe_id=equipe_id):
        lines = [list(group) for _, group in groupby(rows, key=lambda row: row[0])]
        width = len(run.colunas)
        yield _written(run, (_corrected(line, places, targets, width) for line in lines))
        linha = rows[-1][0]


def read_as_before(equipe_id: int, file: File) -> File:
    """A file of lines of an earlier import: what the others of them have shown of its columns holds
    for these, too."""
    usages, _ = _before(equipe_id, [each["coluna"] or "" for each in file.columns])
    file.expect({target: Usage(usage) for target, usage in usages.items()})
    return file


def mapped_before(equipe_id: int, names: Sequence[str]) -> dict[str, str | None]:
    """The fields that the columns of a file were in the import whose lines it corrects."""
    _, columns = _before(equipe_id, names)
    before = {each["coluna"]: each["campo"] for each in columns}
    return {name: before[name] for name in names if name in before and not is_reason(name)}


def map_as_before(equipe_id: int, rows: Rows, asked: Asked) -> Asked:
    """Columns of which nothing is asked are the fields that they were in that import."""
    names = read_header(next(rows(), (0, None))[1]).names
    colunas = asked.mapping.colunas
    before = {
        name: campo
        for name, campo in mapped_before(equipe_id, names).items()
        if name not in colunas and (campo is None or campo not in colunas.values())
    }
    return replace(asked, mapping=replace(asked.mapping, colunas={**before, **colunas}))


def _before(equipe_id: int, names: Sequence[str]) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """The usages and the columns of the import whose lines a file with these columns corrects."""
    asked = {"equipe_id": equipe_id, "importacao_id": corrected_run(names)}
    for usages, columns in fetch_here(_BEFORE, asked) if asked["importacao_id"] else ():
        return usages or {}, columns
    return {}, []


def _asked(equipe_id: int, run_id: int, which: Which | None) -> dict[str, Any]:
    asked = {"equipe_id": equipe_id, "importacao_id": run_id, "resultados": list(_RESULTS[which])}
    return asked | {"desde": 1 if which == "importada" else 0}


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
