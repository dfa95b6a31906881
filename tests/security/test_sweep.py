"""The sweep deletes what is no longer needed, and nothing else."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from commands import sweeper
from models.db import db, enter_tenant, transaction
from models.db.locks import try_lock
from services import sweepService
from tests.support.api import Api, Team, new_email, sign_in
from tests.support.leads import new_cpf, rows, run
from tests.support.sweeping import sweep

KEYED = {"Idempotency-Key": "crm-1"}


def replies(sql: Engine, team: Team) -> list[tuple[Any, ...]]:
    return rows(
        sql,
        "select usuario_id, chave_id <> 0, lead_id from idempotencia where equipe_id = :e "
        "order by chave_id",
        e=team.equipe_id,
    )


def age(sql: Engine, table: str, column: str, interval: str, condition: str, **of: Any) -> None:
    change = f"update {table} set {column} = now() - interval '{interval}' where {condition}"
    run(sql, change, **of)


def test_a_kept_reply_goes_after_a_day(
    app: Flask, team: Team, other_team: Team, sql: Engine
) -> None:
    for api in (team.gestor.api, other_team.gestor.api):
        body = {"nome": "Lead", "documento": new_cpf()}
        assert api.post("/leads", body, headers=KEYED).status == 201
    age(sql, "idempotencia", "criado_em", "25 hours", "equipe_id = :e", e=team.equipe_id)
    sweeper.sweep(app)
    assert replies(sql, team) == []
    assert len(replies(sql, other_team)) == 1


def test_a_kept_reply_names_its_lead_and_whose_it_is(app: Flask, team: Team, sql: Engine) -> None:
    """A person's key and an API key's are two, though the API key is that person's."""
    body = {"nome": "integração", "role": "gestor"}
    machine = Api(app, team.gestor.api.post("/auth/keys", body).data["chave"])
    leads = [
        api.post("/leads", {"nome": name}, headers=KEYED).data["id"]
        for api, name in ((team.gestor.api, "Da pessoa"), (machine, "Da chave"))
    ]
    me = team.gestor.id
    assert replies(sql, team) == [(me, False, leads[0]), (me, True, leads[1])]
    again = machine.post("/leads", {"nome": "Da chave"}, headers=KEYED)
    assert (again.data["id"], again.headers["Idempotent-Replayed"]) == (leads[1], "true")


@pytest.mark.parametrize("column", ["encerrada_em", "expira_em"])
def test_sessions_go_a_month_after_their_end(
    app: Flask, team: Team, sql: Engine, column: str
) -> None:
    old, young = (sign_in(app, team.vendedor.email) for _ in range(2))
    query = "select max(id) from sessoes where usuario_id = :u"
    ((youngest,),) = rows(sql, query, u=old.id)
    age(sql, "sessoes", column, "31 days", "id = :id", id=youngest - 1)
    age(sql, "sessoes", column, "29 days", "id = :id", id=youngest)
    sweep(app)
    left = rows(sql, "select id from sessoes where usuario_id = :u order by id", u=old.id)
    assert (youngest - 1,) not in left and (youngest,) in left
    assert young.id == old.id


def test_codes_and_counters_go_when_they_expire(app: Flask, team: Team, sql: Engine) -> None:
    for person in (team.vendedor, team.colleague):
        assert team.gestor.api.post(f"/users/{person.id}/reset").status == 200
    age(sql, "usuarios", "codigo_expira_em", "1 second", "id = :id", id=team.vendedor.id)
    run(sql, "insert into limites values ('velha', 1, now() - interval '1 second')")
    run(sql, "insert into limites values ('nova', 1, now() + interval '1 hour')")
    sweep(app)
    codes = "select id from usuarios where equipe_id = :e and codigo_hash is not null"
    assert rows(sql, codes, e=team.equipe_id) == [(team.colleague.id,)]
    assert rows(sql, "select chave from limites where chave in ('velha', 'nova')") == [("nova",)]


