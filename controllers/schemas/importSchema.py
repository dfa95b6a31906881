"""Imports on the wire."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from controllers.schemas.fields import Wire
from controllers.schemas.leadQuerySchema import Flag
from services.importService import Action


class ImportQuery(Wire):
    # What fits into a URL in any script; a longer mapping goes in a part of a multipart body.
    mapeamento: Annotated[str, Field(max_length=5_000)] | None = None
    duplicados: Action = "pular"
    # Whether `duplicados=atualizar` may open a closed lead again.
    reabrir: Flag = "0"
    dry_run: Flag = "0"


class LineError(BaseModel):
    linha: int
    campo: str
    codigo: str
    mensagem: str


class ColumnOutput(BaseModel):
    """`campo` as in the mapping's `colunas`: a field, `atributos.x`, or null for left out."""

    coluna: str
    campo: str | None


class ImportOutput(BaseModel):
    id: int | None
    estado: Literal["na_fila", "em_andamento", "concluida", "falhou"]
    linhas: int
    criados: int
    atualizados: int
    pulados: int
    rejeitados: int
    # Of lines that are rejected, and of those that are skipped, the first hundred errors.
    erros: list[LineError]
    linhas_puladas: list[LineError]
    colunas: list[ColumnOutput]
