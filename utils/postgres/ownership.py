"""Whose the embedded database is: a role for migrations owns it, and the API's role owns nothing.

Neither is a superuser, and row-level security binds both.
"""

from functools import cached_property

from sqlalchemy import Connection

_BOOTSTRAP_LOCK = 727_002


def owner_beside(role: str) -> str:
    """The name of the role that owns what this one uses."""
    return f"{role}_dono"


class OwnedDatabase:
    """One database and its two roles, as a superuser makes them."""

    def __init__(self, connection: Connection, name: str, role: str) -> None:
        self._connection = connection
        self._name = name
        self._role = role

    def ensure(self) -> None:
        """Make what is missing; the lock is held until the connection ends."""
        # Of the session, because CREATE DATABASE refuses to run inside a transaction.
        self._run(f"SELECT pg_advisory_lock({_BOOTSTRAP_LOCK})")
        for role in (self._role, owner_beside(self._role)):
            if not self._found("SELECT 1 FROM pg_roles WHERE rolname = %s", role):
                self._run(f"CREATE ROLE {self._quoted(role)}")
            self._run(
                f"ALTER ROLE {self._quoted(role)} "
                "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"
            )
        if not self._found("SELECT 1 FROM pg_database WHERE datname = %s", self._name):
            self._run(
                f"CREATE DATABASE {self._quoted(self._name)} OWNER {self._owner} TEMPLATE template0"
            )

    def belongs_to_the_api(self) -> bool:
        """Whether 0.1.0 made it, with one role for everything."""
        query = "SELECT pg_get_userbyid(datdba) = %s FROM pg_database WHERE datname = %s"
        return bool(self._connection.exec_driver_sql(query, (self._role, self._name)).scalar())

    def hand_over(self, inside: Connection) -> None:
        """Give it and all that is in it to the owner: one statement, so all or nothing.

        The next migration grants the API's role what it needs; `inside` is connected to it.
        """
        role = self._quoted(self._role)
        inside.exec_driver_sql(f"REASSIGN OWNED BY {role} TO {self._owner}")

    @cached_property
    def _owner(self) -> str:
        return self._quoted(owner_beside(self._role))

    def _quoted(self, name: str) -> str:
        return self._connection.dialect.identifier_preparer.quote_identifier(name)

    def _run(self, statement: str) -> None:
        self._connection.exec_driver_sql(statement)

    def _found(self, query: str, value: str) -> bool:
        return self._connection.exec_driver_sql(query, (value,)).first() is not None
