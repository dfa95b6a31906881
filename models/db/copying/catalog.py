"""What a database holds, asked of the database itself: a table of a later migration needs no line
here, and an older database has the tables that it has.
"""

from collections.abc import Iterable
from graphlib import TopologicalSorter
from typing import NamedTuple

from sqlalchemy import Connection, text

# Unlogged tables hold what may be lost: counters, leases. Migrations write where they stand.
_TABLES = """
select c.relname, c.relrowsecurity, c.relforcerowsecurity,
  array_agg(cast(a.attname as text) order by a.attnum)
from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relnamespace = cast(current_schema() as regnamespace) and c.relkind in ('r', 'p')
  and not c.relispartition and c.relpersistence = 'p' and c.relname <> 'alembic_version'
  and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
group by c.oid
"""
_REFERENCES = """
select f.relname, t.relname
from pg_constraint k join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
where k.contype = 'f' and k.connamespace = cast(current_schema() as regnamespace)
"""
_SEQUENCES = """
select s.sequencename, t.relname, a.attname, s.last_value
from pg_sequences s
join pg_class q on q.relname = s.sequencename
  and q.relnamespace = cast(current_schema() as regnamespace)
join pg_depend d on d.objid = q.oid and d.classid = cast('pg_class' as regclass)
  and d.deptype in ('a', 'i')
join pg_class t on t.oid = d.refobjid
join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
where s.schemaname = current_schema()
"""


class Table(NamedTuple):
    """A table whose rows last. `by_tenant`: row-level security hides those of other tenants;
    `forced`: from its owner, too."""

    name: str
    by_tenant: bool
    forced: bool
    columns: tuple[str, ...]


class Sequence(NamedTuple):
    """What numbers a column; `last` is None before the first number."""

    name: str
    table: str
    column: str
    last: int | None


def tables(connection: Connection) -> list[Table]:
    """Each one after those that it refers to."""
    found = {
        name: Table(name, by_tenant, forced, tuple(columns))
        for name, by_tenant, forced, columns in connection.execute(text(_TABLES))
    }
    order = TopologicalSorter[str]({name: () for name in sorted(found)})
    for name, target in connection.execute(text(_REFERENCES)):
        if name != target:
            order.add(name, target)
    return [found[name] for name in order.static_order() if name in found]


def sequences(connection: Connection) -> list[Sequence]:
    return [Sequence(*row) for row in connection.execute(text(_SEQUENCES))]


def quoted(connection: Connection, *names: str) -> str:
    """Names as SQL takes them, with commas between."""
    quote = connection.dialect.identifier_preparer.quote_identifier
    return ", ".join(quote(name) for name in names)


def names(of: Iterable[Table]) -> list[str]:
    return [table.name for table in of]
