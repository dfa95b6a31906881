"""Locks on names that are no rows. They end with their transaction and work behind a pooler."""

import hashlib
from collections.abc import Iterable

from models.db.statements import Query, execute_here, fetch_here

_LOCK_ALL = Query("select pg_advisory_xact_lock(k) from unnest(cast(%(ids)s as bigint[])) k", {})
_TRY_LOCK = Query("select pg_try_advisory_xact_lock(%(id)s)", {})


def lock_all(names: Iterable[str]) -> None:
    """Wait for the holders of these names.

    Always in one order, so that two transactions never wait for each other.
    """
    ids = sorted({_lock_id(name) for name in names})
    if ids:
        execute_here(_LOCK_ALL, {"ids": ids})


def try_lock(name: str) -> bool:
    """Whether nobody else holds the name, which is then ours."""
    ((ours,),) = fetch_here(_TRY_LOCK, {"id": _lock_id(name)})
    return bool(ours)


def _lock_id(name: str) -> int:
    """PostgreSQL locks numbers of 64 bits; two names that share one only wait for each other."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)
