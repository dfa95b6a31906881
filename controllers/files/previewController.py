"""Looking at a file before it is imported."""

from flask import Response

from controllers.schemas.files.importSchema import CsvFile, Workbook
from controllers.schemas.files.previewSchema import PreviewForm, PreviewOutput, PreviewQuery
from controllers.web.guards import caller
from controllers.web.operation import ApiBlueprint
from controllers.web.replies.output import done
from controllers.web.requests.upload import MAX_BODY, file_alone
from services import previewService
from services.errors import Code
from services.importService import CSV, XLSX

previews = ApiBlueprint("previews", "Prévia", "O que um arquivo é, antes de importá-lo.")
# Milliseconds; the counts are those of an import.
_STATEMENT_TIMEOUT = 120_000


@previews.operation(
    "POST",
    "/leads/import/preview",
    summary="Ver o que um arquivo é",
    query=PreviewQuery,
    output=PreviewOutput,
    status=201,
    message="Prévia criada com sucesso",
    errors=(Code.ARQUIVO_INVALIDO,),
    media={"multipart/form-data": PreviewForm, CSV: CsvFile, XLSX: Workbook},
    max_body=MAX_BODY,
    sized=True,
    in_turn=True,
    idempotent=True,
    statement_timeout=_STATEMENT_TIMEOUT,
)
def preview_file(query: PreviewQuery) -> Response:
    """Diz o campo que cada coluna deve ser, por seu nome e seus valores, e o que a importação
    faria das primeiras 10.000 linhas. Nada é gravado além do arquivo, que fica por 24 horas: com
    `POST /leads/import?previa=…` ele é importado sem ser enviado de novo."""
    found = previewService.preview_file(
        caller(),
        file_alone(query.planilha),
        query.duplicates,
    )
    return done(PreviewOutput.of(found))
