"""Password hashes: argon2id at OWASP's minimum (19 MiB, 2 passes, 1 lane)."""

import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MAX_LENGTH = 128
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# A hash fills a core and 19 MiB. There is a worker for each core, so one at a time in each is all
# that the machine can use.
_SLOTS = BoundedSemaphore(1)


def hash_password(senha: str) -> str:
    """The encoded argon2id hash of the whole password, never of a part of it."""
    with _SLOTS:
        return _HASHER.hash(_canonical(senha))


def verify_password(senha_hash: str, senha: str) -> bool:
    """Whether it is the password; costs one hash whatever the answer."""
    try:
        with _SLOTS:
            return _HASHER.verify(senha_hash, _canonical(senha))
    except (VerificationError, InvalidHashError):
        return False


def matches(senha_hash: str | None, senha: str) -> bool:
    """Whether it is the password of somebody who may have none; costs the same either way."""
    return verify_password(senha_hash or dummy_hash(), senha) and senha_hash is not None


def needs_rehash(senha_hash: str) -> bool:
    """True when the parameters have moved on since this hash was made."""
    return _HASHER.check_needs_rehash(senha_hash)


@cache
def dummy_hash() -> str:
    """What an unknown e-mail is verified against, so that it costs what a known one does."""
    return hash_password("um usuário que não existe")


def _canonical(senha: str) -> str:
    # The same password typed on two keyboards may arrive composed or decomposed.
    return unicodedata.normalize("NFC", senha)
