"""One transaction per entry point, its time limits, and the tenant it works for."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session, SessionTransaction

from models.db.base import db

# Milliseconds. All of them end with their transaction or message: a pooler may give the server's
# session to another client right after.
LOCK_TIMEOUT = 10_000
WRITE_TIMEOUT = 15_000
READ_TIMEOUT = 8_000
NO_TIMEOUT = 0
# Of a step of a job: nobody waits for it, so it rather gives way and is tried again.
STEP_TIMEOUT = 15_000
STEP_PATIENCE = 2_000
# A process that freezes during a transaction must not hold its locks for ever.
_IDLE_TIMEOUT = 60_000
_ONE_MOMENT = "set transaction isolation level repeatable read"
# Whether the transaction of this thread must see all that is read.
_alone: ContextVar[bool] = ContextVar("alone", default=False)


class ReadBeside(RuntimeError):
    """A read left a transaction that has to see all that is read: always a bug in our code."""


# A write must see the texts of lead_busca that it replaces: they are like "%". Spelt as an escape,
# because the driver takes a percent sign for a parameter.
_EVERY_TEXT = r"set local app.busca = E'\x25'"


def tenant_statement(equipe_id: int) -> str:
    return f"set local app.equipe_id = '{int(equipe_id)}'"


def _write_statements(equipe_id: int) -> list[str]:
    return [tenant_statement(equipe_id), _EVERY_TEXT]


def in_time(sql: str) -> str:
    """`sql` behind its time limit in ONE message: an implicit transaction that leaves nothing
    behind. On a message of its own the limit would cost a round trip.
    """
    return f"set local statement_timeout = {READ_TIMEOUT}; {sql}"


def for_tenant(equipe_id: int, sql: str) -> str:
    """`sql` behind its tenant and its time limit in one message.

    The id is formatted as an int; the bound parameters of `sql` stay bound.
    """
    return in_time(f"{tenant_statement(equipe_id)}; {sql}")


@contextmanager
def transaction(
    statement_timeout: int = WRITE_TIMEOUT, *, prepares: bool = False
) -> Iterator[Session]:
    """The one transaction of a request, command or job; only entry points open it.

    Commits when the block ends well, rolls back on any exception but one that says it keeps its
    writes (a replayed token must stay revoked although its request is refused). A tenant entered
    inside ends with it.

    `prepares`: hot statements are executed prepared. Behind a pooler it can break with an error
    that is_worth_repeating; the caller then runs the whole of it again, without.
    """
    with _opened(statement_timeout=statement_timeout, prepares=prepares) as session:
        yield session


@contextmanager
def snapshot(statement_timeout: int = READ_TIMEOUT) -> Iterator[Session]:
    """A transaction that only reads. All its statements see one moment, whatever others commit
    meanwhile; a read past it, on the read engine, would see another one and raises ReadBeside.
    """
    opening = [f"{_ONE_MOMENT}, read only"]
    with _unaccompanied(), _opened(statement_timeout=statement_timeout, opening=opening) as session:
        yield session


@contextmanager
def step_transaction(*, one_moment: bool = False) -> Iterator[Session]:
    """The transaction of one step of a job, with limits of its own. What the step reads decides
    where the next one goes on, so reads past it raise ReadBeside.

    `one_moment`: its statements see one moment, as in snapshot(), and it may still write. What
    somebody else has changed since then it cannot change: the step then fails as busy.
    """
    opening = [_ONE_MOMENT] if one_moment else []
    limits = {"statement_timeout": STEP_TIMEOUT, "lock_timeout": STEP_PATIENCE}
    with _unaccompanied(), _opened(opening=opening, **limits) as session:
        yield session


@contextmanager
def _unaccompanied() -> Iterator[None]:
    token = _alone.set(True)
    try:
        yield
    finally:
        _alone.reset(token)


def refuse_beside() -> None:
    """Raises ReadBeside where nothing may be read outside the transaction of this thread."""
    if _alone.get():
        raise ReadBeside("use fetch_here() inside a snapshot or the step of a job")


def is_open() -> bool:
    """Whether this thread is inside a transaction of an entry point."""
    return bool(db.session().info.get("open"))


@contextmanager
def _opened(**how: Any) -> Iterator[Session]:
    session = db.session()
    if session.info.setdefault("open", False):
        raise RuntimeError("transaction() belongs to entry points; a second one was opened beneath")
    session.info |= {"open": True, **how}
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
    """From here on the session works for this tenant; entering a second one is a bug."""
    session = db.session()
    current = session.info.get("equipe_id")
    if current not in (None, equipe_id):
        raise RuntimeError("this transaction already works for another equipe")
    if session.in_transaction() and current is None:
        _start_with(session.connection(), _write_statements(equipe_id))
    session.info["equipe_id"] = equipe_id


@event.listens_for(Session, "after_begin")
def _set_limits_and_tenant(
    session: Session, begun: SessionTransaction, connection: Connection
) -> None:
    if begun.nested:  # a savepoint keeps what the transaction has set
        return
    info = session.info
    statements = [*info.get("opening", ()), *_limits(info)]
    equipe_id = session.info.get("equipe_id")
    if equipe_id is not None:
        statements += _write_statements(equipe_id)
    _start_with(connection, statements)


def _start_with(connection: Connection, statements: list[str]) -> None:
    """They travel with the first statement of the transaction, not in messages of their own."""
    connection.connection.dbapi_connection.start_with(statements)  # type: ignore[union-attr]


def _limits(info: dict[str, Any]) -> list[str]:
    statement_timeout = info.get("statement_timeout", WRITE_TIMEOUT)
    # Without a limit on statements no caller waits for the reply: a file takes as long as it needs.
    idle = _IDLE_TIMEOUT if statement_timeout else NO_TIMEOUT
    return [
        f"set local lock_timeout = {info.get('lock_timeout', LOCK_TIMEOUT)}",
        f"set local statement_timeout = {statement_timeout}",
        f"set local idle_in_transaction_session_timeout = {idle}",
    ]
