"""Importing a CSV of leads."""

from flask import Response

from controllers.schemas.importSchema import ImportOutput, ImportQuery
from controllers.web.guards import caller
from controllers.web.operation import ApiBlueprint
from controllers.web.upload import MAX_BODY, upload
from services import importService
from services.importService import Duplicates
from utils.response import success

imports = ApiBlueprint("imports", "Importação")
# Of the shortest lines five megabytes hold millions, whose events and scores take minutes.
MAX_LINES = 200_000
# Milliseconds; the statements of a file are as large as the file.
_STATEMENT_TIMEOUT = 120_000
MEDIA = ("text/csv", "multipart/form-data")


@imports.operation(
    "POST",
    "/leads/import",
    summary="Importar leads de um CSV",
    query=ImportQuery,
    output=ImportOutput,
    errors=(400, 409, 413, 415),
    media=MEDIA,
    max_body=MAX_BODY,
    sized=True,
    in_turn=True,
    idempotent=True,
    statement_timeout=_STATEMENT_TIMEOUT,
)
def import_leads(query: ImportQuery) -> Response:
    """Linhas ruins são relatadas e as boas ficam. Até 5 MB e 200.000 linhas por chamada;
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
    message = "Importação conferida" if query.dry_run == "1" else "Importação concluída"
    return success(result, message)
