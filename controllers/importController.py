"""Importing a CSV of leads."""

from flask import Response

from controllers.schemas.importSchema import CsvFile, ImportForm, ImportOutput, ImportQuery
from controllers.web.guards import caller
from controllers.web.operation import ApiBlueprint
from controllers.web.output import done
from controllers.web.upload import MAX_BODY, upload
from services import importService
from services.errors import Code
from services.importService import Duplicates

imports = ApiBlueprint("imports", "Importação", "Leads de um arquivo CSV.")
# Five megabytes can hold millions of very short lines, whose events and scores would take minutes.
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
    in_turn=True,
    idempotent=True,
    statement_timeout=_STATEMENT_TIMEOUT,
)
def import_leads(query: ImportQuery) -> Response:
    """Linhas ruins são relatadas e as boas são importadas. Até 5 MB e 200.000 linhas por chamada;
    `dry_run=1` só confere."""
    raw, mapping = upload(query.mapeamento)
    result = importService.import_file(
        caller(),
        raw,
        mapping or None,
        Duplicates(query.duplicados, reopen=query.reabrir == "1"),
        dry_run=query.dry_run == "1",
        most=MAX_LINES,
    )
    return done(result, message="Importação conferida" if query.dry_run == "1" else None)
