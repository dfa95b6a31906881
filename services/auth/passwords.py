"""Password hashes: argon2id at OWASP's minimum (19 MiB, 2 passes, 1 lane)."""

import os
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from functools import cache
from threading import get_native_id

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from utils.sharing.slots import outside

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NICENESS = 10


def _give_way() -> None:
    """Linux has a priority per thread: others' short requests come before a long hash."""
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, get_native_id(), _NICENESS)


# A hash keeps one core busy and takes 19 MiB. There is one worker per core, so more than one hash
# at a time per worker would gain nothing.
_HASHING = ThreadPoolExecutor(1, "hash", initializer=_give_way)


def hash_password(senha: str, *, in_transaction: bool = False) -> str:
    """The encoded argon2id hash of the whole password, never of a part of it."""
    return _in_turn(lambda: _HASHER.hash(_canonical(senha)), in_transaction)


def matches(senha_hash: str | None, senha: str, *, in_transaction: bool = False) -> bool:
    """Whether it is the password. A user without one costs one hash as well."""
    known = senha_hash or dummy_hash()
    try:
        same = _in_turn(lambda: _HASHER.verify(known, _canonical(senha)), in_transaction)
        return same and senha_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def _in_turn[Outcome](work: Callable[[], Outcome], in_transaction: bool) -> Outcome:
    """One hash at a time. A request that waits holds no slot, so that logins do not block other
    requests. A request with a connection keeps its slot, because there are no more connections."""
    with nullcontext() if in_transaction else outside():
        return _HASHING.submit(work).result()


def needs_rehash(senha_hash: str) -> bool:
    """True when the parameters have moved on since this hash was made."""
    return _HASHER.check_needs_rehash(senha_hash)


@cache
def dummy_hash() -> str:
    """The hash that an unknown e-mail's login is verified against, so that it takes as long."""
    return hash_password("um usuário que não existe")


def _canonical(senha: str) -> str:
    # The same password typed on two keyboards may arrive composed or decomposed.
    return unicodedata.normalize("NFC", senha)
