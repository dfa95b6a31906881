"""Whole tables out of a database and into an empty one, by COPY.

Out, as any role that may read: the rows of each tenant in that tenant's name, as the API reads
them, because row-level security hides them from everybody else. In, as the tables' owner, who lifts
row-level security and triggers within the transaction that fills the tables.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import IO, Any

import psycopg2
from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from models.db.access.fitness import refuse_unfit
from models.db.copying.catalog import Table, names, quoted, sequences

_BLOCK = 1 << 18  # bytes
# libpq's own. A server that has gone is noticed within a minute, in the middle of a copy too.
_LINK = {
    "connect_timeout": 5,
    "keepalives_idle": 20,
    "keepalives_interval": 10,
    "keepalives_count": 4,
    "client_encoding": "utf8",
}
# However long a file takes; only the wait for a lock is bounded. The search's policy shows the
# texts that are like its setting.
_LIMITS = (
    "set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; "
    "set local lock_timeout = 10000; set local app.busca = '%'"
)


def copying_engine(url: str) -> Engine:
    """A connection of its own for each transaction of a command; nothing watches its waits."""
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=_LINK)
    refuse_unfit(engine)
    return engine


@contextmanager
def one_moment(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads, and all of whose statements see one moment."""
    how = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**how) as connection:
        connection.exec_driver_sql(_LIMITS.replace("%", "%%"))
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that takes as long as it needs, and commits at its end."""
    with engine.begin() as connection:
        connection.exec_driver_sql(_LIMITS.replace("%", "%%"))
        yield connection


def lock(connection: Connection, tables: Iterable[Table], mode: str) -> None:
    found = quoted(connection, *names(tables))
    if found:
        connection.exec_driver_sql(f"lock table {found} in {mode} mode")


def copy_out(connection: Connection, table: Table, tenants: Iterable[int], file: IO[bytes]) -> int:
    """Write all rows of the table as COPY does; how many they are."""
    columns, name = quoted(connection, *table.columns), quoted(connection, table.name)
    rows = f"select {columns} from {name}"
    if not table.by_tenant:
        return _copy(connection, f"copy ({rows}) to stdout", file)
    return sum(
        _copy(
            connection,
            f"set local app.equipe_id = '{int(tenant)}'; "
            f"copy ({rows} where equipe_id = {int(tenant)}) to stdout",
            file,
        )
        for tenant in tenants
    )


def copy_in(connection: Connection, table: Table, columns: Iterable[str], file: IO[bytes]) -> int:
    """Add the rows that COPY has written; how many they are."""
    into = f"{quoted(connection, table.name)} ({quoted(connection, *columns)})"
    return _copy(connection, f"copy {into} from stdin", file)


def _copy(connection: Connection, statement: str, file: IO[bytes]) -> int:
    try:
        with closing(connection.connection.cursor()) as cursor:
            cursor.copy_expert(statement, file, _BLOCK)
            return int(cursor.rowcount)
    except psycopg2.Error as error:
        raise _translated(connection, error) from error


def _translated(connection: Connection, error: psycopg2.Error) -> DBAPIError:
    found: Any = DBAPIError.instance(None, None, error, psycopg2.Error, dialect=connection.dialect)
    translated: DBAPIError = found
    return translated


@contextmanager
def opened_to_owner(connection: Connection, tables: Iterable[Table]) -> Iterator[None]:
    """Inside, the owner writes the rows of all tenants, and no trigger adds to them. Whoever ends
    it early has to roll back."""
    forced = [table for table in tables if table.forced]
    _alter(connection, forced, "no force row level security")
    _alter(connection, tables, "disable trigger user")
    yield
    _alter(connection, tables, "enable trigger user")
    _alter(connection, forced, "force row level security")


def _alter(connection: Connection, tables: Iterable[Table], how: str) -> None:
    for table in tables:
        connection.exec_driver_sql(f"alter table {quoted(connection, table.name)} {how}")


def clear(connection: Connection, tables: Iterable[Table]) -> None:
    """Delete all rows, of those that refer to others first."""
    for table in reversed(list(tables)):
        connection.exec_driver_sql(f"delete from {quoted(connection, table.name)}")


def number_from(connection: Connection, last: Mapping[str, int]) -> None:
    """Set the sequences so that each goes on behind its last number."""
    for name, number in last.items():
        connection.exec_driver_sql("select setval(%s, %s)", (quoted(connection, name), number))


def skip_numbers(connection: Connection, count: int) -> None:
    """Leave out the next `count` numbers of every sequence."""
    past = {each.name: (each.last or 0) + count for each in sequences(connection)}
    number_from(connection, past)


def analyze(connection: Connection, tables: Iterable[Table]) -> None:
    """Statistics for the planner, which autovacuum would take a while to make."""
    for table in tables:
        connection.exec_driver_sql(f"analyze {quoted(connection, table.name)}")
