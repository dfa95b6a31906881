"""What rules look at, changed by any writer, changes the score in the same write."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from models.db import transaction
from services import sweepService
from tests.support.api import Team
from tests.support.jobs import work
from tests.support.leads import create, imported, rows, run
from tests.support.publishing import check_current, publish, rule
from tests.support.walk import Walk

# Of everything that rules may look at, ages apart.
RULES = [
    rule("contatos", "minimo", 2, 3, grupo="alcance"),
    rule("contatos.whatsapp_id", "minimo", 1, 5, grupo="alcance"),
    rule("telefone", "preenchido", None, 4, grupo="alcance"),
    rule("atividades", "minimo", 1, 7),
    rule("atividades", "minimo", 3, 2),
    rule("tentativas", "entre", [1, 2], -3),
    rule("ultimo_resultado", "em", ["atendeu", "agendou"], 11),
    rule("etiquetas", "contem", "vip", 6),
    rule("etapa", "diferente", "novo", 2),
    rule("proximo_contato_em", "vazio", None, -2),
    rule("responsavel_id", "vazio", None, -1),
    rule("valor", "acima", "1000.00", 9),
    rule("cidade", "contem", "são", 4),
    rule("uf", "fora_de", ["SP"], 1),
    rule("atributos.cor", "igual", "azul", 8),
    rule("campanha", "preenchido", None, 2),
]
GROUPS = [{"nome": "alcance", "minimo": None, "maximo": 8}]


def score(team: Team, lead: dict[str, Any]) -> int:
    return int(team.gestor.api.get(f"/leads/{lead['id']}").data["score"])


def test_activities_and_attempts_score_at_once(team: Team) -> None:
    api = team.gestor.api
    publish(api, *RULES[3:7], base=50)
    lead = create(api)
    path = f"/leads/{lead['id']}/activities"
    note = api.post(path, {"tipo": "nota", "texto": "Olá."}).data["atividade"]
    assert score(team, lead) == 57
    call = api.post(path, {"tipo": "ligacao", "resultado": "atendeu"}).data
    assert call["lead"]["score"] == score(team, lead) == 65
    api.patch(f"/activities/{call['atividade']['id']}", {"resultado": "nao_atendeu"})
    assert score(team, lead) == 54
    api.delete(f"/activities/{call['atividade']['id']}")
    api.delete(f"/activities/{note['id']}")
    assert score(team, lead) == 50


def test_a_promise_that_is_kept_counts(team: Team) -> None:
    api = team.gestor.api
    publish(api, rule("atividades", "minimo", 1, 7), base=50)
    lead = create(api, proximo_contato_em="2031-05-02T12:00:00Z")
    assert lead["score"] == 50
    done = api.patch(f"/leads/{lead['id']}", {"proximo_contato_em": None})
    assert done.data["score"] == 57


def test_contacts_score_at_once(team: Team) -> None:
    api = team.gestor.api
    publish(api, *RULES[:3], grupos=GROUPS, base=50)
    both = [{"tipo": "telefone", "valor": "11987650001"}, {"tipo": "email", "valor": "a@b.com.br"}]
    lead = create(api, contatos=both)
    assert lead["score"] == 57
    more = [*both, {"tipo": "whatsapp_id", "valor": "BR.1234567890"}]
    assert api.patch(f"/leads/{lead['id']}", {"contatos": more}).data["score"] == 58
    wrong = {"tipo": "ligacao", "resultado": "numero_errado"}
    assert api.post(f"/leads/{lead['id']}/activities", wrong).data["lead"]["score"] == 58


def test_imported_leads_are_scored_by_the_rules(app: Flask, team: Team, sql: Engine) -> None:
    publish(team.gestor.api, *RULES, grupos=GROUPS)
    csv = "nome,email,telefone,cidade,uf,valor,etiquetas,etapa\n" + "".join(
        f"L{n},l{n}@a.com.br,119876{n:05},São Paulo,{'SP' if n % 2 else 'RJ'},{n * 200},vip,novo\n"
        for n in range(20)
    )
    imported(team.gestor.api, csv)
    imported(team.gestor.api, csv.replace("vip", "vip;novo"), duplicados="atualizar")
    check_current(app, sql, team)


@pytest.mark.parametrize("seed", [31, 32])
def test_whatever_is_done_no_score_is_stale(app: Flask, team: Team, sql: Engine, seed: int) -> None:
    publish(team.gestor.api, *RULES, grupos=GROUPS)
    walk = Walk(team, seed, "alfaum", "betadois")
    for _ in range(4):
        walk.steps(40)
        check_current(app, sql, team)


# ------------------------------------------------ by the passing of time


def test_points_fade_by_half(team: Team, sql: Engine) -> None:
    api = team.gestor.api
    publish(api, rule("origem", "igual", "site", 41, meia_vida_dias=10), base=0)
    lead = create(api, origem="site")
    assert lead["score"] == 41
    older = "update leads set criado_em = now() - interval '10 days' where id = :id"
    run(sql, older, id=lead["id"])
    assert api.patch(f"/leads/{lead['id']}", {"origem": None}).data["score"] == 0
    # Half of 41 is 20.5, a little less by now.
    assert api.patch(f"/leads/{lead['id']}", {"origem": "site"}).data["score"] == 20


@pytest.mark.parametrize("days", [1, 0.01])
def test_points_that_have_faded_for_years_are_none(team: Team, sql: Engine, days: float) -> None:
    api = team.gestor.api
    publish(api, rule("origem", "igual", "site", 41, meia_vida_dias=days), base=5)
    lead = create(api, origem="site")
    run(sql, "update leads set criado_em = '2019-01-01' where id = :id", id=lead["id"])
    assert api.patch(f"/leads/{lead['id']}", {"origem": None}).data["score"] == 5
    assert api.patch(f"/leads/{lead['id']}", {"origem": "site"}).data["score"] == 5


def jobs(sql: Engine, team: Team) -> list[str]:
    found = rows(
        sql, "select tipo from trabalhos where equipe_id = :e order by id", e=team.equipe_id
    )
    return [tipo for (tipo,) in found]


def swept(app: Flask, team: Team) -> None:
    with app.app_context(), transaction():
        assert sweepService.score_as_time_passes(team.equipe_id)


def test_what_time_changes_is_scored_once_a_day(app: Flask, team: Team, sql: Engine) -> None:
    publish(team.gestor.api, rule("dias_desde_criacao", "minimo", 3, 15), base=10)
    lead = create(team.gestor.api)
    work(app)
    run(sql, "update leads set criado_em = now() - interval '4 days' where id = :i", i=lead["id"])
    swept(app, team)
    assert jobs(sql, team) == ["publicar"]
    yesterday = "update trabalhos set criado_em = now() - interval '25 hours' where equipe_id = :e"
    run(sql, yesterday, e=team.equipe_id)
    swept(app, team)
    swept(app, team)
    assert jobs(sql, team) == ["publicar", "repontuar"]
    work(app)
    swept(app, team)
    assert (score(team, lead), len(jobs(sql, team))) == (25, 2)


def test_what_time_does_not_change_is_left_alone(app: Flask, team: Team, sql: Engine) -> None:
    swept(app, team)
    publish(team.gestor.api, rule("uf", "igual", "SP"))
    run(sql, "delete from trabalhos where equipe_id = :e", e=team.equipe_id)
    swept(app, team)
    assert jobs(sql, team) == []
