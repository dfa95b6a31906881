"""Checks again that the caller may make the request, and keeps it so until the request commits.

A request may wait for minutes between its admission and its commit. It locks the rows by which it
was admitted FOR SHARE: a transaction that takes the power away either waits for this one, or has
committed and is seen. The user is locked before the session or key, as in every transaction that
ends both.
"""

from models.db.messages.queries import Query
from models.db.statements import fetch_here
from models.types import Role
from services.errors import Forbidden, InvalidToken
from services.principal import Principal

# Said of one row of `sessoes` and of one of `chaves`, also where other tables are joined.
SESSION_LIVES = "encerrada_em is null and expira_em > now()"
KEY_LIVES = "revogada_em is null and (expira_em is null or expira_em > now())"

_PERSON = Query("select role from usuarios where id = %(usuario_id)s and ativo for share", {})
_SESSION = Query(
    f"select 1 from sessoes where id = %(sessao_id)s and {SESSION_LIVES} for share",  # noqa: S608 - a condition of ours
    {},
)
_KEY = Query(
    f"select 1 from chaves where id = %(chave_id)s and {KEY_LIVES} for share",  # noqa: S608 - a condition of ours
    {},
)


def hold_gestor(caller: Principal) -> None:
    """Lock the caller as an active gestor. Raises InvalidToken or Forbidden if they are not."""
    hold_role(caller)
    if not caller.gestor:
        raise Forbidden()


def hold_role(caller: Principal) -> None:
    """Lock the caller as an active user whose role, and credential, still allow the one they act
    with. Raises InvalidToken or Forbidden."""
    person = fetch_here(_PERSON, {"usuario_id": caller.usuario_id})
    if not person:
        raise InvalidToken()
    hold_credential(caller)
    if caller.gestor and person[0] != (Role.GESTOR,):
        raise Forbidden()


def hold_credential(caller: Principal) -> None:
    """Lock the session or key that the request came with. Raises InvalidToken if it has ended."""
    if caller.sessao_id is not None:
        found = fetch_here(_SESSION, {"sessao_id": caller.sessao_id})
    elif caller.chave_id is not None:
        found = fetch_here(_KEY, {"chave_id": caller.chave_id})
    else:  # a command line on the server
        return
    if not found:
        raise InvalidToken()
