"""An application whose every message to PostgreSQL is read along."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from models.db import db
from tests.support.api import Team, open_team
from tests.support.wiretap import Wiretap
from utils.postgres.embedded import EmbeddedPostgres


@pytest.fixture
def tap(postgres: EmbeddedPostgres) -> Iterator[Wiretap]:
    tap = Wiretap(postgres.socket_dir / ".s.PGSQL.5432")
    yield tap
    tap.close()


@pytest.fixture
def tapped(make_app: Callable[..., Flask], tap: Wiretap, database_url: str) -> Iterator[Flask]:
    """Of one thread, so that one pool has one connection, over TCP."""
    url = database_url.partition("?")[0].replace("@/", f"@127.0.0.1:{tap.port}/")
    app = make_app(database_url=url, threads=1)
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def team(tapped: Flask) -> Team:
    """Signed in there, with both pools connected and every statement of a list prepared."""
    team = open_team(tapped)
    lead = team.gestor.api.post("/leads", {"nome": "Primeiro"}).data
    team.gestor.api.get("/leads")
    team.gestor.api.get(f"/leads/{lead['id']}")
    return team
