"""What a draft would do is told as publishing then does it, to every lead."""

import random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from services import simulationService
from tests.support.api import Team, new_email
from tests.support.jobs import seen, work
from tests.support.leads import create, new_cpf, new_phone, rows
from tests.support.rules import learned

SCORES = (
    "select lead_id, score, faixa, l.responsavel_id from lead_pontuacao p "
    "join leads l on l.id = p.lead_id and l.equipe_id = p.equipe_id where p.equipe_id = :e"
)
QUEUE = (
    "select lead_id from fila where equipe_id = :e and retorno_em is null "
    "and (livre_em is null or livre_em <= now()) order by ordem desc, lead_id"
)
BANDS = ("quente", "morno", "frio")


def draft(team: Team, **body: Any) -> str:
    """The path of a new draft."""
    made = team.gestor.api.post("/scores/rules/drafts", body)
    assert made.status == 201, made.body
    return f"/scores/rules/drafts/{made.data['n']}"


def _fill(team: Team, count: int, seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(count):
        fields: dict[str, Any] = {
            "telefone": new_phone(),
            "email": new_email("lead"),
            "documento": new_cpf(),
            "valor": dice.choice(["900.00", "6000.00", "60000.00", "400000.00"]),
            "renda_mensal": dice.choice(["1500.00", "6000.00", "30000.00"]),
            "origem": dice.choice(["indicação", "site", "lista fria"]),
            "produto": dice.choice(["seguro", "crédito"]),
            "etapa": dice.choice(["novo", "qualificado", "proposta", "ganho"]),
            "responsavel_id": dice.choice([team.vendedor.id, team.colleague.id]),
            "atributos": {"vinculo": "CLT", "lance": 1},
        }
        create(team.gestor.api, **{k: v for k, v in fields.items() if dice.random() < 0.6})


# A model takes the points of the rules into account: other rules give other probabilities.
CARD = {
    "base": -1.0,
    "regras": {"media": 30.0, "desvio": 12.0, "peso": 0.8},
    "campos": [
        {"campo": "valor", "tipo": "numero", "cortes": [5e3], "pontos": [-1, 1], "ausente": 0.2}
    ],
}


@pytest.mark.parametrize("nome", ["credito", "consorcio", "seguros", "investimentos"])
@pytest.mark.parametrize("card", [None, CARD], ids=["rules alone", "with a model"])
def test_publishing_does_what_was_shown(
    app: Flask, team: Team, sql: Engine, nome: str, card: Any
) -> None:
    if card is not None:
        learned(sql, team.equipe_id, card)
    _fill(team, 40, len(nome))
    before = {row[0]: row for row in rows(sql, SCORES, e=team.equipe_id)}
    order = [lead_id for (lead_id,) in rows(sql, QUEUE, e=team.equipe_id)]
    path = draft(team, a_partir_de=nome)
    told = team.gestor.api.post(f"{path}/simulate").data
    assert {row[0]: row for row in rows(sql, SCORES, e=team.equipe_id)} == before
    assert team.gestor.api.post(f"{path}/publish").status == 202
    work(app)
    after = {row[0]: row for row in rows(sql, SCORES, e=team.equipe_id)}
    assert told["total"] == len(before) == len(after) == 40
    _compare(told, before, after)
    queued = [lead_id for (lead_id,) in rows(sql, QUEUE, e=team.equipe_id)]
    assert told["fila"] == [
        {"lead_id": lead_id, "de": order.index(lead_id) + 1, "para": place}
        for place, lead_id in enumerate(queued[:20], start=1)
    ]


def test_a_job_finds_out_the_same(
    app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In steps of seven leads, of which the last is full."""
    _fill(team, 28, 5)
    path = draft(team, a_partir_de="seguros")
    told = team.gestor.api.post(f"{path}/simulate").data
    monkeypatch.setattr(simulationService, "AT_ONCE", 27)
    monkeypatch.setattr(simulationService, "_MOST", 7)
    monkeypatch.setattr(simulationService, "_FEWEST", 7)
    asked = team.gestor.api.post(f"{path}/simulate")
    assert (asked.status, asked.data["tipo"]) == (202, "simular")
    # What is simulated is the draft as it was when it was asked for.
    assert team.gestor.api.delete(path).status == 200
    before = rows(sql, SCORES, e=team.equipe_id)
    work(app)
    job = seen(team.gestor.api, asked.data["id"])
    assert (job["estado"], job["progresso"]) == ("concluida", {"feitos": 28, "total": 28})
    assert job["resultado"] == told
    assert rows(sql, SCORES, e=team.equipe_id) == before


def test_rules_that_take_long_are_simulated_by_a_job(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(team, 3, 1)
    monkeypatch.setattr(simulationService, "_WORKED_OUT", 5)
    cheap = draft(team, regras=[rule(f"valor {n}", "valor", "minimo", n) for n in range(9)])
    assert team.gestor.api.post(f"{cheap}/simulate").status == 200
    dear = draft(team, regras=[rule("a", "atributos.a", "igual", n) for n in range(9)])
    assert team.gestor.api.post(f"{dear}/simulate").status == 200
    two = draft(team, regras=[rule("a", f"atributos.a{n}", "preenchido") for n in range(2)])
    assert team.gestor.api.post(f"{two}/simulate").status == 202


def test_a_team_without_leads_has_nothing_to_change(team: Team) -> None:
    told = team.gestor.api.post(f"{draft(team)}/simulate").data
    assert (told["total"], told["sobem"], told["descem"]) == (0, 0, 0)
    assert (told["maiores"], told["fila"], told["por_responsavel"]) == ([], [], [])


def test_what_is_in_force_changes_nothing(team: Team, other_team: Team) -> None:
    _fill(team, 12, 3)
    _fill(other_team, 3, 3)
    told = team.gestor.api.post(f"{draft(team)}/simulate").data
    assert (told["total"], told["sobem"], told["descem"], told["maiores"]) == (12, 0, 0, [])
    assert [each["de"] for each in told["fila"]] == [each["para"] for each in told["fila"]]


def test_no_rules_are_rules_too(team: Team) -> None:
    create(team.gestor.api, telefone=new_phone())
    told = team.gestor.api.post(f"{draft(team, regras=[], base=7)}/simulate").data
    assert told["maiores"][0]["para"] == 7


def test_who_may_simulate_what(team: Team, other_team: Team) -> None:
    path = draft(team)
    assert team.vendedor.api.post(f"{path}/simulate").status == 403
    assert other_team.gestor.api.post(f"{path}/simulate").status == 404
    assert team.gestor.api.post("/scores/rules/drafts/999/simulate").status == 404
    assert team.gestor.api.post(f"{path}/publish").status == 202
    again = team.gestor.api.post(f"{path}/simulate")
    assert (again.status, again.codigo) == (409, "REGRAS_JA_PUBLICADAS")


def rule(motivo: str, campo: str, operador: str, valor: Any = None) -> dict[str, Any]:
    said = {"campo": campo, "operador": operador, "valor": valor}
    return {**said, "pontos": 5, "motivo": motivo}


def _compare(told: Any, before: Any, after: Any) -> None:
    moved = {id: after[id][1] - before[id][1] for id in before}
    assert told["sobem"] == sum(by > 0 for by in moved.values())
    assert told["descem"] == sum(by < 0 for by in moved.values())
    bands = [(before[id][2], after[id][2]) for id in before]
    assert told["faixas"] == {de: {para: bands.count((de, para)) for para in BANDS} for de in BANDS}
    largest = sorted((id for id in moved if moved[id]), key=lambda id: (-abs(moved[id]), id))
    assert told["maiores"] == [
        {"lead_id": id, "de": before[id][1], "para": after[id][1]} for id in largest[:20]
    ]
    people = {
        each["responsavel_id"]: (each["sobem"], each["descem"]) for each in told["por_responsavel"]
    }
    theirs = {before[id][3] for id in moved if moved[id]}
    assert people == {
        person: (
            sum(moved[id] > 0 for id in moved if before[id][3] == person),
            sum(moved[id] < 0 for id in moved if before[id][3] == person),
        )
        for person in theirs
    }
