"""The people of the equipe, and the equipe itself."""

from typing import Any

from flask import Response

from controllers.blueprint import ApiBlueprint
from controllers.guards import Access, caller
from controllers.schemas.authSchema import (
    TeamInput,
    TeamOutput,
    UserInput,
    UserList,
    UserOutput,
)
from models.team import Team
from models.user import User
from services import teamService, userService
from utils.response import success

users = ApiBlueprint("users", "Equipe")
USER_ID = "/users/<int(min=1, max=9223372036854775807):usuario_id>"


@users.operation("GET", "/users", access=Access.GESTOR, summary="Listar usuários", output=UserList)
def list_users() -> Response:
    people = [_user(user) for user in userService.list_users(caller())]
    return success({"itens": people, "proximo": None})


@users.operation(
    "GET", USER_ID, access=Access.GESTOR, summary="Ver usuário", output=UserOutput, errors=(404,)
)
def get_user(usuario_id: int) -> Response:
    return success(_user(userService.get_user(caller(), usuario_id)))


@users.operation(
    "PATCH",
    USER_ID,
    access=Access.ANY_ROLE,
    summary="Mudar nome, papel ou situação",
    body=UserInput,
    output=UserOutput,
    errors=(403, 404, 409),
)
def update_user(usuario_id: int, body: UserInput) -> Response:
    """Só gestores; o fundador de uma equipe sem gestor ativo pode tornar-se um."""
    changes = body.model_dump(exclude_none=True)
    user = userService.update_user(caller(), usuario_id, changes)
    return success(_user(user), "Usuário atualizado com sucesso")


@users.operation(
    "GET", "/equipe", access=Access.ANY_ROLE, summary="Ver a equipe", output=TeamOutput
)
def get_team() -> Response:
    return success(_team(teamService.get_team(caller())))


@users.operation(
    "PATCH",
    "/equipe",
    access=Access.GESTOR,
    summary="Mudar nome ou fuso da equipe",
    body=TeamInput,
    output=TeamOutput,
)
def update_team(body: TeamInput) -> Response:
    team = teamService.update_team(caller(), body.model_dump(exclude_none=True))
    return success(_team(team), "Equipe atualizada com sucesso")


def _user(user: User) -> dict[str, Any]:
    names = ("id", "nome", "email", "role", "ativo", "criado_em")
    return {name: getattr(user, name) for name in names}


def _team(team: Team) -> dict[str, Any]:
    return {name: getattr(team, name) for name in ("id", "nome", "fuso", "criado_em")}
