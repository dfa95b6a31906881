"""How the application is connected: pools, and the patience of a connection attempt.

Nothing here changes a setting of the server's session: a pooler such as PgBouncer would pass it on
to another client, and refuses most startup parameters.
"""

from typing import Any

from sqlalchemy import Connection as Begun
from sqlalchemy import Engine, Pool, create_engine, event, make_url
from sqlalchemy.exc import InvalidatePoolError

from models.db.messages.connections import Connection

READ_BIND = "leitura"
# In the application's configuration: where migrations connect, None: where the API does; and
# whether powerful roles are refused.
OWNER_ADDRESS = "MIGRATION_DATABASE_URL"
PRODUCTION = "PRODUCTION"

# libpq's own; what DATABASE_URL says comes first. An attempt, or a reply from a host that has
# gone, is given up in time for an honest 503. On a local socket only the first one means anything.
_LINK = {
    "connect_timeout": "3",
    "keepalives_idle": "20",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "4000",  # milliseconds that sent data may stay unacknowledged
}
_POOL_TIMEOUT = 3


def write_options(url: str, threads: int) -> dict[str, Any]:
    """One connection per thread; a request holds at most one of each pool.

    hstore is not used, and asking for its types would be a message for each new connection.
    """
    pool = {"pool_size": threads, "max_overflow": 2, "pool_recycle": 1800}
    return {
        **pool,
        "pool_timeout": _POOL_TIMEOUT,
        "hide_parameters": True,  # they are personal data, and errors are logged
        "use_native_hstore": False,
        "connect_args": {**_link(url), "connection_factory": Connection},
    }


def read_bind(url: str, threads: int) -> dict[str, Any]:
    """Hot reads run on connections opened in autocommit: no BEGIN, no ROLLBACK, no reset.

    Setting the level per checkout would cost more than it saves; here it is set once, at connect.
    """
    return {
        "url": url,
        "isolation_level": "AUTOCOMMIT",
        "pool_reset_on_return": None,
        **write_options(url, threads),
    }


def lone_engine(url: str) -> Engine:
    """One connection in autocommit, for a process that forks and has no application. Its waits are
    not watched: they would be noted for ever in a child that is made during one."""
    return create_engine(
        url,
        pool_size=1,
        max_overflow=0,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        connect_args=_link(url),
    )


def _link(url: str) -> dict[str, str]:
    said = make_url(url).query
    return {name: value for name, value in _LINK.items() if name not in said}


@event.listens_for(Engine, "begin")
def _begin(connection: Begun) -> None:
    """For every engine, so that none can be made whose transactions are none."""
    ours = connection.connection.dbapi_connection
    if isinstance(ours, Connection):
        ours.begin()


@event.listens_for(Pool, "checkout")
def _replace_dead(connection: Any, *_: object) -> None:
    """What ended this connection has ended the pool's others too; SQLAlchemy then makes new ones.

    A write is not repeated, so its connection has to be sound. A read is, and saves the question.
    """
    if not isinstance(connection, Connection) or not connection.in_transactions:
        return
    if not connection.alive():
        raise InvalidatePoolError()
