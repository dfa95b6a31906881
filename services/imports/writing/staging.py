"""The table that a file is copied into before anything is written: `linhas_importadas`.

COPY goes there because row-level security refuses it into the real ones. All SQL of an import is
text of ours with bound parameters; column names come from STAGED.
"""

import io
from collections.abc import Iterable, Iterator
from itertools import batched, islice
from typing import Any

from sqlalchemy import text

from models.db import db
from models.db.statements import copy_here, count_here
from models.lead import FIELD_OF_CENTS, FOLDED
from services.leads.duplicates import KEYS

# The columns that a file fills, in the order of COPY.
STAGED = (
    "linha nome email telefone telefone_chave documento empresa cidade uf produto produto_chave "
    "valor_centavos renda_centavos origem origem_chave campanha etiquetas etapa motivo_perda "
    "responsavel_id proximo_contato_em ultimo_contato_em fechado_em previsto_para nao_contatar_em "
    "id_externo criado_em busca atributos padroes contatos"
).split()
_BATCH = 20_000
LEAD_COLUMNS = [name for name in STAGED if name not in {"linha", "padroes", "contatos"}]
# What a line and its lead are compared by, field by field; attributes are merged, and the others
# follow from these.
_FOLLOWING = {"telefone_chave", "busca", "atributos", *FOLDED.values()}
COMPARED = [name for name in LEAD_COLUMNS if name not in _FOLLOWING]
# The field of a column that is named otherwise.
FIELD_OF = FIELD_OF_CENTS | KEYS
# Lines that become leads.
NEW = "motivo is null and lead_id is null"
# A line `t` that is taken for the lead `l` that it is about.
MATCHED = "l.equipe_id = :equipe_id and l.id = t.lead_id and t.motivo is null"
# The stage that such a line leaves its lead in.
STAGE = "coalesce(t.etapa, l.etapa)"
CHANGED = "cardinality(campos) > 0"
UNCHANGED = "campos = '{}'"


def stage(equipe_id: int) -> None:
    """Create it with the leads' own types; it ends with the transaction.

    `padroes`: the fields and attributes that only a default filled. `contatos`: those beside the
    principal ones (contacts). `chaves`: hashes of the line's keys. `lead_id`: the one live lead
    that has a key of the line, `achadas`, by which of them, and `pelo_campo`, the field of the
    first; `nossa`, the rank of the first by which the line is about a lead that an earlier batch
    has made. `motivo`: why the line is not taken (verdicts), and `campo`, the field that it is
    about. `caidos`: the fields of which the line says what the lead's stage does not take.
    `campos`: what the line changes of its lead, whose stage was `de_etapa`.
    """
    columns = ", ".join(f"l.{name}" for name in LEAD_COLUMNS)
    run(
        "create temp table linhas_importadas on commit drop as select null::int as linha, "
        f"{columns}, null::text[] as padroes, null::text[] as contatos, "
        "l.equipe_id, l.id, l.id as lead_id, "
        "null::bigint[] as achadas, null::int as nossa, null::bigint[] as chaves, "
        "null::text as pelo_campo, "
        "null::text as motivo, null::text as campo, null::text[] as caidos, "
        "null::text[] as campos, l.etapa as de_etapa "
        "from leads l with no data"
    )
    # Looked up once: in a default it would be looked up for every line.
    sequence = db.session.scalar(text("select pg_get_serial_sequence('leads', 'id')"))
    run(
        f"alter table linhas_importadas alter equipe_id set default {int(equipe_id)}, "
        f"alter id set default nextval('{sequence}')"
    )


def empty() -> None:
    """Begin again with a file that has to be read once more."""
    run("truncate linhas_importadas")


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
    return count_here(text(statement), parameters)


def stream(statement: str, **parameters: Any) -> Iterator[Any]:
    """Rows as they come: there may be as many as the file has lines."""
    options = {"yield_per": _BATCH}
    return iter(db.session.execute(text(statement), parameters, execution_options=options))


def set_by_line(assignments: str, values: Iterable[tuple[int, str | None]]) -> None:
    """Set columns of single lines, many at a time; in `assignments` a line's value is `d.valor`."""
    for batch in batched(values, _BATCH):
        linhas, valores = zip(*batch, strict=True)
        run(
            f"update linhas_importadas t set {assignments} from unnest(cast(:linhas as int[]), "
            "cast(:valores as text[])) as d(linha, valor) where d.linha = t.linha",
            linhas=list(linhas),
            valores=list(valores),
        )


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
