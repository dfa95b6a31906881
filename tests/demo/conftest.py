"""A demonstration of a tenth of the file: made in seconds, in a database of its own."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, create_engine, make_url

from commands import demo
from config import ROOT
from tests.support import databases
from tests.support.api import Member, Team, open_team, sign_in
from tests.support.leads import rows
from tests.support.terminal import FLASK_UPGRADE, run
from utils.postgres.embedded import EmbeddedPostgres

BANK = ROOT / "demo" / "bank-2000.csv"
PASSWORD = "demonstracao"
_TENTH = 10


def bank() -> list[dict[str, str]]:
    """A row of each ten."""
    with BANK.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))[::_TENTH]


class Demo:
    """A migrated database, and the command in it."""

    def __init__(self, app: Flask, sql: Engine) -> None:
        self.app, self.sql = app, sql

    def run(self) -> Result:
        return self.app.test_cli_runner().invoke(args=["demo"])

    def helena(self) -> Member:
        return sign_in(self.app, "helena@demo.example", PASSWORD)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demonstration with fewer rows."""
    folder = tmp_path_factory.mktemp("demo")
    lines = BANK.read_text("utf-8").splitlines(keepends=True)
    (folder / BANK.name).write_text("".join([lines[0], *lines[1::_TENTH]]), "utf-8")
    (folder / "mapping.json").write_bytes((BANK.parent / "mapping.json").read_bytes())
    return folder


@contextmanager
def migrated(
    postgres: EmbeddedPostgres, sql: Engine, make_app: Callable[..., Flask], name: str
) -> Iterator[Demo]:
    with databases.database(postgres, sql, f"{sql.url.database}_{name}") as url:
        assert run(*FLASK_UPGRADE, DATABASE_URL=url).returncode == 0
        address = postgres.url(make_url(url).database or "", "postgres")
        engine = create_engine(address, isolation_level="AUTOCOMMIT")
        yield Demo(make_app(database_url=url), engine)
        engine.dispose()


@pytest.fixture
def empty(
    postgres: EmbeddedPostgres,
    sql: Engine,
    make_app: Callable[..., Flask],
    small: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Demo]:
    monkeypatch.setattr(demo, "_FOLDER", small)
    with migrated(postgres, sql, make_app, "vazia") as found:
        yield found


class Made(Demo):
    """One that was made beside another equipe. `told`: what the command said, the first time and
    the second; `before`: the rows of the other equipe until then."""

    told: list[Result]
    other: Team
    before: dict[str, list[object]]


@pytest.fixture(scope="module")
def made(
    postgres: EmbeddedPostgres, sql: Engine, make_app: Callable[..., Flask], small: Path
) -> Iterator[Made]:
    with (
        pytest.MonkeyPatch.context() as patch,
        migrated(postgres, sql, make_app, "demonstracao") as found,
    ):
        patch.setattr(demo, "_FOLDER", small)
        made = Made(found.app, found.sql)
        made.other = open_team(found.app)
        made.other.gestor.api.post("/leads", {"nome": "De outra equipe", "valor": "100.00"})
        made.before = everything_of(found.sql, made.other.equipe_id)
        made.told = [made.run(), made.run()]
        yield made


def everything_of(sql: Engine, equipe_id: int) -> dict[str, list[object]]:
    """The rows of an equipe in each table that has any."""
    tables = rows(
        sql,
        "select table_name from information_schema.columns where column_name = 'equipe_id' "
        "and table_schema = 'public' order by 1",
    )
    asked = "select to_jsonb(t) from {} t where equipe_id = :e order by to_jsonb(t)::text"
    return {name: rows(sql, asked.format(name), e=equipe_id) for (name,) in tables}
