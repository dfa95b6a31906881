"""What takes too long is refused, leaves nothing behind, and sets nothing on the connection."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from controllers.web import operation
from models.db import db, transaction, transactions
from models.db.statements import copy_here, read_engine
from services.imports.writing import staging
from tests.faults.tools import CSV, locked, refused
from tests.support.api import Team
from tests.support.leads import create, rows, upload
from utils.postgres.embedded import EmbeddedPostgres

pytestmark = pytest.mark.xdist_group("faults")


def test_a_read_that_takes_too_long_is_refused(
    team: Team, server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "READ_TIMEOUT", 100)
    with locked(server, "leads"):
        assert refused(team.gestor.api.get("/leads"))
    with locked(server, "sessoes"):
        assert refused(team.gestor.api.get("/auth/me"))
    assert team.gestor.api.get("/leads").status == 200


def test_a_wait_for_a_lock_ends(
    team: Team, server: EmbeddedPostgres, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "LOCK_TIMEOUT", 100)
    lead = create(team.gestor.api)
    with locked(server, "eventos"):
        assert refused(team.gestor.api.patch(f"/leads/{lead['id']}", {"nome": "Outro"}))
    assert team.gestor.api.get(f"/leads/{lead['id']}").data["nome"] == lead["nome"]


@pytest.mark.parametrize("table", ["leads", "eventos"])
def test_an_import_that_takes_too_long_leaves_nothing(
    table: str,
    team: Team,
    server: EmbeddedPostgres,
    sql: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(operation, "transaction", lambda _, **how: transaction(200, **how))
    with locked(server, table):
        assert refused(upload(team.gestor.api, CSV))
    for kept in ("leads", "importacoes", "lead_pontuacao"):
        counted = f"select count(*) from {kept} where equipe_id = :e"
        assert rows(sql, counted, e=team.equipe_id) == [(0,)]


def test_a_copy_that_takes_too_long_is_refused(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """COPY runs on the driver's own cursor, past SQLAlchemy's translation of errors."""
    slow = "copy (select pg_sleep(30)) to stdout"
    monkeypatch.setattr(staging, "copy_here", lambda _, lines: copied_out(slow, lines))
    monkeypatch.setattr(operation, "transaction", lambda _, **how: transaction(200, **how))
    assert refused(upload(team.gestor.api, CSV))


def copied_out(sql: str, lines: Any) -> None:
    lines.write = len  # COPY … TO writes where COPY … FROM reads
    copy_here(sql, lines)


def test_time_limits_end_with_their_transaction(app: Flask) -> None:
    show = "select current_setting('statement_timeout'), current_setting('lock_timeout')"
    with app.app_context():
        with transaction(200) as session, pytest.raises(OperationalError):
            session.execute(text("select pg_sleep(30)"))
        with transaction() as session:
            assert session.execute(text(show)).one() == ("15s", "10s")
        with db.engine.connect() as connection:
            assert connection.execute(text(show)).one() == ("0", "0")
        with read_engine().connect() as connection:
            connection.exec_driver_sql(transactions.for_tenant(1, "select 1"))
            assert connection.execute(text(show)).one() == ("0", "0")


def test_a_slow_statement_of_a_healthy_server_is_not_cut(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        assert session.execute(text("select 7 from pg_sleep(3)")).scalar() == 7
