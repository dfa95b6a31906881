"""Locks on names that are no rows. They end with their transaction and work behind a pooler."""

import hashlib
from collections.abc import Collection

from models.db.messages.queries import Part, Query
from models.db.statements import execute_here, fetch_here

# Milliseconds that a writer waits for a lock while a caller waits for the writer's reply.
PATIENCE = 1_000
# All transactions share the server's lock table: one that needs more names than this locks them all
# as one.
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
_SHARED = Query("select pg_advisory_xact_lock_shared(%(id)s)", {}, hot=True)
_ALONE = Query("select pg_advisory_xact_lock(%(id)s)", {})
_TRY_SHARED = Query("select pg_try_advisory_xact_lock_shared(%(id)s)", {})
_TRY_LOCK = Query("select pg_try_advisory_xact_lock(%(id)s)", {})


def lock_names(group: str, names: Collection[str], *, patiently: bool) -> None:
    """Wait for the other holders of these names of a group; many names lock the whole group.

    Locks are taken in one order, so that two transactions never wait for each other. If not
    `patiently`, this transaction waits at most PATIENCE, for these and for every later lock.
    """
    for query, values in name_locks(group, names, patiently=patiently):
        execute_here(query, values)


def name_locks(group: str, names: Collection[str], *, patiently: bool) -> list[Part]:
    """What lock_names() sends, for a message with more in it."""
    if not names:
        return []
    ids = sorted({lock_id(f"{group}:{name}") for name in names})
    if len(ids) > _MANY:
        return [(_ALL if patiently else _ALL_SOON, {"group": lock_id(group)})]
    return [(_SOME if patiently else _SOME_SOON, {"group": lock_id(group), "ids": ids})]


def try_lock(name: str) -> bool:
    """Take the lock if no other transaction holds it; whether it was taken."""
    ((ours,),) = fetch_here(_TRY_LOCK, {"id": lock_id(name)})
    return bool(ours)


def shared_lock(name: str) -> Part:
    """What takes the lock beside others that share it, for a message with more in it."""
    return _SHARED, {"id": lock_id(name)}


def try_shared_lock(name: str) -> bool:
    """The same without a wait for who has it alone, or waits to; whether it was taken."""
    ((ours,),) = fetch_here(_TRY_SHARED, {"id": lock_id(name)})
    return bool(ours)


def lock_alone(name: str) -> None:
    """Wait for all who share the lock, and keep them out."""
    execute_here(_ALONE, {"id": lock_id(name)})


def lock_id(name: str) -> int:
    """The number that PostgreSQL locks for a name; two names that share one only wait for each
    other."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)
