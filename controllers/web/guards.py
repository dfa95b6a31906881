"""Who may enter a route, by the table of permissions."""

from flask import g, request

from controllers.permissions import Access, Permission
from controllers.web.toolbox import toolbox
from models.types import Role
from services import keyService
from services.errors import Forbidden, InvalidToken, Unauthenticated
from services.principal import Principal
from services.sessionService import identify
from utils import slots


def admit(permission: Permission) -> None:
    """Put the caller in `g.caller`. Raises TooMany, Unauthenticated, InvalidToken, Forbidden."""
    g.caller = None
    access = permission.access
    if access is Access.PUBLIC:
        return
    token = _bearer()
    if token is None:
        if access is Access.OPTIONAL:
            return
        raise Unauthenticated()
    # Before the look-up: whoever sends too much costs no more than this count.
    toolbox().rate.count(token)
    g.caller = _identify(token)
    slots.identified(g.caller.equipe_id)
    if g.caller.machine and not permission.machines:
        raise Forbidden("Uma chave de API não gerencia contas.")
    if access in (Access.GESTOR, Access.OPTIONAL) and g.caller.role != Role.GESTOR:
        raise Forbidden()


def _identify(token: str) -> Principal:
    if token.startswith(keyService.PREFIX):
        return keyService.identify_key(token)
    return identify(toolbox().tokens, token)


def caller() -> Principal:
    """The caller of a route that demands one."""
    principal: Principal = g.caller
    return principal


def _bearer() -> str | None:
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise InvalidToken()
    return token.strip()
