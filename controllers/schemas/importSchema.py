"""Imports on the wire."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from controllers.schemas.fields import Wire
from controllers.schemas.leadQuerySchema import Flag
from services.importService import OnDuplicate


class ImportQuery(Wire):
    # What fits into a URL in any script; a longer mapping goes in a part of a multipart body.
    mapeamento: Annotated[str, Field(max_length=5_000)] | None = None
    duplicados: OnDuplicate = "pular"
    dry_run: Flag = "0"


class LineError(BaseModel):
    linha: int
    campo: str
    codigo: str
    mensagem: str


class ImportOutput(BaseModel):
    id: int | None
    estado: Literal["na_fila", "em_andamento", "concluida", "falhou"]
    linhas: int
    criados: int
    atualizados: int
    pulados: int
    rejeitados: int
    erros: list[LineError]
