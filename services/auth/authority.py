"""The power that a request was let in with, asked for again and held still until it commits.

A request may wait for minutes between its admission and its commit. The rows it was admitted by are
locked FOR SHARE: whoever takes the power away finds them locked and waits, or has done so already
and is seen. The user comes before the session or key, in the order of those who end both.
"""

from models.db.statements import Query, fetch_here
from models.types import Role
from services.errors import Forbidden, InvalidToken
from services.principal import Principal

_PERSON = Query("select role from usuarios where id = %(usuario_id)s and ativo for share", {})
_SESSION = Query(
    "select 1 from sessoes where id = %(sessao_id)s and encerrada_em is null "
    "and expira_em > now() for share",
    {},
)
_KEY = Query(
    "select 1 from chaves where id = %(chave_id)s and revogada_em is null "
    "and (expira_em is null or expira_em > now()) for share",
    {},
)


def hold_gestor(caller: Principal) -> None:
    """Hold a gestor's power. Raises InvalidToken or Forbidden if it is gone."""
    person = fetch_here(_PERSON, {"usuario_id": caller.usuario_id})
    if not person:
        raise InvalidToken()
    hold_credential(caller)
    if person[0] != (Role.GESTOR,) or not caller.gestor:
        raise Forbidden()


def hold_credential(caller: Principal) -> None:
    """Hold the session or key that the request came with. Raises InvalidToken if it has ended."""
    if caller.sessao_id is not None:
        found = fetch_here(_SESSION, {"sessao_id": caller.sessao_id})
    elif caller.chave_id is not None:
        found = fetch_here(_KEY, {"chave_id": caller.chave_id})
    else:  # somebody at the server's own command line
        return
    if not found:
        raise InvalidToken()
