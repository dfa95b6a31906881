"""Set-ups in which one role owns the database and another serves the API."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, NullPool, create_engine

from tests.support.leads import run
from tests.support.terminal import FLASK_UPGRADE
from tests.support.terminal import run as run_command
from utils.postgres.embedded import EmbeddedPostgres


@dataclass(frozen=True)
class Setup:
    """A database of two roles; `url` is the API's address, `owner_url` the owner's."""

    url: str
    owner_url: str
    api: str
    owner: str

    @property
    def settings(self) -> dict[str, str]:
        return {"DATABASE_URL": self.url, "MIGRATION_DATABASE_URL": self.owner_url}


@contextmanager
def two_roles(postgres: EmbeddedPostgres, sql: Engine, name: str) -> Iterator[Setup]:
    """Both roles and their empty database, made by hand as the README says."""
    api, owner = f"{name}_api", f"{name}_dono"
    for role in (api, owner):
        run(sql, f'create role "{role}" login')
    run(sql, f'create database "{name}" owner "{owner}" template template0')
    yield Setup(postgres.url(name, api), postgres.url(name, owner), api, owner)
    run(sql, f'drop database "{name}" with (force)')
    for role in (api, owner):
        run(sql, f'drop role "{role}"')


def flask_db(setup: Setup, *command: str, **settings: str) -> str:
    """`flask db COMMAND` with both addresses; what it printed."""
    arguments = (*FLASK_UPGRADE[:-1], *command)
    done = run_command(*arguments, **{**setup.settings, **settings})
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection of its own, in autocommit."""
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
