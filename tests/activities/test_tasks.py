"""Tasks: whose, in which order, how many; and what a page of them costs."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from services.activities.reading import Shape, page_query, tasks_query
from services.activityService import _days
from services.policy import Whose
from tests.support import many
from tests.support.activities import act, at
from tests.support.api import Api, Team, open_team
from tests.support.leads import create, run
from tests.support.plans import TEMPTING, explain
from utils.clock import day_bounds, iso, local_day, now

ZONE = "America/Sao_Paulo"


def tasks(api: Api, **query: Any) -> list[str]:
    found, cursor = [], {}
    while True:
        reply = api.get("/tasks", query_string={**query, **cursor})
        assert reply.status == 200, reply.body
        found += [each["texto"] for each in reply.data["itens"]]
        if reply.data["proximo"] is None:
            return found
        cursor = {"cursor": reply.data["proximo"]}


@pytest.fixture
def promised(team: Team) -> Team:
    """A promise of each person's and one of nobody's, made in another order than they are due."""
    owners = {"vendedor": team.vendedor.id, "gestor": team.gestor.id, "ninguém": None}
    for n, (name, owner) in enumerate(owners.items()):
        lead = create(team.gestor.api, responsavel_id=owner)
        for day in (5, 1, 3):
            due = f"2031-05-{day:02d}T12:00:0{n}Z"
            act(team.gestor.api, lead, "tarefa", prevista_para=due, texto=f"{name} {day}")
        act(team.gestor.api, lead, "nota", texto="Nada por fazer.")
    return team


@pytest.mark.parametrize("limite", [1, 2, 20, 100])
def test_each_sees_their_own_and_a_gestor_all(promised: Team, limite: int) -> None:
    def of(*names: str) -> list[str]:
        return [f"{name} {day}" for day in (1, 3, 5) for name in names]

    gestor, vendedor = promised.gestor.api, promised.vendedor.api
    assert tasks(vendedor, limite=limite) == of("vendedor")
    own = promised.vendedor.id
    assert tasks(vendedor, responsavel_id=own, limite=limite) == of("vendedor")
    assert tasks(gestor, limite=limite) == of("gestor")
    assert tasks(gestor, responsavel_id=own, limite=limite) == of("vendedor")
    assert tasks(gestor, responsavel_id="nenhum", limite=limite) == of("ninguém")
    everyone = of("vendedor", "gestor", "ninguém")
    assert tasks(gestor, responsavel_id="todos", limite=limite) == everyone
    assert tasks(promised.colleague.api) == []


@pytest.mark.parametrize("whose", ["todos", "nenhum", "colleague", 2**62])
def test_those_of_others_are_a_gestors(team: Team, whose: Any) -> None:
    asked = team.colleague.id if whose == "colleague" else whose
    reply = team.vendedor.api.get("/tasks", query_string={"responsavel_id": asked})
    assert (reply.status, reply.codigo) == (403, "PROIBIDO")


def test_a_stranger_and_a_cursor_of_another_list(promised: Team, other_team: Team) -> None:
    api = promised.gestor.api
    reply = api.get(f"/tasks?responsavel_id={other_team.gestor.id}")
    assert (reply.status, reply.campos) == (422, {"responsavel_id": "USUARIO_INEXISTENTE"})
    cursor = api.get("/tasks?limite=1").data["proximo"]
    for path, who in (("/tasks?responsavel_id=todos&", api), ("/tasks?", promised.vendedor.api)):
        reply = who.get(f"{path}cursor={cursor}")
        assert (reply.status, reply.codigo) == (400, "CURSOR_INVALIDO")


def test_a_task_shows_its_lead(team: Team) -> None:
    lead = create(team.vendedor.api, telefone="(11) 98765-0001", produto="Seguro")
    act(team.vendedor.api, lead, "tarefa", prevista_para=at(days=1))
    (task,) = team.vendedor.api.get("/tasks").data["itens"]
    names = ("id", "nome", "telefone", "etapa", "score", "faixa", "nao_contatar_em")
    assert task["lead"] == {name: lead[name] for name in names}


def test_how_many_there_are(team: Team) -> None:
    api, lead = team.vendedor.api, create(team.vendedor.api)
    today = local_day(now(), ZONE)
    night = day_bounds(today, ZONE)[1]
    last = day_bounds(today + timedelta(days=7), ZONE)[1]
    moment = timedelta(microseconds=1)
    due = [now() - timedelta(days=400), now() - timedelta(seconds=5), night - moment, night]
    due += [last - moment, last, last + timedelta(days=9)]
    for instant in due:
        act(api, lead, "tarefa", prevista_para=iso(instant))
    counts = {"atrasadas": 2, "hoje": 1, "dias_7": 3}
    for query in ("", "?limite=1", f"?responsavel_id={team.vendedor.id}"):
        assert api.get(f"/tasks{query}").data["contagem"] == counts
    assert team.gestor.api.get("/tasks?responsavel_id=todos").data["contagem"] == counts
    assert team.gestor.api.get("/tasks").data["contagem"] == dict.fromkeys(counts, 0)
    act(api, lead, resultado="atendeu")
    assert api.get("/tasks").data["contagem"] == counts | {"atrasadas": 0}


@pytest.fixture(scope="module")
def crowds(app: Flask, sql: Engine) -> Iterator[dict[int, Team]]:
    teams = {size: open_team(app) for size in (3_000, 40)}
    for size, team in teams.items():
        many.fill(sql, team, size)
        run(sql, _PROMISE, e=team.equipe_id)
    many.analyze(sql)
    run(sql, "analyze atividades")
    with app.app_context():
        yield teams
    # Other plans are looked at in the same database.
    for table in ("atividades", "lead_busca", "lead_pontuacao", "lead_contatos", "leads"):
        for team in teams.values():
            run(sql, f"delete from {table} where equipe_id = :e", e=team.equipe_id)
    run(sql, "vacuum analyze")


_PROMISE = """
insert into atividades (equipe_id, lead_id, responsavel_id, tipo, prevista_para, concluida_em)
select l.equipe_id, l.id, l.responsavel_id, 'tarefa', now() + (l.id % 997 - 400) * interval '1 day',
  case when n = 1 then now() end
