"""API keys and sessions on the wire."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from controllers.schemas.fields import INT64, WHOLE, CreatedAt, RoleField
from controllers.schemas.wire import Text, Wire, doc
from models.access.api_key import MAX_NAME

KeyName = Annotated[str, Text(MAX_NAME, "Para que a chave serve.", "integração do site")]


class KeyInput(Wire):
    """Uma chave nova."""

    nome: KeyName
    role: RoleField
    validade_dias: (
        Annotated[
            int,
            doc("Dias até a chave expirar; sem eles, não expira.", 90, strict=True, ge=1, le=3_650),
            WHOLE,
        ]
        | None
    ) = None


class KeyOutput(BaseModel):
    """Uma chave de API, sem o segredo."""

    id: Annotated[int, doc("Número da chave.", 5, **INT64)]
    nome: KeyName
    role: RoleField
    usuario_id: Annotated[int, doc("Quem a criou; ela age em seu nome.", 12, **INT64)]
    criado_em: CreatedAt
    expira_em: Annotated[
        datetime | None, doc("Quando expira; nulo, nunca.", "2026-10-30T14:30:00Z")
    ]


class KeyCreated(KeyOutput):
    """A chave nova. O segredo aparece só nesta resposta."""

    chave: Annotated[
        str,
        doc("O segredo, que vai em Authorization: Bearer.", "flk_exemplo_nao_use_esta_chave"),
    ]


class KeyList(BaseModel):
    """Todas as chaves da equipe."""

    itens: Annotated[list[KeyOutput], Field(description="As chaves.")]
    proximo: Annotated[None, doc("Sempre nulo: a lista vem inteira.", None)]


class SessionOutput(BaseModel):
    """Uma sessão viva."""

    id: Annotated[int, doc("Número da sessão.", 31, **INT64)]
    criado_em: CreatedAt
    renovada_em: Annotated[datetime, doc("Última renovação dos tokens.", "2026-08-01T15:30:00Z")]
    expira_em: Annotated[datetime, doc("Quando termina.", "2026-08-31T14:30:00Z")]
    atual: Annotated[bool, doc("Se é a sessão desta chamada.", True)]


class SessionList(BaseModel):
    """Todas as próprias sessões."""

    itens: Annotated[list[SessionOutput], Field(description="As sessões.")]
    proximo: Annotated[None, doc("Sempre nulo: a lista vem inteira.", None)]
