"""A checksum of every column of version 0.1.0, and where a later version keeps what it held."""

from collections.abc import Mapping
from typing import NamedTuple

from bench.database import Database


class Column(NamedTuple):
    table: str
    name: str


# Old column → SQL over the same table's newest columns that gives the old value, type and all.
# Written by whoever moves a column; a column that is not named here must be there unchanged.
MOVED: Mapping[Column, str] = {
    Column("leads", "valor"): "(valor_centavos / 100.0)::numeric(14, 2)",
    Column("leads", "renda_mensal"): "(renda_centavos / 100.0)::numeric(14, 2)",
}


def tables(database: Database) -> dict[str, list[Column]]:
    """The columns of each table, as they are now."""
    rows = database.sql(
        "select table_name, column_name from information_schema.columns join "
        "information_schema.tables using (table_schema, table_name) where table_schema = 'public' "
        "and table_type = 'BASE TABLE' and table_name <> 'alembic_version' order by 1, 2"
    )
    found: dict[str, list[Column]] = {}
    for table, name in rows:
        found.setdefault(str(table), []).append(Column(str(table), str(name)))
    return found


def keys(database: Database) -> dict[str, str]:
    """What tells a table's rows apart, as SQL."""
    rows = database.sql(
        "select c.relname, string_agg(quote_ident(a.attname), ', ' order by a.attnum) "
        "from pg_index i join pg_class c on c.oid = i.indrelid join pg_attribute a "
        "on a.attrelid = c.oid and a.attnum = any(i.indkey) where i.indisprimary "
        "and c.relnamespace = 'public'::regnamespace group by c.relname"
    )
    return {str(table): str(columns) for table, columns in rows}


def checksums(
    database: Database,
    columns: Mapping[str, list[Column]],
    keys: Mapping[str, str],
    moved: Mapping[Column, str],
) -> dict[Column, str]:
    """One sum a column, whatever the order of rows; `id` and the like are the rows' own."""
    found = {}
    for table, names in columns.items():
        sums = [_sum(keys[table], moved.get(column, f'"{column.name}"')) for column in names]
        row = database.sql(f"select count(*), {', '.join(sums)} from {table}")[0]
        found[Column(table, "(rows)")] = str(row[0])
        found |= {column: str(value) for column, value in zip(names, row[1:], strict=True)}
    return found


def _sum(key: str, value: str) -> str:
    """Null has a text of its own, so that it is told from the empty one."""
    row = f"concat_ws('|', {key}, coalesce(({value})\\:\\:text, '∅'))"
    return f"sum(hashtextextended({row}, 0)\\:\\:numeric)"
