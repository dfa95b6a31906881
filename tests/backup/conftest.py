"""A database with a row in every table, and an empty one."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.support.api import Team
from tests.support.backups import Site, backed_up, fill, site
from tests.support.roles import flask_db
from utils.postgres.embedded import EmbeddedPostgres

OWN = os.environ.get("PYTEST_XDIST_WORKER", "main")
MakeApp = Callable[..., Flask]


@pytest.fixture(scope="package")
def source(
    app: Flask, postgres: EmbeddedPostgres, sql: Engine, make_app: MakeApp
) -> Iterator[Site]:
    with site(postgres, sql, make_app, f"{OWN}_origem") as made:
        flask_db(made.setup, "upgrade")
        yield made


@pytest.fixture(scope="package")
def known(source: Site) -> Team:
    """The people of the source."""
    return fill(source.app)


@pytest.fixture
def target(
    app: Flask, postgres: EmbeddedPostgres, sql: Engine, make_app: MakeApp
) -> Iterator[Site]:
    """Empty, without tables."""
    with site(postgres, sql, make_app, f"{OWN}_destino") as made:
        yield made


@pytest.fixture
def file(source: Site, known: Team, tmp_path: Path) -> Path:
    """A backup of the source."""
    return backed_up(source, tmp_path / "finlead.backup")
