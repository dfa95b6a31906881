"""The database: declarative base, one transaction per entry point, and the tenant it runs for.

Three lines keep one equipe's rows from another; two of them live here and in the migrations:
the ORM guard below adds `equipe_id` to every statement on a tenant table and refuses to run one
without a tenant, and row-level security hides every row while `app.equipe_id` is unset.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    ClauseElement,
    Connection,
    Executable,
    ForeignKeyConstraint,
    MetaData,
    Table,
    event,
)
from sqlalchemy.engine import Engine
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    SessionTransaction,
    mapped_column,
    with_loader_criteria,
)
from sqlalchemy.sql.util import find_tables

from models.engines import READ_BIND

# Milliseconds. All of them end with their transaction or message: a pooler may give the server's
# session to somebody else right after.
LOCK_TIMEOUT = 10_000
WRITE_TIMEOUT = 15_000
READ_TIMEOUT = 8_000
NO_TIMEOUT = 0
# A process that froze in the middle of a transaction must not hold its locks for ever.
_IDLE_TIMEOUT = 60_000

CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=CONSTRAINT_NAMES)


class Tenant:
    """Marks a table whose rows belong to one equipe; its primary key begins with `equipe_id`."""

    equipe_id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, sort_order=-10
    )


class TenantMissing(RuntimeError):
    """A statement on a tenant table ran before enter_tenant(): a bug, never a user's fault."""


# No autoflush: a half-changed entity must not meet its constraints while a rule is still asking.
db = SQLAlchemy(model_class=Base, session_options={"autoflush": False})


def team_fk(*extra: ForeignKeyConstraint) -> tuple[ForeignKeyConstraint, ...]:
    """Every tenant table points at its equipe."""
    return (ForeignKeyConstraint(["equipe_id"], ["equipes.id"]), *extra)


def read_engine() -> Engine:
    return db.engines[READ_BIND]


def _tenant_statement(equipe_id: int) -> str:
    return f"set local app.equipe_id = '{int(equipe_id)}'"


def in_time(sql: str) -> str:
    """`sql` behind its time limit in ONE message: an implicit transaction that leaves nothing
    behind. On a message of its own the limit would cost a round trip.
    """
    return f"set local statement_timeout = {READ_TIMEOUT}; {sql}"


def for_tenant(equipe_id: int, sql: str) -> str:
    """`sql` behind its tenant and its time limit in one message.

    The id is formatted as an int; the bound parameters of `sql` stay bound.
    """
    return in_time(f"{_tenant_statement(equipe_id)}; {sql}")


@contextmanager
def transaction(statement_timeout: int = WRITE_TIMEOUT) -> Iterator[Session]:
    """The one transaction of a request, command or job; only entry points open it.

    Commits when the block ends well, rolls back on any exception but one that says it keeps its
    writes (a replayed token must stay revoked although its request is refused). A tenant entered
    inside ends with it.
    """
    session = db.session()
    if session.info.setdefault("open", False):
        raise RuntimeError("transaction() belongs to entry points; a second one was opened beneath")
    session.info |= {"open": True, "statement_timeout": statement_timeout}
    try:
        try:
            yield session
        except Exception as error:
            if getattr(error, "keep_writes", False):
                session.commit()
            raise
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.clear()


def enter_tenant(equipe_id: int) -> None:
    """From here on the session works for this equipe; entering a second one is a bug."""
    session = db.session()
    current = session.info.get("equipe_id")
    if current not in (None, equipe_id):
        raise RuntimeError("this transaction already works for another equipe")
    session.info["equipe_id"] = equipe_id
    if session.in_transaction():
        session.connection().exec_driver_sql(_tenant_statement(equipe_id))


@event.listens_for(Session, "after_begin")
def _set_limits_and_tenant(session: Session, _: SessionTransaction, connection: Connection) -> None:
    if connection.engine.name != "postgresql":
        return
    statements = _limits(session.info.get("statement_timeout", WRITE_TIMEOUT))
    equipe_id = session.info.get("equipe_id")
    if equipe_id is not None:
        statements.append(_tenant_statement(equipe_id))
    connection.exec_driver_sql("; ".join(statements))


def _limits(statement_timeout: int) -> list[str]:
    # Without a limit on statements nobody waits at the other end: a file takes what it takes.
    idle = _IDLE_TIMEOUT if statement_timeout else NO_TIMEOUT
    return [
        f"set local lock_timeout = {LOCK_TIMEOUT}",
        f"set local statement_timeout = {statement_timeout}",
        f"set local idle_in_transaction_session_timeout = {idle}",
    ]


@event.listens_for(Session, "do_orm_execute")
def _filter_by_tenant(state: ORMExecuteState) -> None:
    """Add `equipe_id = …` to every ORM statement, wherever in it a tenant entity stands."""
    if state.is_column_load or state.is_relationship_load or not _reads_or_writes_rows(state):
        return
    touched = _tenant_tables(state.statement)
    if not touched:
        return
    equipe_id = state.session.info.get("equipe_id")
    if equipe_id is None:
        raise TenantMissing(f"{touched} without a tenant")
    # Without include_aliases the criteria of a mixin reach no entity at all.
    criteria = with_loader_criteria(
        Tenant, lambda entity: entity.equipe_id == equipe_id, include_aliases=True
    )
    state.statement = state.statement.options(criteria)


def _tenant_tables(statement: Executable) -> list[str]:
    """The tenant tables of a statement: selected, joined, counted or only asked about beneath."""
    found = find_tables(
        cast(ClauseElement, statement),
        check_columns=True,
        include_aliases=True,
        include_joins=True,
        include_selects=True,
        include_crud=True,
    )
    tables = {table for table in found if isinstance(table, Table)}
    return sorted(table.name for table in tables if "equipe_id" in table.primary_key.columns)


def _reads_or_writes_rows(state: ORMExecuteState) -> bool:
    return state.is_select or state.is_update or state.is_delete


@event.listens_for(Session, "before_flush")
def _own_rows_only(session: Session, *_: Any) -> None:
    """New rows get the session's equipe; a row of another one never leaves."""
    for entity in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(entity, Tenant):
            continue
        equipe_id = session.info.get("equipe_id")
        if equipe_id is None:
            raise TenantMissing(type(entity).__name__)
        if entity.equipe_id is None:
            entity.equipe_id = equipe_id
        if entity.equipe_id != equipe_id:
            raise TenantMissing(f"{type(entity).__name__} of another equipe")
