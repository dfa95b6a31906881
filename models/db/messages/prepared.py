"""Statements that PostgreSQL plans once for each connection instead of each time.

They are prepared by SQL, in the message of their first execution, so that everything else about a
message stays as it is. A pooler may give each transaction another server, which does not know what
was prepared; then all statements to that address are sent plain from there on.
"""

import hashlib
import logging
import re
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import psycopg2

# Each keeps its plan in the server's memory, on every connection.
MOST = 200
# Those that are one tenant's, such as its rules: older ones make room.
MOST_OWN = 40
_UNKNOWN, _EXISTS, _OTHER_COLUMNS = "26000", "42P05", "0A000"
# Left to itself PostgreSQL would plan each time again for a tenant with many rows: its guess for
# known values is lower than the one for unknown ones, and the plan is the same.
_AS_PREPARED = "set local plan_cache_mode = force_generic_plan; "
# A plan that is made while a table is small must be good when it has grown, and for a tenant that
# is larger than the others. All that is prepared finds few rows by their keys. Plans are made again
# whenever PostgreSQL analyzes a table, so every read says it. Inside a transaction it reaches the
# statements after it: there it is said once per connection, and they are of the same kind.
BY_INDEX = "".join(
    f"set local {setting}; "
    for setting in (
        *(
            f"enable_{way} = off"
            for way in (
                "seqscan",
                "bitmapscan",
                "sort",
                "incremental_sort",
                "hashjoin",
                "mergejoin",
                "material",
            )
        ),
        # For a few rows a second process takes longer to start than the first to find them.
        "max_parallel_workers_per_gather = 0",
    )
)
# Not a percent sign of a constant, which is doubled.
_PLACEHOLDER = re.compile(r"(?<!%)%\((\w+)\)s")

_log = logging.getLogger("finlead")
_plain: set[str] = set()  # addresses, as models/db/messages/lifeline has them
_guard = threading.Lock()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement in its two parts, with the driver's signs."""

    name: str
    preparation: str
    execution: str


class Message:
    """What one message to one connection prepares, and what follows from its outcome."""

    __slots__ = ("_connection", "_known", "_new")

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._known: set[str] = set()
        self._new: set[str] = set()

    def text(self, sql: str, *, own: bool = False) -> str:
        """The statement as this connection executes it; `own`: its text is one tenant's."""
        if self._connection.address in _plain:
            return self._plain(sql)
        this = prepared(sql)
        first = not (self._known or self._new)
        before = _AS_PREPARED if first else ""
        if this.name in self._connection.prepared or this.name in self._new:
            self._known.add(this.name)
            if own:
                self._use(this.name)
            before += BY_INDEX if first and not self._connection.in_transactions else ""
            return before + this.execution
        if len(self._connection.prepared) + len(self._new) >= MOST:
            return self._plain(sql)
        before += "" if self._new else BY_INDEX
        self._new.add(this.name)
        before += self._room() if own else ""
        if own:
            self._use(this.name)
        return f"{before}{this.preparation}; {this.execution}"

    def _use(self, name: str) -> None:
        self._connection.own.pop(name, None)
        self._connection.own[name] = None

    def _room(self) -> str:
        """What takes away the one that has waited longest. Nothing else of this message uses it."""
        own = self._connection.own
        if len(own) < MOST_OWN:
            return ""
        oldest = next(iter(own))
        del own[oldest]
        if oldest not in self._connection.prepared:  # the message that it came with has failed
            return ""
        self._connection.prepared.discard(oldest)
        return f"deallocate {oldest}; "

    def _plain(self, sql: str) -> str:
        return sql if self._connection.in_transactions else BY_INDEX + sql

    def succeeded(self) -> None:
        self._connection.prepared.update(self._new)

    def failed(self, error: psycopg2.Error) -> bool:
        """Whether it failed because statements are prepared, and would not with plain ones."""
        connection, code = self._connection, error.pgcode
        if code == _UNKNOWN:
            _turn_plain(connection.address)
        elif code == _EXISTS:
            connection.prepared.update(name for name in self._new if name in str(error))
        elif code == _OTHER_COLUMNS and self._known:
            connection.close()  # a migration came: all that it has prepared is out of date
        else:
            return False
        return True


@lru_cache(maxsize=1_024)
def prepared(sql: str) -> Prepared:
    """The name follows from the text: whoever else has taken it has prepared the same."""
    numbers: dict[str, int] = {}
    for parameter in _PLACEHOLDER.findall(sql):
        numbers.setdefault(parameter, len(numbers) + 1)
    text = _PLACEHOLDER.sub(lambda found: f"${numbers[found[1]]}", sql)
    name = f"fl_{hashlib.blake2b(text.encode(), digest_size=8).hexdigest()}"
    values = ", ".join(f"%({parameter})s" for parameter in numbers)
    execution = f"execute {name}({values})" if values else f"execute {name}"
    return Prepared(name, f"prepare {name} as {text}", execution)


def _turn_plain(address: str) -> None:
    with _guard:
        known = address in _plain
        _plain.add(address)
    if not known:
        _log.warning("a pooler stands before the database, statements are not prepared")
