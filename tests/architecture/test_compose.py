"""compose.yaml brings the image with a database that production accepts."""

import os
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine, make_url

from config import ROOT, InvalidSettings, Settings
from models.db.access.inspection import inspect
from tests.architecture.test_dockerfile import environment as of_the_image
from tests.architecture.test_render import BLUEPRINT
from tests.support.leads import run
from utils.postgres.embedded import EmbeddedPostgres

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
DATABASE, API = COMPOSE["services"]["database"], COMPOSE["services"]["api"]
SECRET = "tQ8vZr2mXw5nKc7bLd9pHs4jGf6yUa3e"


def filled(text: str, environ: dict[str, str]) -> str:
    """As compose fills in ${NAME:-default}."""
    return re.sub(r"\$\{(\w+):-([^}]*)\}", lambda m: environ.get(m[1]) or m[2], text)


def settings(**environ: str) -> Settings:
    own = {name: filled(value, environ) for name, value in API["environment"].items()}
    return Settings.from_env({**of_the_image(), **own})


def test_it_has_no_other_keys() -> None:
    assert COMPOSE.keys() == {"name", "services", "volumes"}
    assert COMPOSE["services"].keys() == {"database", "api"}
    assert API.keys() == {"build", "init", "depends_on", "environment", "ports"}
    assert DATABASE.keys() == {"image", "environment", "volumes", "healthcheck"}


def test_it_serves_in_development_as_it_is() -> None:
    assert not settings().production
    assert settings().host == "0.0.0.0"


def test_it_serves_in_production_with_a_secret() -> None:
    given = {"APP_ENV": "production", "DATABASE_PASSWORD": "abc123", "OWNER_PASSWORD": "def456"}
    made = settings(**given, SECRET_KEY=SECRET)
    assert made.production
    assert make_url(made.database_url or "").password == "abc123"
    assert make_url(made.migration_database_url or "").password == "def456"
    with pytest.raises(InvalidSettings, match="SECRET_KEY"):
        settings(**given)


def test_the_image_is_built_here_and_waits_for_its_database() -> None:
    assert (ROOT / API["build"] / "Dockerfile").exists()
    assert API["depends_on"] == {"database": {"condition": "service_healthy"}}
    for name in ("DATABASE_URL", "MIGRATION_DATABASE_URL"):
        assert make_url(filled(API["environment"][name], {})).host == "database"


def test_only_this_machine_reaches_it() -> None:
    (port,) = API["ports"]
    assert filled(port, {}) == f"127.0.0.1:5000:{of_the_image()['PORT']}"
    assert filled(port, {"PORT": "8000"}).startswith("127.0.0.1:8000:")
    assert "ports" not in DATABASE


def test_the_database_is_the_one_of_render_and_outlives_its_container() -> None:
    (declared,) = BLUEPRINT["databases"]
    assert DATABASE["image"] == f"postgres:{declared['postgresMajorVersion']}"
    data, script = (volume.split(":") for volume in DATABASE["volumes"])
    # Where the image of PostgreSQL 18 keeps a folder per version.
    assert data == [*COMPOSE["volumes"], "/var/lib/postgresql"]
    assert (ROOT / script[0]).exists()
    assert script[1].startswith("/docker-entrypoint-initdb.d/") and script[1].endswith(".sql")


def test_it_is_healthy_only_once_it_is_made() -> None:
    cmd, program, *options = DATABASE["healthcheck"]["test"]
    assert (cmd, program) == ("CMD", "pg_isready")
    # The image's temporary server, which runs the script, has a socket and no port.
    assert "--host=127.0.0.1" in options


@pytest.fixture
def made(postgres: EmbeddedPostgres, sql: Engine) -> Iterator[str]:
    """The database of the script, run as the image runs it: by psql, as a superuser."""
    command = [postgres.bin_dir / "psql", "-v", "ON_ERROR_STOP=1", "-X"]
    command += ["-h", postgres.socket_dir, "-p", "5432", "-U", "postgres", "-d", "postgres"]
    done = subprocess.run(
        [*map(str, command), "-f", "compose.sql"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_PASSWORD": "senha do compose", "OWNER_PASSWORD": "outra"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    yield postgres.url()
    run(sql, "drop database finlead with (force)")
    run(sql, "drop role finlead")
    run(sql, "drop role finlead_dono")


def test_production_accepts_the_roles_and_the_database_that_are_made(
    made: str, postgres: EmbeddedPostgres
) -> None:
    for name, own in (("DATABASE_URL", made), ("MIGRATION_DATABASE_URL", postgres.owner_url())):
        url = make_url(filled(API["environment"][name], {}))
        assert (url.username, url.database) == (make_url(own).username, make_url(own).database)
    assert inspect(made, ordinary_role=True, owns_nothing=True) == []
