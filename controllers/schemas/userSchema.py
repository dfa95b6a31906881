"""The users of the team, and the team itself, on the wire."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from controllers.schemas.fields import INT64, CreatedAt, Email, Password, RoleField, Zone
from controllers.schemas.queueSettingsSchema import QueueSettingsInput, QueueSettingsOutput
from controllers.schemas.wire import Text, Wire, doc
from models import team, user

PersonName = Annotated[str, Text(user.MAX_NAME, "Nome da pessoa.", "Gestora Exemplo")]
TeamName = Annotated[str, Text(team.MAX_NAME, "Nome da equipe.", "Consórcios Paulista")]
UserId = Annotated[int, doc("Número do usuário.", 12, **INT64)]
ActivationCode = Annotated[
    str,
    doc("Código de uso único para escolher a senha; vale 24 horas.", "13.Jx0w3vQmT1bYc5rZkN8sLq"),
]
_QUEUE = Field(description="Como a fila funciona.")
_ACTIVE = "Se a pessoa pode entrar."


class MeInput(Wire):
    """O que muda na própria conta."""

    nome: PersonName | None = None
    senha: Password | None = None
    senha_atual: (
        Annotated[
            str,
            doc("Senha atual, pedida com uma nova.", "minha-senha-de-hoje", max_length=1_024),
        ]
        | None
    ) = None


class UserInput(Wire):
    """O que muda em um usuário."""

    nome: PersonName | None = None
    role: RoleField | None = None
    ativo: Annotated[bool, doc(_ACTIVE, True, strict=True)] | None = None


class TeamInput(Wire):
    """O que muda na equipe."""

    nome: TeamName | None = None
    fuso: Zone | None = None
    fila: Annotated[QueueSettingsInput | None, _QUEUE] = None


class UserBrief(BaseModel):
    """Uma pessoa, em resumo."""

    id: UserId
    nome: PersonName
    email: Email
    role: RoleField


class UserOutput(UserBrief):
    """Uma pessoa da equipe."""

    ativo: Annotated[bool, doc(_ACTIVE, True)]
    criado_em: CreatedAt


class MeOutput(UserOutput):
    """A própria conta."""

    equipe_id: Annotated[int, doc("Número da equipe.", 3, **INT64)]
    equipe: TeamName
    fuso: Zone


class UserList(BaseModel):
    """Todas as pessoas da equipe."""

    itens: Annotated[list[UserOutput], Field(description="As pessoas.")]
    proximo: Annotated[None, doc("Sempre nulo: a lista vem inteira.", None)]


class CodeOutput(BaseModel):
    """Um código para escolher uma senha nova; aparece só nesta resposta."""

    id: UserId
    codigo_ativacao: ActivationCode
    expira_em: Annotated[datetime, doc("Até quando o código vale.", "2026-08-02T14:30:00Z")]


class TeamOutput(BaseModel):
    """A equipe."""

    id: Annotated[int, doc("Número da equipe.", 3, **INT64)]
    nome: TeamName
    fuso: Zone
    fila: Annotated[QueueSettingsOutput, _QUEUE]
    criado_em: CreatedAt
