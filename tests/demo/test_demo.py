"""`flask demo`: what it says, and what a gestor then sees."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask

from commands import demo
from services import activityService
from tests.demo.conftest import PASSWORD, Demo, Made, everything_of
from tests.support import activities, stays
from tests.support.api import Member, sign_in
from tests.support.leads import all_leads, rows
from tests.support.queue_check import check_queue
from utils.clock import now, parse_instant

OPEN = ["novo", "contatado", "qualificado", "proposta"]


@pytest.fixture
def helena(made: Made) -> Member:
    return made.helena()


def leads(member: Member, **query: Any) -> list[dict[str, Any]]:
    return member.api.get("/leads", query_string={"limite": 100, **query}).data["itens"]


def test_it_says_where_to_look_and_the_second_time_that_it_is_there(made: Made) -> None:
    first, second = made.told
    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    for line in ("/painel", "helena@demo.example", "bruno@demo.example", f"senha {PASSWORD}"):
        assert line in first.stdout and line in second.stdout
    assert "já existe" in second.stdout and "já existe" not in first.stdout


def test_it_is_made_once(made: Made, helena: Member) -> None:
    assert len(all_leads(helena.api)) == 200
    assert rows(made.sql, "select count(*) from equipes") == [(2,)]
    assert helena.api.get("/scores/model").data["versao"] == 1


def test_who_was_there_before_is_left_alone(made: Made) -> None:
    before = {name: found for name, found in made.before.items() if name != "sessoes"}
    after = everything_of(made.sql, made.other.equipe_id)
    assert {name: after[name] for name in before} == before
    assert sum(map(len, before.values())) > 10


def test_the_first_list_is_of_named_people_whose_scores_differ(helena: Member) -> None:
    found = leads(helena, etapa=["qualificado", "proposta"], ordenar="-score")
    assert len(found) > 5
    assert all(lead["nome"] != "Sem nome" and lead["valor"] for lead in found)
    assert all(0 < lead["probabilidade"] < 1 for lead in found)
    assert found[0]["score"] - found[-1]["score"] >= 15
    assert {lead["faixa"] for lead in leads(helena, etapa=OPEN)} == {"quente", "morno", "frio"}


def test_everybody_is_marked_as_made_up(helena: Member) -> None:
    for lead in all_leads(helena.api):
        assert lead["email"].endswith("@demo.example")
        assert lead["telefone"][5:].startswith("90000")
        assert (lead["etiquetas"], lead["documento"]) == (["pessoa fictícia"], None)
    people = helena.api.get("/users").data["itens"]
    assert len(people) == 6
    assert all(each["email"].endswith("@demo.example") for each in people)


def test_it_has_half_a_year_of_history_and_this_week(helena: Member) -> None:
    found = all_leads(helena.api)
    closed = [parse_instant(lead["fechado_em"]) for lead in found if lead["fechado_em"]]
    assert len(closed) == 160
    assert timedelta(days=150) < now() - min(closed) < timedelta(days=200)
    week = helena.api.get("/metrics").data["dias_7"]
    assert min(week["novos"], week["ganhos"] + week["perdidos"]) > 0
    reasons = {lead["motivo_perda"] for lead in found if lead["etapa"] == "perdido"}
    assert len(reasons) > 2


def test_rules_are_published_and_a_model_is_in_use(helena: Member) -> None:
    rules = helena.api.get("/scores/rules").data
    assert (rules["versao"], rules["publicada_por"]["nome"]) == (1, "Helena Prado")
    model = helena.api.get("/scores/model").data
    assert (model["estado"], model["n"]) == ("em_aprendizado", 160)


def test_a_vendedor_finds_promises_and_a_next_lead(made: Made) -> None:
    bruno = sign_in(made.app, "bruno@demo.example", PASSWORD)
    assert bruno.api.get("/tasks").data["itens"]
    assert bruno.api.post("/queue/next").data["motivos"]


def test_promises_are_overdue_of_this_week_and_later(helena: Member) -> None:
    tasks = helena.api.get("/tasks", query_string={"responsavel_id": "todos", "limite": 100}).data
    due = [parse_instant(task["prevista_para"]) for task in tasks["itens"]]
    assert min(due) < now() < max(due)
    assert tasks["contagem"]["dias_7"] > 0


def test_recent_leads_were_led_through_the_stages(made: Made, helena: Member) -> None:
    (lead, *_) = leads(helena, etapa="proposta")
    told = rows(
        made.sql,
        "select etapa, entrou_em from permanencias where lead_id = :l order by n",
        l=lead["id"],
    )
    assert [stage for stage, _ in told] == OPEN
    assert all(earlier <= later < now() for (_, earlier), (_, later) in pairwise(told))
    talks = helena.api.get(f"/leads/{lead['id']}/activities").data["itens"]
    assert len(talks) >= 3
    assert min(parse_instant(each["concluida_em"]) for each in talks if each["concluida_em"]) > (
        parse_instant(lead["criado_em"])
    )


def test_what_follows_from_its_leads_is_there(made: Made, helena: Member) -> None:
    equipe_id = helena.api.get("/auth/me").data["equipe_id"]
    check_queue(made.sql, equipe_id, exact=False)
    activities.kept(made.sql, equipe_id)
    activities.told(made.sql, equipe_id)
    assert stays.kept(made.sql, equipe_id) == stays.recomputed(made.sql, equipe_id)


def test_one_that_was_stopped_while_it_was_made_is_begun_anew(
    empty: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(activityService, "create_activity", _stopped)
        assert empty.run().exit_code != 0
    assert rows(empty.sql, "select (select count(*) from usuarios), count(*) from leads") == [
        (0, 0)
    ]
    again = empty.run()
    assert again.exit_code == 0 and "Criando" in again.stdout
    assert len(all_leads(empty.helena().api)) == 200


def test_one_that_was_stopped_before_it_had_learned_learns(
    empty: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(demo, "train", _stopped)
        assert empty.run().exit_code != 0
    again = empty.run()
    assert again.exit_code == 0 and "já existe" in again.stdout
    assert empty.helena().api.get("/scores/model").data["versao"] == 1


def test_production_has_none(app: Flask, make_app: Callable[..., Flask], sql: Any) -> None:
    production = make_app(app_env="production", secret_key="k" * 32)
    done = production.test_cli_runner().invoke(args=["demo"])
    assert (done.exit_code, "produção" in done.stderr) == (1, True)
    assert rows(sql, "select 1 from usuarios where email like '%@demo.example'") == []


def _stopped(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


def test_the_month_has_goals_of_the_equipe_and_of_each_person(helena: Member) -> None:
    month = helena.api.get("/metrics").data["serie"][-1]["dia"][:7]
    goals = helena.api.get(f"/goals/{month}").data["metas"]
    people = {goal["responsavel_id"] for goal in goals}
    assert None in people and len(people) == len(goals) == 6
    assert all(goal["realizado"] is not None for goal in goals)
