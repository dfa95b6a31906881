"""Lines that were skipped or rejected, and why. And of lines that were taken, what no lead in
their stage has."""

from datetime import timedelta
from typing import Any, Literal, NamedTuple

from models.db.messages.queries import Part, Query
from models.db.statements import fetch
from models.imports.line import LineResult
from services.imports.reporting.report import MAX_REPORTED

# Lines hold what people wrote in a file; they are kept for as long as somebody may correct them.
KEPT = timedelta(days=7)
Which = Literal["pulada", "rejeitada", "importada"]
_RESULTS: dict[Which | None, tuple[LineResult, ...]] = {
    None: (LineResult.PULADA, LineResult.REJEITADA),
    "pulada": (LineResult.PULADA,),
    "rejeitada": (LineResult.REJEITADA,),
    "importada": (LineResult.CRIADA, LineResult.ATUALIZADA, LineResult.IGUAL),
}
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
    rows = fetch(_ERRORS, asked | asked_of(equipe_id, run_id, which), equipe_id=equipe_id)
    return [LineError(*row) for row in rows]


def first_of(equipe_id: int, run_id: int, which: Which) -> Part:
    """What is told of the first of these lines: told() makes it of a row."""
    return _FIRST, asked_of(equipe_id, run_id, which)


def told(linha: int, campo: str, codigo: str, mensagem: str, detalhe: Any) -> dict[str, Any]:
    """One error of a line as a report says it."""
    said = {"linha": linha, "campo": campo, "codigo": codigo, "mensagem": mensagem}
    return said | (detalhe or {})


def asked_of(equipe_id: int, run_id: int, which: Which | None) -> dict[str, Any]:
    """What a query of such lines asks for. Of a line that was taken, `n` 0 is no error."""
    asked = {"equipe_id": equipe_id, "importacao_id": run_id, "resultados": list(_RESULTS[which])}
    return asked | {"desde": 1 if which == "importada" else 0}
