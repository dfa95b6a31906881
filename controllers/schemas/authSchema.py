"""Users, sessions and the equipe on the wire."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from controllers.schemas.fields import Email, Password, Text, Wire, Zone
from models import team, user
from models.types import Role

Name = Annotated[str, Text(user.MAX_NAME, "Gestora Exemplo")]
TeamName = Annotated[str, Text(team.MAX_NAME, "Consórcios Paulista")]
Token = Annotated[str, Field(min_length=1, max_length=1_024)]


class RegisterInput(Wire):
    nome: Name
    email: Email
    # Left out by a gestor, the new user chooses it with an activation code.
    senha: Password | None = None
    role: Role
    equipe: TeamName | None = None


class LoginInput(Wire):
    email: Annotated[str, Field(max_length=320, examples=["gestora@exemplo.com.br"])]
    senha: Annotated[str, Field(max_length=1_024, examples=["uma-frase-longa"])]


class RefreshInput(Wire):
    refresh_token: Token


class MeInput(Wire):
    nome: Name | None = None
    senha: Password | None = None
    senha_atual: Annotated[str, Field(max_length=1_024)] | None = None


class UserInput(Wire):
    nome: Name | None = None
    role: Role | None = None
    ativo: Annotated[bool, Field(strict=True)] | None = None


class TeamInput(Wire):
    nome: TeamName | None = None
    fuso: Zone | None = None


class UserBrief(BaseModel):
    """The documented reply of register."""

    id: int
    nome: str
    email: str
    role: Role


class RegisteredOutput(UserBrief):
    """Of a user added without a password: the code with which he chooses one."""

    codigo_ativacao: str | None = None


class ActivateInput(Wire):
    codigo: Token
    senha: Password


class CodeOutput(BaseModel):
    id: int
    codigo_ativacao: str
    expira_em: str


class UserOutput(UserBrief):
    ativo: bool
    criado_em: str


class SessionOutput(UserBrief):
    """The documented reply of login."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"]
    expires_in: int


class MeOutput(UserOutput):
    equipe_id: int
    equipe: str
    fuso: str


class UserList(BaseModel):
    itens: list[UserOutput]
    proximo: None


class TeamOutput(BaseModel):
    id: int
    nome: str
    fuso: str
    criado_em: str