from leads l, generate_series(1, 2) n where l.equipe_id = :e
"""
_FORBIDDEN = {"Seq Scan", "Bitmap Heap Scan", "Hash", "Materialize", "Gather", "Gather Merge"}
_INDEX = {
    Whose.UM: "ix_atividades_equipe_id_responsavel_id_prevista_para_id",
    Whose.NINGUEM: "ix_atividades_equipe_id_responsavel_id_prevista_para_id",
    Whose.TODOS: "ix_atividades_equipe_id_prevista_para_id",
}


@pytest.mark.xdist_group("plans")
@pytest.mark.parametrize("continues", [False, True])
@pytest.mark.parametrize("usual", [False, True])
@pytest.mark.parametrize("whose", Whose)
def test_a_page_is_a_range_of_one_index(
    crowds: dict[int, Team], whose: Whose, usual: bool, continues: bool
) -> None:
    for team in crowds.values():
        values = {"equipe_id": team.equipe_id, "responsavel_id": team.vendedor.id, "limite": 11}
        values |= {"apos": iso(now()), "apos_id": 0, **_days(ZONE)}
        query = tasks_query(whose, Shape(continues, usual))
        plan = explain(query, values, team.equipe_id, before=TEMPTING)
        shown = "\n".join(map(str, plan.nodes))
        assert not plan.kinds & _FORBIDDEN, shown
        counted, page = (node for node in plan.nodes if node.get("Relation Name") == "atividades")
        assert page["Index Name"] == _INDEX[whose], shown
        # Of a small equipe, all are counted by whichever index.
        assert counted["Index Name"].startswith("ix_atividades_equipe_id"), shown
        assert "equipe_id" in page["Index Cond"], shown
        assert page["Actual Rows"] <= 25, shown


@pytest.mark.xdist_group("plans")
@pytest.mark.parametrize("gestor", [False, True])
@pytest.mark.parametrize("usual", [False, True])
def test_the_activities_of_a_lead_are_a_range_of_one_index(
    crowds: dict[int, Team], gestor: bool, usual: bool
) -> None:
    team = crowds[3_000]
    lead = team.vendedor.api.get("/leads?limite=1").data["itens"][0]["id"]
    values = {"equipe_id": team.equipe_id, "usuario_id": team.vendedor.id, "id": lead}
    plan = explain(page_query(gestor, Shape(False, usual)), values | {"limite": 11}, team.equipe_id)
    assert not plan.kinds & _FORBIDDEN, plan
    assert plan.index_of("atividades") == "ix_atividades_equipe_id_lead_id_criado_em_id", plan
    assert plan.index_of("leads") == "pk_leads", plan
