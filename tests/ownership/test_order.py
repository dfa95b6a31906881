"""Whoever waits for a lead or a stage holds no person, and whoever is given a lead stays active."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, text

from services import bulkService
from tests.faults.tools import wait_until
from tests.ownership.test_races import DEADLOCKS, at_once, member
from tests.support.api import Member, Reply, Team
from tests.support.jobs import work
from tests.support.leads import create, imported, new_cpf, rows
from tests.support.queues import claimed
from tests.support.waiting import WAITING


@contextmanager
def holding(sql: Engine, statement: str, **values: Any) -> Iterator[Connection]:
    """A transaction of somebody else that holds what the statement takes."""
    with sql.execution_options(isolation_level="READ COMMITTED").begin() as other:
        other.execute(text(statement), values)
        yield other


def waited(sql: Engine) -> None:
    wait_until(lambda: rows(sql, WAITING)[0][0] > 0)


def job(app: Flask, team: Team, who: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask for a job that moves leads, in the name of this gestor."""
    monkeypatch.setattr(bulkService, "MOST", 1)
    filters = {"etapa": ["novo"]}
    reply = who.api.post("/leads/bulk", {"acao": "tag", "etiquetas": ["x"], "filtros": filters})
    assert reply.status == 202, reply.body


def test_a_job_that_waits_for_a_lead_keeps_nobody_from_changing_people(
    app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = member(app, team, "gestor")
    leads = [create(team.gestor.api)["id"] for _ in range(2)]
    job(app, team, second, monkeypatch)
    with ThreadPoolExecutor(1) as pool:
        with holding(sql, "select from leads where id = :id for update", id=leads[0]):
            done = pool.submit(work, app)
            waited(sql)
            away = {"capacidade": 7}
            assert team.gestor.api.patch(f"/users/{team.vendedor.id}", away).status == 200
        done.result()
    told = "select estado from trabalhos where equipe_id = :e"
    assert rows(sql, told, e=team.equipe_id) == [("concluida",)]


def test_who_waits_for_a_stage_keeps_nobody_from_changing_people(
    app: Flask, team: Team, sql: Engine
) -> None:
    second = member(app, team, "gestor")
    funnel = team.gestor.api.get("/stages").data["itens"]
    names = ("chave", "nome", "tipo", "prazo_dias")
    fewer = [{name: each[name] for name in names} for each in funnel if each["chave"] != "proposta"]
    hold = "select from etapas where equipe_id = :e and chave = 'proposta' for key share"
    with ThreadPoolExecutor(1) as pool:
        with holding(sql, hold, e=team.equipe_id):
            put = pool.submit(second.api.call, "PUT", "/stages", json={"itens": fewer})
            waited(sql)
            away = {"capacidade": 7}
            assert team.gestor.api.patch(f"/users/{team.vendedor.id}", away).status == 200
        assert put.result().status == 200


def test_jobs_writers_stages_and_changes_of_people_at_once(
    app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    second, before = member(app, team, "gestor"), rows(sql, DEADLOCKS)
    leads = [create(team.gestor.api)["id"] for _ in range(6)]
    job(app, team, second, monkeypatch)
    first, other = team.gestor.api, second.api
    names = ("chave", "nome", "tipo", "prazo_dias")
    stages = [{n: each[n] for n in names} for each in first.get("/stages").data["itens"]]
    fewer = [each for each in stages if each["chave"] != "proposta"]

    def again(call: Callable[[int], Reply]) -> Callable[[], set[int]]:
        return lambda: {call(n).status for n in range(8)}

    def fila(n: int) -> Reply:
        return first.patch("/equipe", {"fila": {"tentativas": 2 + n % 2}})

    def given(n: int) -> Reply:
        body = {"responsavel_id": team.vendedor.id, "etapa": "contatado"}
        return first.patch(f"/leads/{leads[n % 6]}", body | {"cidade": f"C{n}"})

    def funnel(n: int) -> Reply:
        return other.call("PUT", "/stages", json={"itens": (fewer, stages)[n % 2]})

    def people(n: int) -> Reply:
        return (first, other)[n % 2].patch(f"/users/{team.colleague.id}", {"capacidade": n})

    found = at_once([again(fila), again(given), again(funnel), again(people), lambda: work(app)])
    assert all(statuses <= {200, 409} for statuses in found[:4]), found
    assert rows(sql, DEADLOCKS) == before


LEAVE = "update usuarios set ativo = false where id = :id"


def _own(team: Team) -> Reply:
    return team.vendedor.api.post("/leads", {"nome": "Meu"})


def _upserted(team: Team) -> Reply:
    body = {"nome": "Meu", "documento": new_cpf()}
    return team.vendedor.api.call("PUT", "/leads?chave=documento", json=body)


@pytest.mark.parametrize("call", [_own, _upserted])
def test_who_is_just_being_deactivated_gets_no_lead_of_their_own(
    team: Team, sql: Engine, call: Callable[[Team], Reply]
) -> None:
    assert call(team).status == 201
    with ThreadPoolExecutor(1) as pool:
        with holding(sql, LEAVE, id=team.vendedor.id):
            made: Future[Reply] = pool.submit(call, team)
            waited(sql)
        assert made.result().status == 401
    count = "select count(*) from leads where responsavel_id = :id"
    assert rows(sql, count, id=team.vendedor.id) == [(1,)]


@pytest.mark.parametrize("duplicados", ["pular", "atualizar"])
def test_a_file_gives_nothing_to_who_is_just_being_deactivated(
    team: Team, sql: Engine, duplicados: str
) -> None:
    document = new_cpf()
    create(team.gestor.api, documento=document)
    lines = [
        f"Ana,{new_cpf()},{team.vendedor.id}",
        f"Bia,{document},{team.vendedor.id}",
        f"Caio,{new_cpf()},{team.colleague.id}",
        f"Davi,{new_cpf()},",
    ]
    file = "\n".join(["nome,documento,responsavel_id", *lines, ""])
    with ThreadPoolExecutor(1) as pool:
        with holding(sql, LEAVE, id=team.vendedor.id):
            made = pool.submit(imported, team.gestor.api, file, duplicados=duplicados)
            waited(sql)
        found = made.result()
    assert (found["criados"], found["atualizados"]) == (2, 0)
    told = [(each["linha"], each["codigo"]) for each in found["erros"]]
    lost = (2, "USUARIO_INEXISTENTE")
    assert lost in told
    assert found["rejeitados"] == (2 if duplicados == "atualizar" else 1), found
    count = "select count(*) from leads where responsavel_id = :id"
    assert rows(sql, count, id=team.vendedor.id) == [(0,)]


def test_an_upsert_of_who_holds_the_lead_is_as_a_patch(team: Team, sql: Engine) -> None:
    document, api = new_cpf(), team.vendedor.api
    lead = create(team.gestor.api, documento=document)["id"]

    def upsert(**said: Any) -> Reply:
        return api.call("PUT", "/leads?chave=documento", json={"documento": document, **said})

    assert upsert(cidade="Lins").status == 409
    assert claimed(api) == lead
    found = upsert(cidade="Lins", responsavel_id=team.vendedor.id)
    assert (found.status, found.data["responsavel_id"]) == (200, None)
    moved = upsert(etapa="contatado").data
    assert (moved["etapa"], moved["responsavel_id"]) == ("contatado", team.vendedor.id)
    place = "select reservado_por, dono from fila where lead_id = :id"
    assert rows(sql, place, id=lead) == [(None, team.vendedor.id)]
    told = "select campos from eventos where lead_id = :id and tipo = 'lead_movido'"
    assert rows(sql, told, id=lead) == [(["etapa", "responsavel_id"],)]
