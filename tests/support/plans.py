"""How PostgreSQL carries a query out: explained and run on the read engine, as the product sends
it, under row-level security and with the application's role."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from models.db.messages.prepared import Message
from models.db.messages.queries import Query
from models.db.statements import read_engine
from models.db.transactions import for_tenant

# So that PostgreSQL takes helpers for a small table as it would for a large one.
TEMPTING = (
    "set local parallel_setup_cost = 0; set local parallel_tuple_cost = 0; "
    "set local min_parallel_table_scan_size = 0; set local min_parallel_index_scan_size = 0; "
)
_EXPLAIN = "explain (analyze, buffers, costs off, timing off, summary off, format json) "


@dataclass(frozen=True)
class Plan:
    """`nodes`: in the order of the plan, the outermost first."""

    nodes: list[dict[str, Any]]
    kinds: frozenset[str]

    def scan(self, table: str) -> dict[str, Any]:
        """The one scan of this table."""
        (found,) = (node for node in self.nodes if node.get("Relation Name") == table)
        return found

    def index_of(self, table: str) -> str | None:
        return self.scan(table).get("Index Name")


def explain(query: Query, values: Mapping[str, Any], equipe_id: int, *, before: str = "") -> Plan:
    """A hot query with its plan for unknown values, made again after its first use, as whenever a
    table is analyzed; others as they are planned for these values."""
    with closing(read_engine().raw_connection()) as pooled, closing(pooled.cursor()) as cursor:
        connection: Any = pooled.dbapi_connection
        _forget(connection, cursor)
        text = _prepared(connection, cursor, query) if query.hot else query.sql
        settings, statement = _parted(text)
        asked = before + settings + _EXPLAIN + statement
        cursor.execute(for_tenant(equipe_id, asked), dict(values))
        ((found,),) = cursor.fetchall()
        _forget(connection, cursor)
    nodes = list(walk(found[0]["Plan"]))
    return Plan(nodes, frozenset(node["Node Type"] for node in nodes))


def _forget(connection: Any, cursor: Any) -> None:
    """Other tests may have prepared it on this connection."""
    cursor.execute("deallocate all")
    connection.prepared.clear()


def _prepared(connection: Any, cursor: Any, query: Query) -> str:
    message = Message(connection)
    before, _ = _parted(message.text(query.sql))
    cursor.execute(before, {})
    message.succeeded()
    cursor.execute("discard plans")
    return Message(connection).text(query.sql)


def _parted(text: str) -> tuple[str, str]:
    """The settings, or the preparation, and the last statement of a message."""
    before, separator, last = text.rpartition("; ")
    return before + separator, last


def walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for inner in node.get("Plans", ()):
        yield from walk(inner)
