"""The database role of production: one that row-level security holds.

A superuser or BYPASSRLS role would read every equipe's rows past the policies.
"""

from contextlib import closing
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from models.db.fitness import UnfitDatabase

_ASK = """
select coalesce(bool_or(rolsuper or rolbypassrls), true) from pg_roles
where rolname in (session_user, current_user)
"""


class PowerfulRole(UnfitDatabase):
    """Nothing is served through such a role."""

    def __init__(self) -> None:
        super().__init__(
            "O usuário de DATABASE_URL é superusuário ou tem BYPASSRLS: em produção use um papel "
            "comum, dono do banco."
        )


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
