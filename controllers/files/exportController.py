"""Leads as a file."""

from collections.abc import Callable
from functools import partial

from flask import Response

from controllers.schemas.files.exportSchema import ExportQuery, LeadsFile
from controllers.web.guards import caller
from controllers.web.operation import ApiBlueprint
from controllers.web.replies.download import download
from services import exportService
from services.errors import Code

exports = ApiBlueprint("exports", "Exportação", "Leads em um arquivo CSV ou em uma planilha.")


@exports.operation(
    "GET",
    "/leads/export",
    summary="Exportar leads",
    query=ExportQuery,
    files=dict.fromkeys(exportService.MEDIA, LeadsFile),
    errors=(Code.SERVIDOR_OCUPADO,),
    records=True,
)
def export_leads(query: ExportQuery) -> Callable[[], Response]:
    """Os leads que a lista tem com os mesmos filtros e a mesma ordem, como são neste momento.
    Importado de novo, o arquivo dá os mesmos leads: um texto que uma planilha executaria, ou que a
    importação leria de outro modo, vem depois de um apóstrofo, que ela retira. Fica no histórico
    quem exportou, e por quais filtros."""
    export = exportService.ask(
        caller(),
        filters=query.model_dump(exclude={"ordenar", "formato"}, exclude_defaults=True),
        ordenar=query.ordenar,
        formato=query.formato,
    )
    return partial(download, export)
