"""API keys and sessions on the wire."""

from typing import Annotated

from pydantic import BaseModel, Field

from controllers.schemas.fields import WHOLE, Text, Wire
from models.api_key import MAX_NAME
from models.types import Role


class KeyInput(Wire):
    nome: Annotated[str, Text(MAX_NAME, "integração do site")]
    role: Role
    validade_dias: Annotated[int, Field(strict=True, ge=1, le=3_650), WHOLE] | None = None


class KeyOutput(BaseModel):
    id: int
    nome: str
    role: Role
    usuario_id: int
    criado_em: str
    expira_em: str | None


class KeyCreated(KeyOutput):
    """The only time that the key itself is shown."""

    chave: str


class KeyList(BaseModel):
    itens: list[KeyOutput]
    proximo: None


class SessionOutput(BaseModel):
    id: int
    criado_em: str
    renovada_em: str
    expira_em: str
    atual: bool


class SessionList(BaseModel):
    itens: list[SessionOutput]
    proximo: None
