"""The database role of production: one that row-level security binds.

A superuser or BYPASSRLS role would read every tenant's rows past the policies. Where another role
owns the tables, the API's must not be able to lift the policies either.
"""

from contextlib import closing
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from models.db.access.fitness import UnfitDatabase

_IS_POWERFUL = """
select coalesce(bool_or(rolsuper or rolbypassrls), true) from pg_roles
where rolname in (session_user, current_user)
"""
# By itself or as a member: whoever owns a table's schema or database may drop the table. With
# CREATE on the schema one can give the owner's functions another operator to call.
_COULD_LIFT = """
select exists (
  select from pg_roles where pg_has_role(oid, 'member') and (rolsuper or rolbypassrls
    or rolcreaterole or rolname in ('pg_execute_server_program', 'pg_write_server_files'))
) or exists (
  select from pg_database where datname = current_database() and pg_has_role(datdba, 'member')
) or exists (
  select from pg_namespace n left join pg_class c on c.relnamespace = n.oid
  where n.nspname = current_schema() and (pg_has_role(n.nspowner, 'member')
    or has_schema_privilege(n.oid, 'create') or pg_has_role(c.relowner, 'member'))
)
"""


class PowerfulRole(UnfitDatabase):
    """Nothing is served or migrated through such a role."""

    def __init__(self, variable: str = "DATABASE_URL") -> None:
        super().__init__(
            f"O usuário de {variable} é superusuário ou tem BYPASSRLS: em produção use um papel "
            "comum."
        )


class OwningRole(UnfitDatabase):
    """Beside an owner of its own for migrations, nothing is served through such a role."""

    def __init__(self) -> None:
        super().__init__(
            "O usuário de DATABASE_URL pode retirar as proteções das tabelas: ao lado de "
            "MIGRATION_DATABASE_URL use um papel que não seja dono de nada nem membro do dono, e "
            "que não crie papéis nem objetos no esquema."
        )


def refuse_on_connect(
    engine: Engine, *, owns_nothing: bool = False, variable: str = "DATABASE_URL"
) -> None:
    """Check every new connection once: the database may have been away when the process started,
    and the role may have got more power since."""

    def check(connection: Any, _: object) -> None:
        if _answers(connection, _IS_POWERFUL):
            connection.close()
            raise PowerfulRole(variable)
        if owns_nothing and _answers(connection, _COULD_LIFT):
            connection.close()
            raise OwningRole()

    event.listen(engine, "connect", check)


def _answers(connection: Any, question: str) -> bool:
    with closing(connection.cursor()) as cursor:
        cursor.execute(question)
        (answer,) = cursor.fetchone()
    connection.rollback()
    return bool(answer)