OLD_EVENT = (
    "insert into eventos (equipe_id, tipo, alvo_id, criado_em) "
    "values (:e, :tipo, 1, now() - cast(:age as interval))"
)


def events(sql: Engine, equipe_id: int) -> list[tuple[str, int]]:
    query = (
        "select tipo, extract(day from now() - criado_em)::int from eventos "
        "where equipe_id = :e and alvo_id = 1 order by 1, 2"
    )
    return rows(sql, query, e=equipe_id)


def test_of_the_history_only_old_refused_logins_go(app: Flask, team: Team, sql: Engine) -> None:
    for tipo, days in (("login_recusado", 91), ("login_recusado", 89), ("login", 400)):
        run(sql, OLD_EVENT, e=team.equipe_id, tipo=tipo, age=f"{days} days")
    run(sql, OLD_EVENT, e=0, tipo="login_recusado", age="91 days")
    sweep(app, team)
    assert events(sql, team.equipe_id) == [("login", 400), ("login_recusado", 89)]
    assert events(sql, 0) == []


@pytest.mark.parametrize(
    ("tipo", "age"),
    [("login_recusado", "89 days"), ("login", "400 days"), ("lead_criado", "1 day")],
)
def test_the_application_cannot_delete_anything_else_of_it(
    app: Flask, team: Team, sql: Engine, tipo: str, age: str
) -> None:
    run(sql, OLD_EVENT, e=team.equipe_id, tipo=tipo, age=age)
    with app.app_context(), pytest.raises(DBAPIError), transaction() as session:
        enter_tenant(team.equipe_id)
        session.connection().exec_driver_sql("delete from eventos where alvo_id = 1")
    assert len(events(sql, team.equipe_id)) == 1


def test_only_refused_logins_of_the_current_tenant_are_deleted(
    app: Flask, team: Team, other_team: Team, sql: Engine
) -> None:
    run(sql, OLD_EVENT, e=other_team.equipe_id, tipo="login_recusado", age="91 days")
    with app.app_context(), transaction() as session:
        enter_tenant(team.equipe_id)
        session.connection().exec_driver_sql("select apagar_logins_recusados(10)")
    assert len(events(sql, other_team.equipe_id)) == 1


def test_a_sweep_beside_another_does_nothing(app: Flask, team: Team, sql: Engine) -> None:
    run(sql, "insert into limites values ('de duas', 1, now() - interval '1 second')")
    with app.app_context(), transaction():
        assert try_lock("varredura")
        _in_another_thread(lambda: sweep(app))
        assert rows(sql, "select 1 from limites where chave = 'de duas'") == [(1,)]
    sweep(app)
    assert rows(sql, "select 1 from limites where chave = 'de duas'") == []


def _in_another_thread(act: Callable[[], None]) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(act).result()


def test_a_step_that_takes_too_long_keeps_no_other_from_being_done(
    app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow() -> bool:
        db.session.execute(text("set local statement_timeout = 1; select pg_sleep(1)"))
        return True

    monkeypatch.setattr(sweepService, "sweep_jobs", slow)
    run(sql, OLD_EVENT, e=team.equipe_id, tipo="login_recusado", age="91 days")
    sweep(app, team)
    assert events(sql, team.equipe_id) == []


def test_a_worker_sweeps_by_itself(
    app: Flask, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept = Event()
    monkeypatch.setattr(sweeper, "EVERY", 0.01)
    monkeypatch.setattr(sweeper, "sweep", lambda _: (swept.set(), Event().wait()))
    sweeper.start(app)
    assert swept.wait(10)


def test_a_refused_login_of_an_unknown_email_belongs_to_no_equipe(app: Flask, sql: Engine) -> None:
    before = rows(sql, "select count(*) from eventos where equipe_id = 0")
    Api(app).post("/auth/login", {"email": new_email(), "senha": "errada"})
    assert rows(sql, "select count(*) from eventos where equipe_id = 0")[0][0] == before[0][0] + 1
