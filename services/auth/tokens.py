"""Access and refresh tokens.

Access: a JWT (HS256), minutes long, naming a session that every request re-reads. Refresh: the
session's id and generation under a MAC. Both are derived from SECRET_KEY, so nothing at rest can
be replayed, and the successor of a refresh token can be made again within the grace period.
"""

import hashlib
import hmac
import time
from dataclasses import dataclass
from functools import lru_cache

import jwt

from services.errors import InvalidToken
from utils.wire import base64url
from utils.wire.ids import as_id

ALGORITHM = "HS256"
ISSUER = "finlead"
ACCESS_AUDIENCE = "finlead-api"
ACCESS_TYPE = "access"
_REQUIRED = ["exp", "iat", "sub", "sid", "typ", "aud", "iss"]
_MAX_TOKEN = 1_024


@dataclass(frozen=True, slots=True)
class AccessClaims:
    usuario_id: int
    sessao_id: int
    expires: int


class Tokens:
    """Makes and reads tokens; holds the keys."""

    def __init__(self, secret: str, access_minutes: int, session_days: int) -> None:
        # Derived, so that a short development secret still gives keys of full length and the
        # two kinds of token can never be taken for one another.
        self._access_key = _derive(secret, b"access token v1")
        self._refresh_key = _derive(secret, b"refresh token v1")
        self.cursor_key = _derive(secret, b"list cursor v1")
        self.fingerprint_key = _derive(secret, b"request fingerprint v1")
        self.access_seconds = access_minutes * 60
        self.session_days = session_days
        self._verified = lru_cache(maxsize=4_096)(self._verify)

    def access(self, *, usuario_id: int, sessao_id: int) -> str:
        issued = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": ACCESS_AUDIENCE,
            "typ": ACCESS_TYPE,
            "sub": str(usuario_id),
            "sid": sessao_id,
            "iat": issued,
            "exp": issued + self.access_seconds,
        }
        return jwt.encode(claims, self._access_key, ALGORITHM)

    def read_access(self, token: str) -> AccessClaims:
        """The claims of a token that we signed and that has not expired, else InvalidToken.

        Verified tokens are remembered (a signature does not go bad); expiry is asked each time.
        """
        if len(token) > _MAX_TOKEN:
            raise InvalidToken()
        claims = self._verified(token)
        if claims.expires <= time.time():
            raise InvalidToken()
        return claims

    def refresh(self, *, sessao_id: int, geracao: int) -> str:
        return f"{sessao_id}.{geracao}.{self._refresh_mac(sessao_id, geracao)}"

    def read_refresh(self, token: str) -> tuple[int, int]:
        """(session id, generation) of a refresh token that we made, else InvalidToken."""
        parts = token.split(".") if len(token) <= _MAX_TOKEN else []
        if len(parts) != 3:
            raise InvalidToken()
        sessao_id, geracao = as_id(parts[0]), as_id(parts[1])
        if sessao_id is None or geracao is None:
            raise InvalidToken()
        expected = self._refresh_mac(sessao_id, geracao)
        if not hmac.compare_digest(expected.encode(), parts[2].encode()):
            raise InvalidToken()
        return sessao_id, geracao

    def _verify(self, token: str) -> AccessClaims:
        try:
            for part in token.split("."):  # a token has one spelling only
                base64url.decode(part)
            claims = jwt.decode(
                token,
                self._access_key,
                algorithms=[ALGORITHM],
                audience=ACCESS_AUDIENCE,
                issuer=ISSUER,
                options={"require": _REQUIRED},
            )
            usuario_id, sessao_id = as_id(claims["sub"]), as_id(str(claims["sid"]))
            if claims["typ"] != ACCESS_TYPE or type(claims["sid"]) is not int:
                raise InvalidToken()
            if usuario_id is None or sessao_id is None:
                raise InvalidToken()
            return AccessClaims(usuario_id, sessao_id, int(claims["exp"]))
        except (jwt.InvalidTokenError, ValueError, TypeError) as error:
            raise InvalidToken() from error

    def _refresh_mac(self, sessao_id: int, geracao: int) -> str:
        digest = hmac.digest(self._refresh_key, f"{sessao_id}.{geracao}".encode(), "sha256")
        return base64url.encode(digest)


def _derive(secret: str, purpose: bytes) -> bytes:
    """A 32-byte key for one purpose (HMAC-SHA-256 of the purpose under the secret)."""
    return hmac.digest(hashlib.sha256(secret.encode()).digest(), purpose, "sha256")
