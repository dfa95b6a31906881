"""Dates at the ends of the calendar: nobody can mean them, and stored ones harm nothing."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.support.api import Team
from tests.support.closed import as_open, bring, leads, train
from tests.support.jobs import work
from tests.support.leads import all_leads, create, imported, run

DATES = ("0001-01-01T00:00:00Z", "1899-12-31T23:59:59Z")
PAST = ("criado_em", "fechado_em", "ultimo_contato_em")


@pytest.mark.parametrize("date", DATES)
@pytest.mark.parametrize("field", PAST)
def test_a_date_of_what_has_happened_is_of_our_time(team: Team, field: str, date: str) -> None:
    stage = {"etapa": "ganho"} if field == "fechado_em" else {}
    body = {"nome": "Ana", "id_externo": "a-1", field: date, **stage}
    refused = team.gestor.api.call("PUT", "/leads?chave=id_externo", json=body)
    assert (refused.status, refused.campos) == (422, {field: "DATA_INVALIDA"})
    found = imported(team.gestor.api, f"nome,etapa,{field}\nAna,{stage.get('etapa', '')},{date}\n")
    told = [(each["campo"], each["codigo"]) for each in found["erros"]]
    assert (found["criados"], told) == (0, [(field, "DATA_INVALIDA")])
    assert all_leads(team.gestor.api) == []


@pytest.mark.parametrize("date", ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"])
def test_a_day_to_come_is_of_our_time(team: Team, date: str) -> None:
    refused = team.gestor.api.post("/leads", {"nome": "Ana", "previsto_para": date})
    assert (refused.status, refused.campos) == (422, {"previsto_para": "DATA_INVALIDA"})
    for cell in (date, f"{date}T00:00:00Z"):
        found = imported(team.gestor.api, f"nome,previsto_para\nAna,{cell}\n")
        told = [(each["campo"], each["codigo"]) for each in found["erros"]]
        assert told == [("previsto_para", "DATA_INVALIDA")]


def test_what_has_been_known_for_long_is_taken(team: Team) -> None:
    old = "1900-01-02T00:00:00Z"
    body = {"nome": "Ana", "id_externo": "a-1", "criado_em": old}
    made = team.gestor.api.call("PUT", "/leads?chave=id_externo", json=body)
    assert (made.status, made.data["criado_em"]) == (201, old)


@pytest.mark.parametrize("date", ["0001-01-01 00:00:00+00", "9999-12-31 23:59:59+00"])
def test_stored_ones_harm_no_training_and_no_explanation(
    app: Flask, team: Team, sql: Engine, date: str
) -> None:
    """Of a lead with such a date the month is not known; the card goes by months."""
    work(app)

    def months(number: int, _: bool) -> dict[str, Any]:
        return {"criado_em": f"{2020 + number % 5}-{1 + number % 12:02d}-03T12:00:00Z"}

    alive = map(as_open, leads(2, seed=2, more=months))
    bring(team.gestor.api, [*leads(400, more=months), *alive])
    odd, _ = (lead["id"] for lead in all_leads(team.gestor.api, etapa="novo"))
    closed = all_leads(team.gestor.api, etapa="ganho")[0]["id"]
    for lead_id in (odd, closed):
        run(sql, "update leads set criado_em = :d where id = :i", d=date, i=lead_id)
    run(
        sql,
        "update lead_instantaneo set campos = campos || jsonb_build_object('criado_em', "
        "cast(:d as timestamptz)), registrado_em = :d where lead_id = :i",
        d=date,
        i=closed,
    )
    shown = train(app, team.gestor.api, guarda_calendario=False)
    assert "mes" in {each["campo"] for each in shown["campos"]}
    reply = team.gestor.api.get(f"/leads/{odd}/score")
    assert (reply.status, reply.data["modelo"]["versao"]) == (200, 1)
    for query in ("", "?ordenar=criado_em"):
        assert team.gestor.api.get(f"/leads{query}").status == 200
    assert create(team.gestor.api)["probabilidade"] is not None
