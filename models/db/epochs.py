"""Epochs of the history, and what a reader that follows it may read.

A follower remembers the last event it read, (epoca, xid, id), and reads on in this order. Of the
present epoch it reads only below the oldest running transaction, so that it skips no event that is
committed late. Transaction ids are a server's own: restored events carry those of another one. So
a restore begins a new epoch. The earlier ones are complete: nothing is running that could add to
them, and they may be read to their end.
"""

from sqlalchemy import Connection, text

# What a new event gets; None in a database that is older than epochs.
CURRENT = """
(select cast(pg_get_expr(d.adbin, d.adrelid) as int)
from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
where d.adrelid = cast('eventos' as regclass) and a.attname = 'epoca')"""
# The condition for a follower's next events, in the order (epoca, xid, id). It is an end of that
# order, so that an index is read up to it and not past it.
READABLE = f"""
(epoca, xid) < ({CURRENT}, pg_snapshot_xmin(pg_current_snapshot()))"""
# What runs no longer before this transaction has committed or never will.
OLDEST_RUNNING = "select cast(pg_snapshot_xmin(pg_current_snapshot()) as text)"
# The condition for events of it and of later ones.
SINCE = f"epoca = {CURRENT} and xid >= cast(:desde as xid8)"
# A file that is restored twice begins a new epoch each time, and cannot know of the first one. So
# an epoch is numbered by its second, from 2020 on: four bytes last until 2088.
_BY_THE_CLOCK = "cast(extract(epoch from now() - timestamptz '2020-01-01 00:00Z') as int)"


def current_epoch(connection: Connection) -> int | None:
    epoch: int | None = connection.scalar(text(f"select {CURRENT}"))
    return epoch


def open_epoch(connection: Connection, after: int) -> int:
    """Begin an epoch that is later than `after`, and than every other one; its number.

    As the tables' owner. It waits for those who are writing events.
    """
    past = max(after, current_epoch(connection) or 0)
    query = text(f"select greatest(cast(:next as int), {_BY_THE_CLOCK})")
    epoch = int(connection.scalar(query, {"next": past + 1}) or 0)
    connection.exec_driver_sql(f"alter table eventos alter epoca set default {epoch}")
    return epoch
