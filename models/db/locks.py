"""Locks on names that are no rows. They end with their transaction and work behind a pooler."""

import hashlib
from collections.abc import Collection

from models.db.statements import Query, execute_here, fetch_global, fetch_here

# Milliseconds that a writer waits for a lock while somebody waits for the writer's reply.
PATIENCE = 1_000
# The server's lock table is shared by everybody: whoever needs more names than this takes all.
_MANY = 64
_SOME = Query(
    "select pg_advisory_xact_lock_shared(%(group)s); "
    "select pg_advisory_xact_lock(k) from unnest(cast(%(ids)s as bigint[])) k",
    {},
)
_ALL = Query("select pg_advisory_xact_lock(%(group)s)", {})
_IMPATIENT = f"set local lock_timeout = {PATIENCE}; "
_SOME_SOON = Query(_IMPATIENT + _SOME.sql, {})
_ALL_SOON = Query(_IMPATIENT + _ALL.sql, {})
_TRY_LOCK = Query("select pg_try_advisory_xact_lock(%(id)s)", {})


def lock_names(group: str, names: Collection[str], *, patiently: bool) -> None:
    """Wait for the other holders of these names of a group; many of them are the whole group.

    Always in one order, so that two transactions never wait for each other. Not `patiently`: this
    transaction waits no longer than PATIENCE, for these and for every later lock.
    """
    if not names:
        return
    ids = sorted({_lock_id(f"{group}:{name}") for name in names})
    if len(ids) > _MANY:
        execute_here(_ALL if patiently else _ALL_SOON, {"group": _lock_id(group)})
    else:
        values = {"group": _lock_id(group), "ids": ids}
        execute_here(_SOME if patiently else _SOME_SOON, values)


def try_lock(name: str) -> bool:
    """Whether nobody else holds the name, which is then ours."""
    ((ours,),) = fetch_here(_TRY_LOCK, {"id": _lock_id(name)})
    return bool(ours)


def is_free(name: str) -> bool:
    """Whether nobody holds the name at this moment; asked outside any transaction."""
    ((free,),) = fetch_global(_TRY_LOCK.sql, {"id": _lock_id(name)})
    return bool(free)


def _lock_id(name: str) -> int:
    """PostgreSQL locks numbers of 64 bits; two names that share one only wait for each other."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)
