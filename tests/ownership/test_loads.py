"""How many leads each person has is counted as they change, and never by going over them."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import Engine

from commands import sweeper
from models.db import enter_tenant, transaction
from services import sweepService
from services.ownership import loads
from tests.ownership.test_assign import assign, give
from tests.ownership.test_races import at_once
from tests.support.api import Team
from tests.support.derived import check, counted
from tests.support.leads import create, rows, run
from tests.support.plans import explain
from tests.support.sweeping import sweep, sweeping


def waiting(sql: Engine, team: Team) -> int:
    """Changes that are not added up yet."""
    ((count,),) = rows(
        sql, "select count(*) from cargas_delta where equipe_id = :e", e=team.equipe_id
    )
    return int(count)


def test_a_change_of_something_else_counts_nothing(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)["id"]
    assert waiting(sql, team) == 0
    assign(team.gestor.api, lead, team.vendedor.id)
    assert waiting(sql, team) == 1
    team.gestor.api.patch(f"/leads/{lead}", {"cidade": "Natal", "valor": "10.00"})
    assert waiting(sql, team) == 1


def test_the_sweep_adds_up_what_has_changed(app: Flask, team: Team, sql: Engine) -> None:
    sweep(app, team)
    first, second, third = give(team, team.vendedor, 3)
    assign(team.gestor.api, first, team.colleague.id)
    team.gestor.api.post(f"/leads/{second}/move", {"etapa": "contatado"})
    team.gestor.api.delete(f"/leads/{third}")
    expected = Counter(
        {(team.colleague.id, "novo"): 1, (team.vendedor.id, "contatado"): 1},
    )
    assert (waiting(sql, team) > 0, counted(sql, team.equipe_id)) == (True, expected)
    sweep(app, team)
    assert (waiting(sql, team), counted(sql, team.equipe_id)) == (0, expected)
    check(sql, team.equipe_id)


def test_once_a_day_all_is_counted_again(
    app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a version wrote leads that did not count them."""
    kept = give(team, team.vendedor, 3)
    sweep(app, team)
    run(sql, "update cargas set n = n + 7 where equipe_id = :e", e=team.equipe_id)
    wrong = "insert into cargas values (:e, :u, 'contatado', 5)"
    run(sql, wrong, e=team.equipe_id, u=team.colleague.id)
    assign(team.gestor.api, kept[0], team.colleague.id)
    sweep(app, team)
    assert counted(sql, team.equipe_id)[team.vendedor.id, "novo"] == 9
    monkeypatch.setattr(sweepService, "_counted", {})
    sweep(app, team)
    check(sql, team.equipe_id)


def test_who_distributes_leads_is_not_waited_for(app: Flask, team: Team, sql: Engine) -> None:
    give(team, team.vendedor, 2)
    with app.app_context(), transaction():
        enter_tenant(team.equipe_id)
        assert loads.try_turn(team.equipe_id)
        sweep(app, team)
        assert waiting(sql, team) == 2
    sweep(app, team)
    assert waiting(sql, team) == 0


def test_leads_are_counted_while_they_are_added_up(app: Flask, team: Team, sql: Engine) -> None:
    kept = give(team, team.vendedor, 16)
    for n in range(3):
        to = (team.colleague, team.vendedor)[n % 2].id
        moves = [lambda lead=lead, to=to: assign(team.gestor.api, lead, to) for lead in kept]
        with sweeping(team):
            at_once([*moves, *[lambda: sweeper.sweep(app)] * 2])
        check(sql, team.equipe_id)


def test_what_a_stage_is_counts_when_it_is_asked(team: Team) -> None:
    """Not what it was when leads came into it, or left it."""
    api = team.gestor.api
    kept = give(team, team.vendedor, 3, etapa="contatado")
    given = give(team, team.colleague, 1)
    for lead in kept:
        api.post(f"/leads/{lead}/move", {"etapa": "novo"})
    stages = [
        {
            "chave": stage["chave"],
            "nome": stage["nome"],
            "tipo": "ganha" if stage["chave"] == "contatado" else stage["tipo"],
        }
        for stage in api.get("/stages").data["itens"]
    ]
    assert api.call("PUT", "/stages", json={"itens": stages}).status == 200
    lead = create(api)["id"]
    assert assign(api, lead, "auto").data["responsavel_id"] == team.colleague.id
    for each in kept:
        assert api.post(f"/leads/{each}/move", {"etapa": "contatado"}).status == 200
    assert assign(api, given[0], "auto").data["responsavel_id"] == team.vendedor.id


def test_auto_goes_over_no_leads(app: Flask, team: Team) -> None:
    give(team, team.vendedor, 2)
    with app.app_context():
        plan = explain(loads.LOADS, {"equipe_id": team.equipe_id}, team.equipe_id)
    seen = {node["Relation Name"] for node in plan.nodes if "Relation Name" in node}
    assert seen == {"cargas", "cargas_delta", "etapas", "usuarios"}
