"""Who may enter a route. Every route names one Access; there is no default."""

from enum import Enum

from flask import g, request

from controllers.toolbox import toolbox
from models.types import Role
from services.errors import Forbidden, InvalidToken, Unauthenticated
from services.principal import Principal
from services.sessionService import identify


class Access(Enum):
    """PUBLIC looks at no token. OPTIONAL lets the unknown in, but never with a broken token."""

    PUBLIC = "público"
    OPTIONAL = "público ou gestor"
    ANY_ROLE = "gestor e vendedor"
    GESTOR = "gestor"


def admit(access: Access) -> None:
    """Put the caller in `g.caller` or refuse him: 401 without a good token, 403 by role."""
    g.caller = None
    if access is Access.PUBLIC:
        return
    token = _bearer()
    if token is None:
        if access is Access.OPTIONAL:
            return
        raise Unauthenticated()
    g.caller = identify(toolbox().tokens, token)
    if access in (Access.GESTOR, Access.OPTIONAL) and g.caller.role != Role.GESTOR:
        raise Forbidden()


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
