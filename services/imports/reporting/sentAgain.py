"""A file of rejected lines that comes back corrected: it is read as the import was whose lines they
are, since one line alone may not show what its column means."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from models.db.messages.queries import Query
from models.db.statements import fetch_here
from services.imports.asked import Asked
from services.imports.converting.usage import Usage
from services.imports.mapping.reasonColumn import corrected_run, is_reason
from services.imports.parser import File
from services.imports.reading.header import read_header
from services.imports.reading.reader import Rows

_BEFORE = Query(
    "select usos, colunas from importacoes "
    "where equipe_id = %(equipe_id)s and id = %(importacao_id)s",
    {},
)


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
