"""Rows of importacao_linhas of the lines that are not taken: why, and what stands in them."""

from collections.abc import Iterable, Sequence
from itertools import batched
from typing import Any, NamedTuple

import orjson

from models.imports.line import LineResult
from services.errors import FieldError
from services.imports.writing.staging import run

_MOST = 2_000  # rows of one statement
_COLUMNS = "linha n resultado lead_id campo codigo mensagem detalhe celulas".split()
_INSERT = (
    f"insert into importacao_linhas (equipe_id, importacao_id, {', '.join(_COLUMNS)}) "
    f"select :equipe_id, :importacao_id, {', '.join(_COLUMNS)} "
    "from json_to_recordset(cast(:linhas as json)) as d(linha int, n int, resultado text, "
    "lead_id bigint, campo text, codigo text, mensagem text, detalhe jsonb, celulas jsonb)"
)


class Told(NamedTuple):
    """A line that is not taken, its cells, and the lead that it is about, if there is one."""

    linha: int
    resultado: LineResult
    errors: Sequence[FieldError]
    cells: Sequence[str]
    lead_id: int | None = None


def keep(values: dict[str, Any], told: Iterable[Told]) -> None:
    """`values`: equipe_id and importacao_id."""
    rows = (row for line in told for row in _rows(line))
    for batch in batched(rows, _MOST):
        run(_INSERT, linhas=orjson.dumps(batch).decode(), **values)


def _rows(line: Told) -> Iterable[dict[str, Any]]:
    """One for each error; the first one has the cells."""
    for n, error in enumerate(line.errors):
        offered = {"opcoes": error.opcoes, "parecido": error.parecido} if error.opcoes else None
        yield {
            "linha": line.linha,
            "n": n,
            "resultado": line.resultado,
            "lead_id": line.lead_id,
            "campo": error.campo,
            "codigo": error.codigo,
            "mensagem": error.mensagem,
            "detalhe": offered,
            # The database keeps no zero.
            "celulas": None if n else [cell.replace("\0", " ") for cell in line.cells],
        }
