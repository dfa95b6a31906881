"""Importing a CSV of leads."""

import io
from collections.abc import Iterator

from flask import Response, request

from controllers.blueprint import ApiBlueprint
from controllers.guards import caller
from controllers.requests import parse_json, raw_body
from controllers.schemas.importSchema import ImportOutput, ImportQuery, MappingInput
from services import importService
from services.errors import Code, PayloadTooLarge, UnsupportedType, invalid_field
from services.importMapping import ColumnMapping
from services.importReport import UnreadableFile
from utils.response import success

imports = ApiBlueprint("imports", "Importação")
MAX_FILE = 5 * 1024 * 1024
# Of the shortest lines five megabytes hold millions, whose events and scores take minutes.
MAX_LINES = 200_000
# Room for the mapping and the boundaries of a multipart body.
_MAX_BODY = MAX_FILE + 128 * 1024
# Milliseconds; the statements of a file are as large as the file.
_STATEMENT_TIMEOUT = 120_000
MEDIA = ("text/csv", "multipart/form-data")


@imports.operation(
    "POST",
    "/leads/import",
    summary="Importar leads de um CSV",
    query=ImportQuery,
    output=ImportOutput,
    errors=(400, 413, 415),
    media=MEDIA,
    max_body=_MAX_BODY,
    idempotent=True,
    statement_timeout=_STATEMENT_TIMEOUT,
)
def import_leads(query: ImportQuery) -> Response:
    """Linhas ruins são relatadas e as boas ficam. Até 5 MB e 200.000 linhas por chamada;
    `dry_run=1` só confere."""
    raw, mapping = _upload(query)
    result = importService.import_leads(
        caller(),
        _lines(raw),
        _mapping(mapping),
        duplicados=query.duplicados,
        dry_run=query.dry_run == "1",
        most=MAX_LINES,
    )
    message = "Importação conferida" if query.dry_run == "1" else "Importação concluída"
    return success(result, message)


def _upload(query: ImportQuery) -> tuple[bytes, str | None]:
    """The file's bytes and the mapping's JSON, from either kind of body."""
    if request.mimetype == "text/csv":
        return _small(raw_body()), query.mapeamento
    if request.mimetype != "multipart/form-data":
        raise UnsupportedType("Envie o arquivo como text/csv ou multipart/form-data.")
    raw_body()  # measured and kept before its parts are read
    request.max_form_memory_size = _MAX_BODY
    file = request.files.get("arquivo")
    if file is None:
        raise invalid_field("arquivo", Code.OBRIGATORIO, "Envie o CSV no arquivo da parte arquivo.")
    # curl and Postman send the mapping as text or as a file of its own.
    mapping = request.files.get("mapeamento")
    text = mapping.read().decode(errors="replace") if mapping else query.mapeamento
    return _small(file.read()), request.form.get("mapeamento", text)


def _small(raw: bytes) -> bytes:
    if len(raw) > MAX_FILE:
        raise PayloadTooLarge("O arquivo passa de 5 MB. Divida-o ou use flask leads import.")
    return raw


def _mapping(text: str | None) -> ColumnMapping:
    if not text:
        return ColumnMapping()
    asked = parse_json(text.encode(), MappingInput, under="mapeamento")
    return ColumnMapping(**asked.model_dump())


def _lines(raw: bytes) -> Iterator[str]:
    """The file's lines; UTF-8 is required, a byte order mark is not minded."""
    try:
        return iter(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(f"O arquivo não está em UTF-8 (linha {line}).") from error
