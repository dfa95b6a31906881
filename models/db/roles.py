"""The database role of production: one that row-level security holds.

A superuser or BYPASSRLS role would read every equipe's rows past the policies.
"""

from contextlib import closing
from typing import Any

from sqlalchemy import NullPool, create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

_ASK = """
select coalesce(bool_or(rolsuper or rolbypassrls), true) from pg_roles
where rolname in (session_user, current_user)
"""
_PATIENCE = 3  # seconds


class PowerfulRole(RuntimeError):
    """Nothing is served through such a role."""

    def __init__(self) -> None:
        super().__init__(
            "Configuração inválida:\n- O usuário de DATABASE_URL é superusuário ou tem BYPASSRLS; "
            "em produção use um papel comum, dono do banco."
        )


def refuse_powerful_role(url: str) -> None:
    """Raises PowerfulRole. A database that is away answers later: see refuse_on_connect()."""
    engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": _PATIENCE})
    refuse_on_connect(engine)
    try:
        engine.connect().close()
    except DBAPIError:
        return


def refuse_on_connect(engine: Engine) -> None:
    """Every connection is asked, once: the database may have been away when the process started,
    and another role's powers may have grown since."""
    event.listen(engine, "connect", _check)


def _check(connection: Any, _: object) -> None:
    with closing(connection.cursor()) as cursor:
        cursor.execute(_ASK)
        (powerful,) = cursor.fetchone()
    connection.rollback()
    if powerful:
        connection.close()
        raise PowerfulRole()
