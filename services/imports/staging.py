"""The table that a file is copied into before anything is written: `linhas_importadas`.

COPY goes there because row-level security refuses it into the real ones. All SQL of an import is
text of ours with bound parameters; column names come from importParser.STAGED.
"""

from typing import Any

from sqlalchemy import text

from models.db import db
from models.db.statements import copy_here
from services.imports.parser import STAGED

LEAD_COLUMNS = [name for name in STAGED if name not in {"linha", "padroes"}]


def stage(equipe_id: int) -> None:
    """Create it with the leads' own types; it ends with the transaction.

    `achados`: the live leads with a key of the line; `repetida`: an earlier line has one; `campo`:
    which key that was; `padroes`: what only a default filled.
    """
    columns = ", ".join(f"l.{name}" for name in LEAD_COLUMNS)
    run(
        "create temp table linhas_importadas on commit drop as select null::int as linha, "
        f"{columns}, l.id, l.equipe_id, null::text[] as padroes, null::bigint[] as achados, "
        "null::boolean as repetida, null::text as campo, null::text[] as campos, "
        "l.etapa as de_etapa, null::boolean as excede from leads l with no data"
    )
    # Looked up once: in a default it would be looked up for every line.
    sequence = db.session.scalar(text("select pg_get_serial_sequence('leads', 'id')"))
    run(
        "alter table linhas_importadas alter repetida set default false, "
        f"alter equipe_id set default {int(equipe_id)}, "
        f"alter id set default nextval('{sequence}')"
    )


def copy(lines: Any) -> None:
    """COPY the parsed lines into it; their ids are drawn there."""
    copy_here(f"copy linhas_importadas ({', '.join(STAGED)}) from stdin", lines)


def run(statement: str, **parameters: Any) -> int:
    """Execute; the number of rows touched."""
    result = db.session.execute(text(statement), parameters)
    return int(getattr(result, "rowcount", 0))


def count(condition: str) -> int:
    """How many staged lines there are of a kind."""
    statement = text(f"select count(*) from linhas_importadas where {condition}")
    return int(db.session.scalar(statement) or 0)
