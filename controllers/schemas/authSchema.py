"""Registration and sessions on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from controllers.schemas.fields import Email, Password, RoleField
from controllers.schemas.userSchema import ActivationCode, PersonName, TeamName, UserBrief
from controllers.schemas.wire import Wire, doc

_TOKEN = {"min_length": 1, "max_length": 1_024}
_RENEWS, _OPENS = (f"eyJhbGciOiJIUzI1NiJ9.{claims}.c2luYWw" for claims in ("cmVub3Zh", "YWJyZQ"))


class RegisterInput(Wire):
    """Uma pessoa nova."""

    nome: PersonName
    email: Email
    # If a gestor leaves it out, the new user chooses it with an activation code.
    senha: (
        Annotated[
            Password, Field(description="Senha. Só um gestor pode omiti-la: a pessoa a escolhe.")
        ]
        | None
    ) = None
    role: RoleField
    equipe: (
        Annotated[TeamName, Field(description="Nome da equipe nova; só no cadastro sem token.")]
        | None
    ) = None


class LoginInput(Wire):
    """E-mail e senha."""

    email: Annotated[
        str, doc("E-mail com que se cadastrou.", "gestora@exemplo.com.br", max_length=320)
    ]
    senha: Annotated[str, doc("Senha.", "uma-frase-longa", max_length=1_024)]


class RefreshInput(Wire):
    """O token que renova a sessão."""

    refresh_token: Annotated[
        str, doc("O refresh_token mais recente desta sessão.", _RENEWS, **_TOKEN)
    ]


class ActivateInput(Wire):
    """Um código e a senha escolhida."""

    codigo: Annotated[ActivationCode, Field(**_TOKEN)]
    senha: Password


class RegisteredOutput(UserBrief):
    """A pessoa cadastrada."""

    # Left out where there is none.
    codigo_ativacao: ActivationCode | None = None


class SignedInOutput(UserBrief):
    """Quem entrou, e os tokens da sessão."""

    access_token: Annotated[str, doc("Vai em Authorization: Bearer, em cada chamada.", _OPENS)]
    refresh_token: Annotated[str, doc("Renova os dois tokens, uma vez.", _RENEWS)]
    token_type: Annotated[Literal["Bearer"], doc("Tipo do access_token.", "Bearer")]
    expires_in: Annotated[int, doc("Segundos até o access_token expirar.", 900)]
