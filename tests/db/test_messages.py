"""How many messages a request costs, and what stays on a connection after each of them."""

import io
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DBAPIError

from models.access.quota import Quota
from models.db import db, enter_tenant, transaction
from models.db.engines import write_options
from models.db.messages.queries import Query
from models.db.statements import copy_here, fetch_here, fetch_together
from tests.support.api import Api, Team
from tests.support.leads import new_cpf, new_phone
from tests.support.wiretap import Wiretap
from utils.clock import now

BEGUN = re.compile(
    r"begin; set local lock_timeout = \d+; set local statement_timeout = \d+; "
    r"set local idle_in_transaction_session_timeout = \d+; set local app.equipe_id = '\d+'; \w"
)
TENANT = Query("select nullif(current_setting('app.equipe_id', true), '')", {})
ONE = Query("select %(n)s::int", {})


@pytest.fixture
def inside(tapped: Flask) -> Flask:
    with tapped.app_context():
        yield tapped


def tenant_left() -> object:
    with db.engine.connect() as connection:
        return connection.exec_driver_sql(TENANT.sql).scalar()


def test_a_read_is_one_message_once_its_caller_is_known(team: Team, tap: Wiretap) -> None:
    """It proves who asks, and then answers."""
    (lead,) = team.gestor.api.get("/leads").data["itens"]
    one = f"/leads/{lead['id']}"
    for path in ("/leads", one, f"{one}/timeline", "/events", "/events?tipo=lead_criado"):
        with tap.heard() as sent:
            assert team.gestor.api.get(path).status == 200
        assert len(sent) == 1, sent
        assert sent[0].index("app.equipe_id") < sent[0].index("'gestor'")


def test_a_caller_who_is_not_known_is_looked_up(team: Team, tap: Wiretap) -> None:
    key = team.gestor.api.post("/auth/keys", {"nome": "nova", "role": "gestor"}).data["chave"]
    machine = Api(team.gestor.api.app, key)
    with tap.heard() as sent:
        assert [machine.get("/leads").status for _ in range(2)] == [200, 200]
    assert ["app.equipe_id" in message for message in sent] == [False, True, True]


def test_a_write_begins_in_its_first_message(team: Team, tap: Wiretap) -> None:
    with tap.heard() as sent:
        assert team.gestor.api.post("/leads", {"nome": "Segundo"}).status == 201
    first, *rest, last = sent
    assert BEGUN.match(first)
    assert last == "commit"
    assert [message for message in rest if "begin" in message or "timeout" in message] == []


@pytest.mark.parametrize("full", [False, True])
def test_a_create_and_a_change_of_a_lead_are_few_messages(
    team: Team, tap: Wiretap, full: bool
) -> None:
    """What is looked up under its locks, with the proof of who asks; what is written; COMMIT."""
    api, (one, other) = team.gestor.api, (_filled() if full else {} for _ in range(2))
    lead = api.post("/leads", {"nome": "Lead", **one}).data  # prepares
    api.patch(f"/leads/{lead['id']}", {"nome": "Mudado"})
    with tap.heard() as created:
        assert api.post("/leads", {"nome": "Lead", **other}).status == 201
    with tap.heard() as changed:
        again = _filled() if full else {"cidade": "Campinas"}
        assert api.patch(f"/leads/{lead['id']}", again | {"etapa": "contatado"}).status == 200
    assert [len(created), len(changed)] == [3, 3], (created, changed)


def test_a_claim_is_one_message_and_a_commit(team: Team, tap: Wiretap) -> None:
    """The first one; asked again it is as many."""
    api = team.vendedor.api
    for prepares in (True, False):
        with tap.heard() as sent:
            assert api.post("/queue/next", {}).data["situacao"] == "lead"
        assert prepares or (len(sent), sent[-1]) == (2, "commit"), sent


