"""Importing a CSV of leads."""

import io
from collections.abc import Iterator

from flask import Response

from controllers.schemas.importSchema import CsvFile, ImportForm, ImportOutput, ImportQuery
from controllers.web.guards import caller
from controllers.web.operation import ApiBlueprint
from controllers.web.upload import MAX_BODY, upload
from services import importService
from services.errors import Code
from services.imports.mapping import ColumnMapping
from services.imports.mappingJson import read_mapping
from services.imports.report import UnreadableFile
from utils.response import success

imports = ApiBlueprint("imports", "Importação", "Leads de um arquivo CSV.")
# Of the shortest lines five megabytes hold millions, whose events and scores take minutes.
MAX_LINES = 200_000
# Milliseconds; the statements of a file are as large as the file.
_STATEMENT_TIMEOUT = 120_000
MEDIA = {"multipart/form-data": ImportForm, "text/csv": CsvFile}


@imports.operation(
    "POST",
    "/leads/import",
    summary="Importar leads de um CSV",
    query=ImportQuery,
    output=ImportOutput,
    message="Importação concluída",
    errors=(Code.JSON_MALFORMADO, Code.ARQUIVO_INVALIDO),
    media=MEDIA,
    max_body=MAX_BODY,
    sized=True,
    idempotent=True,
    statement_timeout=_STATEMENT_TIMEOUT,
)
def import_leads(query: ImportQuery) -> Response:
    """Linhas ruins são relatadas e as boas ficam. Até 5 MB e 200.000 linhas por chamada;
    `dry_run=1` só confere."""
    raw, mapping = upload(query.mapeamento)
    result = importService.import_leads(
        caller(),
        _lines(raw),
        read_mapping(mapping) if mapping else ColumnMapping(),
        duplicados=query.duplicados,
        dry_run=query.dry_run == "1",
        most=MAX_LINES,
    )
    message = "Importação conferida" if query.dry_run == "1" else "Importação concluída"
    return success(result, message)


def _lines(raw: bytes) -> Iterator[str]:
    """The file's lines; UTF-8 is required, a byte order mark is not minded."""
    try:
        return iter(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(f"O arquivo não está em UTF-8 (linha {line}).") from error
