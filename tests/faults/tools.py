"""Ways to break a server, and to see what its users were told."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil
from sqlalchemy import Engine, create_engine, text

from tests.support.api import Reply
from tests.support.leads import rows
from utils.postgres.embedded import EmbeddedPostgres

CSV = b"nome\nPrimeiro\nSegundo\n"


def refused(reply: Reply) -> bool:
    assert (reply.status, reply.codigo) == (503, "BANCO_INDISPONIVEL"), reply.body
    return int(reply.headers["Retry-After"]) > 0


@contextmanager
def locked(server: EmbeddedPostgres, table: str) -> Iterator[None]:
    """No other transaction reads or writes the table meanwhile."""
    engine = create_engine(server.url("finlead", "postgres"))
    with engine.begin() as connection:
        connection.execute(text(f"lock table {table} in access exclusive mode"))
        yield
    engine.dispose()


def wait_until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def postmaster(sql: Engine) -> psutil.Process:
    ((pid,),) = rows(sql, "select pid from pg_stat_activity where backend_type = 'checkpointer'")
    return psutil.Process(pid).parent()


@contextmanager
def frozen(sql: Engine) -> Iterator[None]:
    """The server keeps its connections and answers nothing."""
    parent = postmaster(sql)
    parent.suspend()  # first: while it is stopped it neither forks nor reaps children
    wait_until(lambda: parent.status() == psutil.STATUS_STOPPED)
    family = [*parent.children(), parent]
    try:
        for process in family:
            process.suspend()
        yield
    finally:
        # The parent last: once it runs again, a child that has ended is gone.
        for process in family:
            process.resume()
