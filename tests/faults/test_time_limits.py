"""What takes too long is refused, leaves nothing behind, and sets nothing on the connection."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import ColumnElement, Engine, Text, func, text
from sqlalchemy.exc import OperationalError

from controllers.web import operation
from models.db import db, transaction, transactions
from models.db.statements import copy_here, read_engine
from services.imports.writing import staging
from services.leads.reading import filters, shapes
from tests.faults.tools import CSV, locked, refused, wait_until
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


# What the read engine is told to do in each of a list's ways, and the filter that it lacks.
SLOW = [
    ({"uf": "SP"}, "criado_de"),
    ({"uf": "SP", "ordenar": "-valor"}, "criado_de"),
    ({"uf": "SP", "criado_de": "2026-01-01"}, "responsavel_id"),
    ({"uf": "SP", "criado_de": "2026-01-01", "responsavel_id": "nenhum"}, "etapa"),
    (
        {"uf": "SP", "criado_de": "2026-01-01", "responsavel_id": "nenhum", "etapa": "novo"},
        "criado_de",
    ),
    ({"uf": "SP", "excluidos": 1}, "criado_de"),
    ({"uf": "SP", "total": 1, "limite": 1}, "criado_de"),
]


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every lead takes longer to compare with the filter `uf` than a read may take."""
    slow = filters.condition("uf_igual") & (func.pg_sleep(30).cast(Text) == "")
    plain = filters.condition

    def condition(name: str, **how: Any) -> ColumnElement[bool]:
        return slow if name == "uf_igual" else plain(name, **how)

    monkeypatch.setattr(shapes, "condition", condition)
    queries = (shapes.page_query, shapes.near_query, shapes.count_query)
    for query in queries:
        query.cache_clear()
    monkeypatch.setattr(transactions, "READ_TIMEOUT", 400)
    yield
    for query in queries:
        query.cache_clear()


@pytest.mark.parametrize(("query", "campo"), SLOW)
def test_a_list_that_takes_too_long_says_which_filter_it_lacks(
    team: Team, endless: None, query: dict[str, Any], campo: str
) -> None:
    create(team.gestor.api, uf="SP", valor="1.00")
    gone = create(team.gestor.api, uf="SP")["id"]
    team.gestor.api.delete(f"/leads/{gone}")
    began = time.monotonic()
    reply = team.gestor.api.get("/leads", query_string=query)
    assert (reply.status, reply.codigo, reply.campos) == (
        422,
        "FILTRO_NECESSARIO",
        {campo: "FILTRO_NECESSARIO"},
    )
    assert time.monotonic() - began < 20  # of the 30 that one lead would take
    assert team.gestor.api.get("/leads").status == 200


def test_a_search_that_takes_too_long_says_so_too(team: Team, endless: None) -> None:
    create(team.vendedor.api, uf="SP", nome="Ana")
    asked = {"uf": ["SP"], "criado_de": "2026-01-01"}
    for body, campo in ((asked, "etapa"), (asked | {"email_inicio": "a", "total": True}, None)):
        reply = team.vendedor.api.post("/leads/search", body)
        if campo is None:  # nobody has such an address: nothing is compared
            assert (reply.status, reply.data["total"]) == (200, 0)
        else:
            assert reply.campos == {campo: "FILTRO_NECESSARIO"}


@pytest.mark.parametrize("query", ["", "?uf=SP", "?uf=SP&ordenar=valor", "?q=maria&uf=SP", "?q=ma"])
@pytest.mark.parametrize("table", ["leads", "lead_pontuacao"])
def test_a_list_that_waits_for_a_lock_lacks_no_filter(
    team: Team,
    server: EmbeddedPostgres,
    monkeypatch: pytest.MonkeyPatch,
    query: str,
    table: str,
) -> None:
    monkeypatch.setattr(transactions, "READ_TIMEOUT", 300)
    with locked(server, table):
        assert refused(team.gestor.api.get(f"/leads{query}"))


def test_a_list_that_an_operator_cancels_lacks_no_filter(
    team: Team, server: EmbeddedPostgres, sql: Engine, endless: None, monkeypatch: Any
) -> None:
    monkeypatch.setattr(transactions, "READ_TIMEOUT", 60_000)
    create(team.gestor.api, uf="SP")
    cancel = (
        "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'PgSleep' "
        "and datname = current_database()"
    )
    with ThreadPoolExecutor(1) as pool:
        reply = pool.submit(team.gestor.api.get, "/leads?uf=SP")
        wait_until(lambda: rows(sql, cancel))
        assert refused(reply.result())


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
