"""A file that is looked at before it is imported: what its columns are, and what would become of
its lines. It is kept for a day, so that nobody sends it again."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from models.imports.run import ImportRun
from services import importService
from services.imports import previews, storage
from services.imports.asked import Asked
from services.imports.facts import people_by_name, team_facts
from services.imports.mapping.mappingJson import read_mapping
from services.imports.mapping.unknown import refuse_title
from services.imports.proposing.counting import Counted, count
from services.imports.proposing.proposals import as_before, propose
from services.imports.proposing.values import Known
from services.imports.reading.files import Table
from services.imports.reading.header import is_blank, read_header
from services.imports.reading.reader import Row
from services.imports.reporting.sentAgain import mapped_before
from services.imports.storage import Sent
from services.imports.writing.duplicates import Duplicates
from services.imports.writing.owners import Owners
from services.policy import require_gestor
from services.principal import Principal

# Lines whose cells say what a column is.
_LOOKED_AT = 1_000


@dataclass(frozen=True, slots=True)
class Previewed:
    """`arquivo`: how it is written, see Table.told."""

    previa: int
    expira_em: datetime
    arquivo: dict[str, Any]
    linhas: int
    colunas: list[dict[str, Any]]
    mapeamento: dict[str, Any]
    contagem: Counted


def preview_file(caller: Principal, sent: Sent, duplicates: Duplicates) -> Previewed:
    """Keep a file, and say what its import would do. Raises Forbidden, ImportRunning, and Invalid
    for one that cannot be read."""
    require_gestor(caller)
    table = importService.opened(sent)
    names, rows, lines = _looked_at(table)
    proposed = propose(names, rows, Known(team_facts(caller), people_by_name(caller)))
    proposed = as_before(proposed, mapped_before(caller.equipe_id, names))
    if proposed.recognised <= 1:
        refuse_title(names, rows, known=proposed.recognised == 1)
    kept = storage.keep(caller.equipe_id, sent)
    preview = previews.begin(caller, kept.id, proposed.mapping)
    counted = count(caller, table, Asked(proposed.mapping, duplicates), lines)
    return Previewed(
        preview.id,
        preview.expira_em,
        table.told,
        lines,
        proposed.columns,
        asdict(proposed.mapping),
        counted,
    )


def import_previewed(
    caller: Principal,
    preview_id: int,
    mapping: bytes | None,
    duplicates: Duplicates,
    owners: Owners | None = None,
    *,
    dry_run: bool = False,
    later: bool = False,
) -> ImportRun:
    """Import the file of a preview, with a mapping in JSON or the one that was proposed. What is
    refused leaves the preview as it was, and a dry run does.

    Raises NotFound, PreviewUsed, PreviewExpired, and what an import raises.
    """
    require_gestor(caller)
    preview = previews.hold(caller, preview_id)
    asked = previews.mapping_of(preview) if mapping is None else read_mapping(mapping)
    file = storage.get(caller.equipe_id, preview.arquivo_id)
    wanted = Asked(asked, duplicates, owners)
    run = importService.import_kept(caller, file, wanted, dry_run=dry_run, later=later)
    if not dry_run:
        previews.use(preview, run.id)
    return run


def _looked_at(table: Table) -> tuple[tuple[str, ...], list[Row], int]:
    """The names of a file's columns, its first rows, and how many it has."""
    rows = table.rows()
    header = read_header(next(rows, (0, None))[1])
    told = _told(rows)
    first = list(islice(told, _LOOKED_AT))
    return header.names, first, len(first) + sum(1 for _ in told)


def _told(rows: Iterable[Row]) -> Iterator[Row]:
    return (row for row in rows if not is_blank(row[1]))
