"""A model in force gives open leads a probability, whose parts add up to it."""

from math import exp, isclose, log
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from models.db import enter_tenant, transaction
from services.scores.publishing import put_in_force
from tests.support.api import Team
from tests.support.leads import create, imported, rows
from tests.support.publishing import check_current, publish, rule
from tests.support.rules import model_in_use

CARD: dict[str, Any] = {
    "base": -1.25,
    "regras": {"media": 5.0, "desvio": 10.0, "peso": 0.8},
    "campos": [
        {
            "campo": "valor",
            "tipo": "numero",
            "cortes": [1_000.0, 5_000.0],
            "pontos": [-0.4, 0.1, 0.7],
            "ausente": -0.2,
        },
        {
            "campo": "uf",
            "tipo": "categoria",
            "niveis": ["sp", "rj"],
            "pontos": [0.3, -0.3],
            "outros": 0.05,
            "ausente": 0.0,
        },
        {
            "campo": "contatos",
            "tipo": "numero",
            "cortes": [1.0, 2.0],
            "pontos": [-0.6, 0.2, 0.5],
            "ausente": 0.0,
        },
    ],
}


def adopt(
    app: Flask, sql: Engine, team: Team, card: dict[str, Any] | None, versao: int = 1
) -> None:
    """Put a model in force that has learned this, without a training."""
    equipe_id = team.equipe_id
    model_in_use(sql, equipe_id, card)
    with app.app_context(), transaction():
        enter_tenant(equipe_id)
        put_in_force(equipe_id, modelo_versao=1)


def explained(team: Team, lead: dict[str, Any]) -> dict[str, Any]:
    """The explanation of an open lead; what the model says of it adds up."""
    found: dict[str, Any] = team.gestor.api.get(f"/leads/{lead['id']}/score").data
    assert sum(part["pontos"] for part in found["partes"]) == found["score"] == lead["score"]
    chance, model = found["probabilidade"], found["modelo"]
    assert chance == lead["probabilidade"]
    whole = model["base"] + sum(part["logit"] for part in model["partes"])
    assert isclose(log(chance / (1 - chance)), whole, abs_tol=1e-6)
    return found


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, -1.25 - 0.4 - 0.2 - 0.6),
        ({"valor": "999.99"}, -1.25 - 0.4 - 0.4 - 0.6),
        ({"valor": "1000.00", "uf": "SP"}, -1.25 - 0.4 + 0.1 + 0.3 - 0.6),
        ({"valor": "7000.00", "uf": "MG"}, -1.25 - 0.4 + 0.7 + 0.05 - 0.6),
        ({"origem": "evento", "email": "a@exemplo.com.br"}, -1.25 + 1.2 - 0.2 + 0.2),
    ],
)
def test_a_card_is_read_off(
    app: Flask, team: Team, sql: Engine, fields: dict[str, Any], expected: float
) -> None:
    # Of the rules only the first tells what a lead is: 20 points are 1.5 deviations.
    publish(team.gestor.api, rule("origem", "igual", "evento", 20), rule("etapa", "preenchido"))
    adopt(app, sql, team, CARD)
    lead = create(team.gestor.api, **fields)
    assert isclose(lead["probabilidade"], 1 / (1 + exp(-expected)), abs_tol=1e-9)
    found = explained(team, lead)
    assert (found["modelo"]["versao"], found["sem_probabilidade"]) == (1, None)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        # Below the corner a third of the sum is taken off; above it nothing more.
        ({"valor": "1000.00", "uf": "SP"}, -1.45 + 0.1 + 1.45 / 3),
        ({"valor": "7000.00", "uf": "SP"}, -0.85 + 0.1 + 1 / 3),
    ],
)
def test_what_a_curve_adds_is_one_more_part(
    app: Flask, team: Team, sql: Engine, fields: dict[str, Any], expected: float
) -> None:
    curve = {"base": 0.1, "inclinacao": -1 / 3, "cortes": [-1.0], "mudancas": [1 / 3]}
    adopt(app, sql, team, {**CARD, "regras": None, "curva": curve})
    lead = create(team.gestor.api, **fields)
    assert isclose(lead["probabilidade"], 1 / (1 + exp(-expected)), abs_tol=1e-9)
    last = explained(team, lead)["modelo"]["partes"][-1]
    assert (last["campo"], last["motivo"]) == (
        "calibragem",
        "Ajuste ao que se viu em leads parecidos",
    )
    check_current(app, sql, team)


def test_a_closed_lead_has_no_probability(app: Flask, team: Team, sql: Engine) -> None:
    adopt(app, sql, team, CARD)
    api = team.gestor.api
    lead = create(api, valor="7000.00")
    won = api.post(f"/leads/{lead['id']}/move", {"etapa": "ganho"}).data
    assert (lead["probabilidade"] is None, won["probabilidade"]) == (False, None)
    told = api.get(f"/leads/{lead['id']}/score").data
    assert (told["modelo"], "fechado" in told["sem_probabilidade"]) == (None, True)
    back = api.post(f"/leads/{lead['id']}/move", {"etapa": "novo"}).data
    assert back["probabilidade"] == lead["probabilidade"]


def test_a_model_that_has_learned_nothing_gives_none(app: Flask, team: Team, sql: Engine) -> None:
    adopt(app, sql, team, None)
    lead = create(team.gestor.api)
    told = team.gestor.api.get(f"/leads/{lead['id']}/score").data
    assert (told["probabilidade"], told["modelo"]) == (None, None)
    assert "ainda não bastam" in told["sem_probabilidade"]


def test_what_the_model_looks_at_is_followed(app: Flask, team: Team, sql: Engine) -> None:
    adopt(app, sql, team, CARD)
    api = team.gestor.api
    lead = create(api, email="b@exemplo.com.br")
    more = [{"tipo": "telefone", "valor": "11987651234"}]
    changed = api.patch(f"/leads/{lead['id']}", {"contatos": more, "uf": "RJ"}).data
    assert changed["probabilidade"] != lead["probabilidade"]
    explained(team, changed)
    lines = "".join(f"L{n},{n * 400},{('SP', 'RJ', 'BA')[n % 3]}\n" for n in range(20))
    imported(api, "nome,valor,uf\n" + lines)
    check_current(app, sql, team)
    of_both = "select distinct versao, modelo_versao from lead_pontuacao where equipe_id = :e"
    assert rows(sql, of_both, e=team.equipe_id) == [(0, 1)]
