"""What the model card says of groups of people, and of the latest leads."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from tests.support.api import Team
from tests.support.closed import bring, leads, train
from tests.support.jobs import work
from tests.support.leads import create

PLACES = ("SP", "RJ")


@pytest.fixture(autouse=True)
def nothing_waits(app: Flask) -> None:
    """Jobs that other tests have left would come to their turn here."""
    work(app)


def of(shown: Any, campo: str) -> dict[str, dict[str, Any]]:
    return {each["grupo"]: each for each in shown["grupos"] if each["campo"] == campo}


def test_it_says_for_whom_it_is_right(app: Flask, team: Team) -> None:
    def more(number: int, won: bool) -> dict[str, object]:
        uf = "AC" if number < 10 else "RR" if number < 80 and won else PLACES[number % 2]
        return {"uf": uf, "idade": 20 + number % 40 if number > 9 else ""}

    bring(team.gestor.api, list(leads(400, more=more)))
    shown = train(app, team.gestor.api)
    places, ages = of(shown, "uf"), of(shown, "atributos.idade")
    assert set(places) == {"AC", "RR", *PLACES}
    assert sum(each["n"] for each in places.values()) == 400
    assert sum(each["ganhos"] for each in places.values()) == shown["ganhos"]
    for name in PLACES:
        assert 0.5 < places[name]["auc"] < 1
        assert abs(places[name]["diferenca"]) < 0.15
        assert places[name]["motivo"] is None
    assert (places["AC"]["n"], places["AC"]["auc"], places["AC"]["diferenca"]) == (10, None, None)
    assert "50" in places["AC"]["motivo"]
    # Read for this alone: nothing was learned from it.
    assert list(ages) == [
        "menos de 25",
        "de 25 até menos de 35",
        "de 35 até menos de 45",
        "de 45 até menos de 55",
        "de 55 até menos de 65",
        "sem valor",
    ]
    assert "atributos.idade" not in {each["campo"] for each in shown["campos"]}
    assert "atributos.idade" in {each["campo"] for each in shown["excluidos"]}


def test_a_group_of_one_outcome_has_no_figures(app: Flask, team: Team) -> None:
    closed = [
        {**row, "uf": "RR" if n % 4 == 0 and row["etapa"] == "perdido" else "SP"}
        for n, row in enumerate(leads(400))
    ]
    bring(team.gestor.api, closed)
    alike = of(train(app, team.gestor.api), "uf")["RR"]
    assert alike["n"] >= 50
    assert (alike["ganhos"], alike["auc"], alike["diferenca"]) == (0, None, None)
    assert "mesmo desfecho" in alike["motivo"]


def test_a_date_of_birth_is_an_age(app: Flask, team: Team) -> None:
    born = {0: "1990-05-01", 1: "01/05/1950", 2: ""}
    bring(team.gestor.api, list(leads(180, more=lambda n, _: {"nascimento": born[n % 3]})))
    ages = of(train(app, team.gestor.api), "atributos.nascimento")
    assert {name: each["n"] for name, each in ages.items()} == {
        "de 35 até menos de 45": 60,
        "65 ou mais": 60,
        "sem valor": 60,
    }


def test_groups_that_nobody_is_in_are_not_listed(app: Flask, team: Team) -> None:
    bring(team.gestor.api, list(leads(60)))
    assert train(app, team.gestor.api)["grupos"] == []


def closed_at(rates: list[float]) -> list[dict[str, object]]:
    """A closed lead every hour, won so often; the plan says little."""
    dice, began = random.Random(5), datetime(2026, 1, 1, tzinfo=UTC)
    rows = leads(len(rates), seed=4)
    return [
        {
            **row,
            "etapa": "ganho" if (won := dice.random() < rate) else "perdido",
            "motivo_perda": "" if won else "Preço",
            "fechado_em": (began + timedelta(hours=n)).isoformat(),
        }
        for n, (row, rate) in enumerate(zip(rows, rates, strict=True))
    ]


@pytest.mark.parametrize(("rate", "alert"), [(0.3, None), (0.6, "alarme"), (0.12, "alarme")])
def test_latest_leads_that_close_otherwise_than_said_raise_an_alarm(
    app: Flask, team: Team, rate: float, alert: str | None
) -> None:
    bring(team.gestor.api, closed_at([0.3] * 900 + [rate] * 300))
    told = train(app, team.gestor.api)["ultimos"]
    assert (told["n"], told["alerta"], told["motivo"]) == (300, alert, None)
    assert told["razao"] == pytest.approx(told["ganhos"] / told["esperados"])
    assert (0.8 <= told["razao"] <= 1.25) == (alert is None)


def test_without_leads_before_them_the_latest_say_nothing(app: Flask, team: Team) -> None:
    bring(team.gestor.api, list(leads(60)))
    told = train(app, team.gestor.api)["ultimos"]
    assert (told["n"], told["razao"], told["alerta"]) == (60, None, None)
    assert "300" in told["motivo"]


def test_what_may_be_permitted_says_so(app: Flask, team: Team) -> None:
    """The gestor is offered no decision that would be refused."""

    def more(number: int, won: bool) -> dict[str, object]:
        return {
            "idade": 20 + number % 30,
            "sexo": "FM"[number % 2],
            "fixo": "a",
            "contrato": "x" if won else "",
        }

    bring(team.gestor.api, list(leads(120, more=more)))
    found = train(app, team.gestor.api)["excluidos"]
    told = {each["campo"].removeprefix("atributos."): each["permitivel"] for each in found}
    wanted = {"idade": True, "contrato": True, "sexo": False, "fixo": False}
    assert {name: told[name] for name in wanted} == wanted
    for each in found:
        asked = [{"campo": each["campo"], "motivo": "Já se sabe no primeiro contato."}]
        taken = team.gestor.api.patch("/equipe", {"campos_permitidos": asked}).status
        assert taken == 200 or not each["permitivel"], each


def test_a_trait_inside_of_others_is_named_too(app: Flask, team: Team) -> None:
    """Where a value is, and not where a list or nothing is."""
    bring(team.gestor.api, list(leads(60)))
    inside = {"sexo": "F", "nota": None, "obs": ["x"], "mais": {"etnia": "x", "cor": None}}
    kept = create(team.gestor.api, atributos={"dados": inside, "religiao": {}})
    path = f"/leads/{kept['id']}"
    assert team.gestor.api.patch(path, {"etapa": "ganho"}).status == 200
    found = {each["campo"] for each in train(app, team.gestor.api)["excluidos"]}
    assert {"atributos.dados.sexo", "atributos.dados.mais.etnia"} <= found
    away = {"nota", "obs", "mais", "mais.cor"}
    assert not found & {"atributos.religiao", *(f"atributos.dados.{name}" for name in away)}
