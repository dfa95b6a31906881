"""Who may enter a route, by the table of permissions."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import g, request

from controllers.permissions import Access, Permission
from controllers.web.toolbox import toolbox
from models.db.messages.proofs import proving
from models.db.statements import prove
from models.types import Role
from services.errors import AppError, Forbidden, InvalidToken, Unauthenticated
from services.principal import Principal
from utils.sharing import slots


def credential(permission: Permission) -> str | None:
    """What the caller came with, None where nobody asks for it. Raises TooMany, Unauthenticated,
    InvalidToken."""
    if permission.access is Access.PUBLIC:
        return None
    token = _bearer()
    if token is not None:
        # Counted before the look-up, so that a caller who sends too much costs only this count.
        toolbox().rate.count(token)
    elif permission.access is not Access.OPTIONAL:
        raise Unauthenticated()
    return token


@contextmanager
def admitted(permission: Permission, token: str | None, *, recalls: bool) -> Iterator[None]:
    """The caller is in `g.caller`. Raises InvalidToken, Forbidden.

    With `recalls` a caller who was seen before is not looked up: the first message of the block
    proves them, or one at its end. Raises Unproven then.
    """
    g.caller = None
    known = toolbox().identities.recall(token) if token and recalls else None
    if known is None:
        if token is not None:
            _enter(toolbox().identities.find(token), permission)
        yield
        return
    with proving(toolbox().identities.proof(known)):
        try:
            _enter(known, permission)
            yield
        except AppError:
            prove()  # they may be refused for what they no longer are
            raise
        prove()


def _enter(found: Principal, permission: Permission) -> None:
    g.caller = found
    slots.identified(found.equipe_id)
    if found.machine and not permission.machines:
        raise Forbidden("Uma chave de API não faz isto, só uma pessoa.")
    if permission.access in (Access.GESTOR, Access.OPTIONAL) and found.role != Role.GESTOR:
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
