"""Figures stay small and agree with each other, for any data and while others write."""

from collections.abc import Iterator
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import Engine

from services.metrics.words import LARGEST
from tests.support.api import Api, Team
from tests.support.leads import create, imported, run


def dashboard(api: Api) -> dict[str, object]:
    reply = api.get("/metrics")
    assert reply.status == 200, reply.body
    return reply.data


@pytest.mark.parametrize("campo", ["origem", "produto"])
def test_beyond_the_largest_groups_the_rest_is_summed(team: Team, campo: str) -> None:
    lines = [f"Lead,{campo} {n:03},1.50,novo," for n in range(LARGEST + 10)]
    lines += ["Lead,frequente,1.00,ganho,", "Lead,frequente,1.00,novo,"]
    lines += [f"Lead,{campo} 999,2.00,perdido,caro"]
    imported(team.gestor.api, f"nome,{campo},valor,etapa,motivo_perda\n" + "\n".join(lines))
    data = dashboard(team.gestor.api)
    named, others = data[f"por_{campo}"], data[f"por_{campo}_outros"]
    assert len(named) == LARGEST and named[0][campo] == "frequente"
    assert others == {
        "grupos": 12,
        "quantidade": 12,
        "valor": "18.50",
        "ganhos": 0,
        "perdidos": 1,
        "conversao": 0.0,
        "valor_ganho": "0.00",
    }
    assert sum(g["quantidade"] for g in named) + others["quantidade"] == data["total"]


@pytest.mark.parametrize("groups", [1, LARGEST])
def test_as_many_groups_as_are_named_leave_no_rest(team: Team, groups: int) -> None:
    lines = "\n".join(f"Lead,origem {n}" for n in range(groups))
    imported(team.gestor.api, f"nome,origem\n{lines}")
    data = dashboard(team.gestor.api)
    assert (len(data["por_origem"]), data["por_origem_outros"]) == (groups, None)


def test_sums_beyond_a_column_are_figures_too(team: Team, sql: Engine) -> None:
    most = "999999999999.99"
    for _ in range(120):
        create(team.gestor.api, valor=most)
    run(sql, "update lead_pontuacao set probabilidade = 1 where equipe_id = :e", e=team.equipe_id)
    data = dashboard(team.gestor.api)
    assert data["valor_aberto"] == data["valor_ponderado"] == "119999999999998.80"


@pytest.fixture
def writer(app: Flask, team: Team) -> Iterator[Event]:
    """A client that creates leads until the test ends; set after the first one."""
    begun, ended = Event(), Event()

    def write() -> None:
        while not ended.is_set():
            create(team.vendedor.api)
            begun.set()

    thread = Thread(target=write)
    thread.start()
    yield begun
    ended.set()
    thread.join()


def test_counts_and_days_are_of_one_moment(team: Team, writer: Event) -> None:
    writer.wait(10)
    totals = set()
    for _ in range(60):
        data = dashboard(team.gestor.api)
        assert data["total"] == data["dias_30"]["novos"]
        totals.add(data["total"])
    assert len(totals) > 5, "no client wrote meanwhile"
