"""What an import would come to: counted over the beginning of a file, and nothing of it is left."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from models.db import db
from services.errors import Invalid
from services.imports.asked import Asked
from services.imports.atOnce import run_at_once
from services.imports.reading.files import Table
from services.imports.reading.reader import Row
from services.principal import Principal

# Lines, which take about a second.
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Counted:
    """`contadas`: how many lines the counts are of, which they sum to."""

    contadas: int
    criariam: int = 0
    atualizariam: int = 0
    iguais: int = 0
    pulariam: int = 0
    rejeitariam: int = 0


def count(caller: Principal, table: Table, asked: Asked, lines: int) -> Counted:
    """`lines`: how many the file has. Of one that would be refused whole, every line counts as
    rejected. Raises ImportRunning."""

    def first_rows() -> Iterator[Row]:
        return islice(table.rows(), MOST + 1)  # behind the header

    try:
        with db.session.begin_nested():
            run = run_at_once(caller, replace(table, rows=first_rows), asked, dry_run=True)
    except Invalid:
        few = min(lines, MOST)
        return Counted(few, rejeitariam=few)
    return Counted(
        run.linhas, run.criados, run.atualizados, run.iguais, run.pulados, run.rejeitados
    )
