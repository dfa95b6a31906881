"""What is told of the lines of an import that were not taken, on the wire."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from controllers.schemas.fields import INT64
from controllers.schemas.paging import Cursor, NextCursor, PageSize
from controllers.schemas.wire import Wire, doc
from models.imports.line import LineResult
from services.errors import Code
from services.importRunService import LineError as ErrorOfLine
from services.importRunService import Which
from services.leads.fields import DEFAULT_PAGE
from services.paging import Page


class ErrorQuery(Wire):
    resultado: (
        Annotated[
            Which,
            doc(
                "Só estas linhas; sem ele, puladas e rejeitadas. importada: as que entraram, com o "
                "que diziam e um lead naquela etapa não tem.",
                "rejeitada",
            ),
        ]
        | None
    ) = None
    formato: Annotated[Literal["json", "csv"], doc("Sem ele, conforme Accept.", "csv")] | None = (
        None
    )
    limite: PageSize = DEFAULT_PAGE
    cursor: Cursor | None = None


class LineError(BaseModel):
    """Um erro de uma linha."""

    linha: Annotated[int, doc("A primeira linha do registro no arquivo.", 3)]
    campo: Annotated[str, doc("O campo, ou vazio se é a linha.", "telefone")]
    codigo: Annotated[Code, doc("O erro, para programas.", Code.TELEFONE_INVALIDO)]
    mensagem: Annotated[str, doc("O erro, para pessoas.", "Telefone inválido.")]
    # Left out where any value of the field's kind could be right.
    opcoes: Annotated[list[str | int], doc("Valores aceitos, no máximo 30.", ["novo"])] = []
    parecido: Annotated[str | int | None, doc("O mais parecido com o da linha.", "novo")] = None


class LineOutput(LineError):
    """Um erro de uma linha que não foi importada, ou o que não se gravou de uma que foi."""

    resultado: Annotated[LineResult, doc("No que a linha deu.", LineResult.REJEITADA)]
    lead_id: (
        Annotated[int, doc("O lead de que a linha trata, se é um só.", None, **INT64)] | None
    ) = None


class ErrorPage(BaseModel):
    """Uma página de erros, na ordem do arquivo."""

    itens: Annotated[list[LineOutput], Field(description="Um por erro de cada linha.")]
    proximo: NextCursor

    @staticmethod
    def of(page: Page[ErrorOfLine]) -> dict[str, Any]:
        return {"itens": [_told(error) for error in page.itens], "proximo": page.proximo}


def _told(error: ErrorOfLine) -> dict[str, Any]:
    told = error._asdict()
    kept = {name: told[name] for name in ("linha", "resultado", "campo", "codigo", "mensagem")}
    lead = {} if error.lead_id is None else {"lead_id": error.lead_id}
    return kept | (error.detalhe or {}) | lead
