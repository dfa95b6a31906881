"""What several suites of attacks need."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool


@pytest.fixture
def ordinary(app: Flask, database_url: str) -> Iterator[Connection]:
    """A connection of the application's own role, outside the application."""
    engine = create_engine(database_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()