def test_an_upsert_is_as_many_whatever_it_does(team: Team, tap: Wiretap) -> None:
    def put(**fields: Any) -> int:
        path = "/leads?chave=documento"
        return team.gestor.api.call("PUT", path, json={"documento": document, **fields}).status

    for _ in range(2):  # the first time prepares
        document, filled = new_cpf(), _filled()
        counted = []
        for status, fields in ((201, filled), (200, {"etapa": "contatado"}), (200, {})):
            with tap.heard() as sent:
                assert put(**fields | {"documento": document}) == status
            counted.append(len(sent))
    assert counted == [3, 3, 3]


def test_an_activity_is_as_many_as_a_change_whatever_follows(team: Team, tap: Wiretap) -> None:
    api, (lead,) = team.gestor.api, team.gestor.api.get("/leads").data["itens"]
    counted = []
    for _ in range(2):  # the first time prepares
        promise = {"resultado": "agendou", "prevista_para": "2031-05-02T12:00:00Z"}
        for said in ({}, {"resultado": "nao_atendeu"}, promise | {"etapa": "contatado"}):
            with tap.heard() as sent:
                reply = api.post(f"/leads/{lead['id']}/activities", {"tipo": "ligacao", **said})
            counted.append(len(sent))
            assert reply.status == 201
        path = f"/activities/{reply.data['atividade']['id']}"
        with tap.heard() as sent:
            assert api.patch(path, {"resultado": "atendeu"}).status == 200
        counted.append(len(sent))
        with tap.heard() as sent:
            assert api.delete(path).status == 200
        counted.append(len(sent))
    assert counted[5:] == [3, 3, 3, 4, 4], counted
    for path in (f"/leads/{lead['id']}/activities", "/tasks", "/tasks?responsavel_id=todos"):
        api.get(path)
        with tap.heard() as sent:
            assert api.get(path).status == 200
        assert len(sent) == 1, sent


def _filled() -> dict[str, Any]:
    second = {"tipo": "telefone", "valor": new_phone()}
    return {"telefone": new_phone(), "documento": new_cpf(), "contatos": [second]}


@pytest.mark.usefixtures("team")
def test_a_transaction_costs_its_statements_and_a_commit(inside: Flask, tap: Wiretap) -> None:
    with tap.heard() as sent, transaction():
        enter_tenant(1)
        assert fetch_here(ONE, {"n": 1}) == [(1,)]
        assert fetch_here(ONE, {"n": 2}) == [(2,)]
    assert len(sent) == 3
    with tap.heard() as sent, transaction():
        enter_tenant(1)
    assert sent == []
    with tap.heard() as sent, pytest.raises(KeyError), transaction():
        fetch_here(ONE, {"n": 1})
        raise KeyError
    assert sent[1:] == ["rollback"]


@pytest.mark.usefixtures("team")
def test_a_tenant_entered_before_the_first_statement_travels_with_it(
    inside: Flask, tap: Wiretap
) -> None:
    with tap.heard() as sent, transaction() as session:
        session.connection()
        enter_tenant(7)
        assert fetch_here(TENANT, {}) == [("7",)]
    assert len(sent) == 2
    with transaction():
        assert fetch_here(TENANT, {}) == [(None,)]
        enter_tenant(7)
        assert fetch_here(TENANT, {}) == [("7",)]
    assert tenant_left() is None


@pytest.mark.parametrize("broken", ["select 1/0", "select nothing", "selec", "commit; selec"])
def test_an_error_leaves_neither_tenant_nor_transaction(inside: Flask, broken: str) -> None:
    with pytest.raises(DBAPIError), transaction():
        enter_tenant(7)
        fetch_here(Query(broken, {}), {})
    assert tenant_left() is None
    with transaction():
        assert fetch_here(TENANT, {}) == [(None,)]


def test_what_follows_a_message_that_could_not_be_read_is_inside_a_transaction(
    inside: Flask,
) -> None:
    """PostgreSQL has then begun nothing: the next message begins it."""
    with transaction():
        enter_tenant(7)
        with pytest.raises(DBAPIError):
            fetch_here(Query("selec", {}), {})
        assert fetch_here(TENANT, {}) == [("7",)]
        assert fetch_here(Query("select now() < clock_timestamp()", {}), {}) == [(True,)]
    assert tenant_left() is None


