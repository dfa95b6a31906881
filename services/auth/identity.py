"""Who sent a credential: an access token or an API key.

A credential is looked up in a message of its own. What was found is remembered, and from then on it
is proved in the first message of each request (models/db/messages/proofs), which fails as soon as
any of it is no longer so. Decision 24 has the reasons.
"""

from models.db.messages.proofs import PROOF
from models.db.messages.queries import Part, Query
from models.db.statements import fetch_global
from services.auth.authority import KEY_LIVES, SESSION_LIVES
from services.auth.secretTexts import is_secret_of
from services.auth.tokens import Tokens
from services.errors import InvalidToken
from services.principal import Principal
from utils.wire.ids import as_id

KEY_PREFIX = "flk_"
_REMEMBERED = 4_096  # credentials

_LIVE_SESSION = f"""
from sessoes s
join usuarios u on u.id = s.usuario_id
join equipes e on e.id = u.equipe_id
where s.id = %(sessao_id)s and u.id = %(usuario_id)s and {SESSION_LIVES} and u.ativo
"""
_LIVE_KEY = f"""
from chaves c
join usuarios u on u.id = c.usuario_id
join equipes e on e.id = c.equipe_id
where c.id = %(chave_id)s and {KEY_LIVES} and u.ativo
"""
# A key has never more power than its maker has today.
_KEY_ROLE = "case when u.role = 'gestor' then c.role else u.role end"
_UNCHANGED = "and u.id = %(usuario_id)s and u.equipe_id = %(equipe_id)s and e.fuso = %(fuso)s"

_FIND_SESSION = f"select u.equipe_id, u.role, e.fuso {_LIVE_SESSION}"
_FIND_KEY = f"select c.usuario_id, c.equipe_id, {_KEY_ROLE}, e.fuso, c.resumo {_LIVE_KEY}"
_PROVE_SESSION = Query(f"{PROOF} {_LIVE_SESSION} {_UNCHANGED} and u.role = %(role)s", {}, hot=True)
_PROVE_KEY = Query(f"{PROOF} {_LIVE_KEY} {_UNCHANGED} and {_KEY_ROLE} = %(role)s", {}, hot=True)


class Identities:
    """Callers by their credentials. Remembers those that it has looked up, for its process."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._known: dict[str, Principal] = {}

    def recall(self, credential: str) -> Principal | None:
        """The caller as known from an earlier request, who has to be proved; see proof(). Raises
        InvalidToken."""
        known = self._known.get(credential)
        if known is not None and not known.machine:
            self._tokens.read_access(credential)  # it may have expired
        return known

    def find(self, credential: str) -> Principal:
        """The caller, looked up. Raises InvalidToken."""
        self._known.pop(credential, None)
        of_key = credential.startswith(KEY_PREFIX)
        found = _by_key(credential) if of_key else _by_token(self._tokens, credential)
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[credential] = found
        return found

    @staticmethod
    def proof(caller: Principal) -> Part:
        """What is true for as long as the caller may ask and is who they were."""
        values = {
            "usuario_id": caller.usuario_id,
            "equipe_id": caller.equipe_id,
            "sessao_id": caller.sessao_id,
            "chave_id": caller.chave_id,
            "role": caller.role,
            "fuso": caller.fuso,
        }
        return (_PROVE_KEY if caller.machine else _PROVE_SESSION), values


def _by_token(tokens: Tokens, token: str) -> Principal:
    claims = tokens.read_access(token)
    named = {"sessao_id": claims.sessao_id, "usuario_id": claims.usuario_id}
    rows = fetch_global(_FIND_SESSION, named, hot=True)
    if not rows:
        raise InvalidToken()
    equipe_id, role, fuso = rows[0]
    return Principal(claims.usuario_id, equipe_id, claims.sessao_id, role, fuso)


def _by_key(text: str) -> Principal:
    number, _, secret = text.removeprefix(KEY_PREFIX).partition("_")
    chave_id = as_id(number)
    rows = fetch_global(_FIND_KEY, {"chave_id": chave_id}, hot=True) if chave_id else ()
    if not rows or not is_secret_of(bytes(rows[0][-1]), secret):
        raise InvalidToken()
    usuario_id, equipe_id, role, fuso, _resumo = rows[0]
    return Principal(usuario_id, equipe_id, None, role, fuso, chave_id)
