"""The table that a file is copied into before anything is written: `linhas_importadas`.

COPY goes there because row-level security refuses it into the real ones. All SQL of an import is
text of ours with bound parameters; column names come from STAGED.
"""

import io
from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy import text

from models.db import db
from models.db.statements import copy_here

# The columns that a file fills, in the order of COPY.
STAGED = (
    "linha nome email telefone telefone_chave documento empresa cidade uf produto valor "
    "renda_mensal origem campanha etiquetas etapa motivo_perda responsavel_id "
    "proximo_contato_em ultimo_contato_em fechado_em id_externo busca atributos padroes"
).split()
LEAD_COLUMNS = [name for name in STAGED if name not in {"linha", "padroes"}]


def stage(equipe_id: int) -> None:
    """Create it with the leads' own types; it ends with the transaction.

    `padroes`: the fields and attributes that only a default filled. `achados`: how many live leads
    have a key of the line; `lead_id`: that lead, where it is one. `repetida`: an earlier line has
    one; `campo`: the field of that key. `campos`: what the line changes of its lead, whose stage
    was `de_etapa`; `excede`: its attributes would outgrow their bounds.
    """
    columns = ", ".join(f"l.{name}" for name in LEAD_COLUMNS)
    run(
        "create temp table linhas_importadas on commit drop as select null::int as linha, "
        f"{columns}, null::text[] as padroes, l.equipe_id, l.id, 0 as achados, "
        "l.id as lead_id, false as repetida, null::text as campo, null::text[] as campos, "
        "l.etapa as de_etapa, false as excede from leads l with no data"
    )
    # Looked up once: in a default it would be looked up for every line.
    sequence = db.session.scalar(text("select pg_get_serial_sequence('leads', 'id')"))
    run(
        f"alter table linhas_importadas alter equipe_id set default {int(equipe_id)}, "
        f"alter id set default nextval('{sequence}'), alter achados set default 0, "
        "alter repetida set default false, alter excede set default false"
    )


def copy(lines: Iterator[str]) -> None:
    """COPY the converted lines into it; their ids are drawn there. Raises what `lines` raises."""
    file = _Lines(lines)
    try:
        copy_here(f"copy linhas_importadas ({', '.join(STAGED)}) from stdin", file)
    except Exception as error:
        # The driver reports whatever its reader raises as a cancelled COPY.
        raise file.error or error from None


def run(statement: str, **parameters: Any) -> int:
    """Execute; the number of rows touched."""
    result = db.session.execute(text(statement), parameters)
    return int(getattr(result, "rowcount", 0))


def count(condition: str) -> int:
    """How many staged lines there are of a kind."""
    statement = text(f"select count(*) from linhas_importadas where {condition}")
    return int(db.session.scalar(statement) or 0)


class _Lines(io.TextIOBase):
    """The file that COPY reads: an iterator's lines, a block at a time."""

    _BLOCK = 512

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.error: Exception | None = None

    def read(self, _: int | None = -1) -> str:
        try:
            return "".join(islice(self._lines, self._BLOCK))
        except Exception as error:
            self.error = error
            raise