def test_several_statements_in_one_message_have_parameters_of_their_own(
    inside: Flask, tap: Wiretap
) -> None:
    with transaction():
        enter_tenant(7)
        fetch_here(ONE, {"n": 0})
        with tap.heard() as sent:
            assert fetch_together([(ONE, {"n": 1}), (ONE, {"n": 2})]) == [(2,)]
        assert len(sent) == 1
        with tap.heard() as sent:
            assert fetch_together([(ONE, {"n": 1}), (Query("set local x.y = 1", {}), {})]) == []
    assert sent == ["select 1::int; set local x.y = 1"]


def test_a_savepoint_comes_after_the_beginning(inside: Flask) -> None:
    with transaction() as session:
        enter_tenant(7)
        savepoint = session.begin_nested()
        session.add(Quota(chave="savepoint", contador=1, expira_em=now()))
        session.flush()
        savepoint.rollback()
        assert fetch_here(TENANT, {}) == [("7",)]
        kept = select(Quota.contador).where(Quota.chave == "savepoint")
        assert session.scalar(kept) is None


def test_rows_come_as_they_are_asked_for(inside: Flask, tap: Wiretap) -> None:
    numbers = text("select n, 'x%' as sign from generate_series(1, :most) n")
    with tap.heard() as sent, transaction() as session:
        session.execute(text("select 1"))
        options = {"yield_per": 2}
        found = session.execute(numbers, {"most": 5}, execution_options=options)
        assert list(found.keys()) == ["n", "sign"]
        assert found.first() == (1, "x%")
        again = session.execute(numbers, {"most": 5}, execution_options=options)
        assert [row.n for row in again] == [1, 2, 3, 4, 5]
        assert len(session.execute(numbers, {"most": 5}, execution_options=options).all()) == 5
    assert [message for message in sent if message.startswith("fetch 2")]
    with tap.heard() as sent, transaction() as session:
        first = session.execute(numbers, {"most": 3}, execution_options={"yield_per": 2})
        assert [row.n for row in first] == [1, 2, 3]
    assert sent[0].startswith("begin; set local")


def test_many_executions_and_a_copy_begin_a_transaction_too(inside: Flask) -> None:
    insert = "insert into limites (chave, contador, expira_em) values (%(k)s, 1, now())"
    with pytest.raises(KeyError), transaction() as session:
        session.connection().exec_driver_sql(insert, [{"k": "muitas 1"}, {"k": "muitas 2"}])
        raise KeyError
    with pytest.raises(KeyError), transaction():
        copy_here("copy limites from stdin", io.StringIO("copia\t1\t2020-01-01\n"))
        raise KeyError
    with transaction():
        left = Query("select count(*) from limites where chave in ('muitas 1', 'copia')", {})
        assert fetch_here(left, {}) == [(0,)]


def test_every_engine_has_transactions(database_url: str, app: Flask) -> None:
    """Migrations may make one of their own."""
    engine = create_engine(database_url, **write_options(database_url, threads=1))
    with engine.connect() as connection:
        connection.exec_driver_sql("insert into limites values ('outro', 1, now())")
        connection.rollback()
        kept = connection.exec_driver_sql("select count(*) from limites where chave = 'outro'")
        assert kept.scalar() == 0
    engine.dispose()


def test_other_levels_of_isolation(inside: Flask) -> None:
    def level(connection: object) -> object:
        return connection.exec_driver_sql("show transaction_isolation").scalar()

    with db.engine.connect() as connection:
        assert level(connection) == "read committed"
    strict = db.engine.execution_options(isolation_level="REPEATABLE READ")
    with strict.connect() as connection:
        assert level(connection) == "repeatable read"
    with db.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        started = [connection.exec_driver_sql("select now()").scalar() for _ in range(2)]
        assert started[0] < started[1]
    with db.engine.connect() as connection:
        assert level(connection) == "read committed"
