"""Exports on the wire."""

from typing import Annotated, Literal

from pydantic import ConfigDict, RootModel

from controllers.schemas.leads.leadQuerySchema import LeadFilters, Ordering
from controllers.schemas.wire import doc
from services.exportService import FORMAT_NAMES

_CSV = "id,nome,email,telefone\n4711,Lead Exemplo,lead@exemplo.com.br,'+5511987654321\n"


class ExportQuery(LeadFilters, Ordering):
    formato: Annotated[
        Literal[FORMAT_NAMES],  # type: ignore[valid-type]
        doc(
            "`csv`: para programas; `excel`: um CSV como o Excel brasileiro lê; `xlsx`: uma "
            "planilha, de até 100.000 leads.",
            "csv",
        ),
    ] = "csv"


class LeadsFile(RootModel[bytes]):
    """Os leads, com uma coluna para cada campo e cada atributo."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CSV]})
