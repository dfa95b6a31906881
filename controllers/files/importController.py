"""Importing a file of leads, and what became of it."""

from typing import Any

from flask import Response, request

from controllers.schemas.files.importErrorSchema import ErrorPage, ErrorQuery
from controllers.schemas.files.importSchema import (
    CsvFile,
    ImportForm,
    ImportOutput,
    ImportPage,
    ImportQuery,
    ImportsQuery,
    PreviewedImport,
    Workbook,
)
from controllers.schemas.files.undoSchema import UndoOutput
from controllers.web.guards import caller
from controllers.web.operation import ApiBlueprint
from controllers.web.replies.output import done, downloaded
from controllers.web.requests.input import prefers_later
from controllers.web.requests.upload import MAX_BODY, mapping_alone, upload
from controllers.web.toolbox import toolbox
from models.imports.run import ImportRun
from services import importRunService, importService, previewService, undoService
from services.errors import Code, invalid_field
from services.importService import CSV, XLSX
from utils.response import JSON_TYPE

imports = ApiBlueprint("imports", "Importação", "Leads de um arquivo, e o que foi feito dele.")
# Milliseconds; the statements of a file are as large as the file.
_STATEMENT_TIMEOUT = 120_000
MEDIA = {"multipart/form-data": ImportForm, CSV: CsvFile, XLSX: Workbook}
IMPORT = "/imports/<id:importacao_id>"


@imports.operation(
    "POST",
    "/leads/import",
    summary="Importar leads de um arquivo",
    query=ImportQuery,
    output=ImportOutput,
    message="Importação concluída",
    also={202: "Importação na fila"},
    queued=ImportOutput,
    errors=(
        *(Code.JSON_MALFORMADO, Code.ARQUIVO_INVALIDO, Code.FILA_CHEIA),
        *(Code.NAO_ENCONTRADO, Code.PREVIA_USADA, Code.PREVIA_EXPIRADA),
    ),
    media=MEDIA | {JSON_TYPE: PreviewedImport},
    max_body=MAX_BODY,
    sized=True,
    in_turn=True,
    idempotent=True,
    deferrable=True,
    statement_timeout=_STATEMENT_TIMEOUT,
)
def import_leads(query: ImportQuery) -> Response:
    """Linhas ruins são relatadas e as boas são importadas. Acima de 5 MB ou de 50.000 linhas, ou
    com `Prefer: respond-async`, é um trabalho (202), e `GET /imports/{id}` diz até onde chegou. Até
    50 MB; `dry_run=1` só confere, o que cabe numa chamada. Com `previa` o arquivo é o de
    `POST /leads/import/preview`, e o corpo, se há um, um JSON com o mapeamento."""
    checks = query.dry_run == "1"
    run = _imported(
        query,
        duplicates=query.duplicates,
        owners=query.owners,
        dry_run=checks,
        later=prefers_later(),
    )
    shown = ImportOutput.of(importRunService.just_asked(run), checked=checks)
    if run.trabalho_id is None:
        return done(shown, message="Importação conferida" if checks else None)
    return done(shown, {"Location": f"/imports/{run.id}"}, status=202)


@imports.operation(
    "GET",
    "/imports",
    summary="Listar importações",
    query=ImportsQuery,
    output=ImportPage,
    errors=(Code.CURSOR_INVALIDO,),
)
def list_imports(query: ImportsQuery) -> Response:
    """A mais nova primeiro."""
    page = importRunService.list_imports(
        caller(),
        limite=query.limite,
        cursor=query.cursor,
        cursor_key=toolbox().tokens.cursor_key,
    )
    return done(ImportPage.of(page))


@imports.operation("GET", IMPORT, summary="Ver importação", output=ImportOutput)
def get_import(importacao_id: int) -> Response:
    """Até onde chegou e o que foi feito das linhas. O que já foi gravado fica, também se falha ou é
    cancelada."""
    return done(ImportOutput.of(importRunService.get_import(caller(), importacao_id)))


@imports.operation(
    "POST",
    f"{IMPORT}/cancel",
    summary="Cancelar importação",
    output=ImportOutput,
    message="Cancelamento pedido com sucesso",
    errors=(Code.IMPORTACAO_TERMINADA,),
)
def cancel_import(importacao_id: int) -> Response:
    """Na fila, é cancelada na hora; em andamento, antes do próximo lote. O que já foi gravado fica.
    Repetir não muda nada."""
    return done(ImportOutput.of(importRunService.cancel_import(caller(), importacao_id)))


@imports.operation(
    "GET",
    f"{IMPORT}/errors",
    summary="Ver as linhas que não foram importadas",
    query=ErrorQuery,
    output=ErrorPage,
    errors=(Code.CURSOR_INVALIDO,),
    files={CSV: CsvFile},
)
def list_import_errors(importacao_id: int, query: ErrorQuery) -> Response:
    """Cada erro com sua linha. Com `formato=csv` ou `Accept: text/csv`, as linhas como estavam no
    arquivo, com o motivo numa coluna a mais, prontas para corrigir e enviar de novo; essa coluna a
    importação deixa de lado. Ficam por 7 dias."""
    if query.formato == "csv" or (query.formato is None and _wants_csv()):
        file = importRunService.errors_file(caller(), importacao_id, query.resultado)
        name = f"importacao-{importacao_id}-{query.resultado or 'linhas'}.csv"
        return downloaded(file, CSV, name)
    page = importRunService.list_errors(
        caller(),
        importacao_id,
        query.resultado,
        limite=query.limite,
        cursor=query.cursor,
        cursor_key=toolbox().tokens.cursor_key,
    )
    return done(ErrorPage.of(page))


@imports.operation(
    "POST",
    f"{IMPORT}/undo",
    summary="Desfazer importação",
    output=UndoOutput,
    message="Importação desfeita com sucesso",
    also={202: "Desfazer está na fila"},
    queued=UndoOutput,
    errors=(
        Code.IMPORTACAO_EM_ANDAMENTO,
        Code.IMPORTACAO_DESFEITA,
        Code.PRAZO_PARA_DESFAZER,
        Code.FILA_CHEIA,
    ),
    idempotent=True,
    deferrable=True,
)
def undo_import(importacao_id: int) -> Response:
    """Os leads que ela criou somem, e os que ela alterou voltam a ser como antes. Ficam como estão
    os que alguém já trabalhou: `mantidos` diz quais e por quê. Até 7 dias depois do fim, uma vez.
    Acima de 1.000 leads, ou com `Prefer: respond-async`, é um trabalho (202)."""
    undone = undoService.undo_import(caller(), importacao_id, later=prefers_later())
    if undone.trabalho_id is None:
        return done(UndoOutput.shown(undone))
    return done(UndoOutput.shown(undone), {"Location": f"/imports/{importacao_id}"}, status=202)


def _imported(query: ImportQuery, **how: Any) -> ImportRun:
    if query.previa is None:
        sent, mapping = upload(query.mapeamento, query.planilha)
        return importService.import_file(caller(), sent, mapping or None, **how)
    if query.planilha is not None:
        raise invalid_field("planilha", Code.CAMPO_DESCONHECIDO, "A prévia já tem sua planilha.")
    asked = mapping_alone(query.mapeamento)
    return previewService.import_previewed(caller(), query.previa, asked, **how)


def _wants_csv() -> bool:
    return request.accept_mimetypes.best_match(["application/json", CSV]) == CSV
