"""What a draft would do is told as publishing then does it, to every lead."""

import random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from models.db import enter_tenant, transaction
from services import simulationService
from services.scores.definition import RuleSet
from services.scores.ready import ready_sets
from tests.support.api import Team, new_email
from tests.support.jobs import principal
from tests.support.leads import create, new_cpf, new_phone, rows
from tests.support.rules import put_in_force

SCORES = (
    "select lead_id, score, faixa, l.responsavel_id from lead_pontuacao p "
    "join leads l on l.id = p.lead_id and l.equipe_id = p.equipe_id where p.equipe_id = :e"
)
QUEUE = (
    "select lead_id from fila where equipe_id = :e and retorno_em is null "
    "and (livre_em is null or livre_em <= now()) order by ordem desc, lead_id"
)
BANDS = ("quente", "morno", "frio")


def simulated(team: Team, rules: RuleSet) -> Any:
    caller = principal(team.gestor.api)
    with team.gestor.api.app.app_context(), transaction():
        enter_tenant(caller.equipe_id)
        return simulationService.simulate_draft(caller, 1, rules)


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


@pytest.mark.parametrize("ready", ready_sets(), ids=lambda each: each.nome)
def test_publishing_does_what_was_shown(app: Flask, team: Team, sql: Engine, ready: Any) -> None:
    _fill(team, 40, len(ready.nome))
    before = {row[0]: row for row in rows(sql, SCORES, e=team.equipe_id)}
    order = [lead_id for (lead_id,) in rows(sql, QUEUE, e=team.equipe_id)]
    told = simulated(team, ready.regras)
    assert {row[0]: row for row in rows(sql, SCORES, e=team.equipe_id)} == before
    put_in_force(sql, team.equipe_id, ready.regras)
    assert app.test_cli_runner().invoke(args=["scores", "rescore"]).exit_code == 0
    after = {row[0]: row for row in rows(sql, SCORES, e=team.equipe_id)}
    assert told["total"] == len(before) == len(after) == 40
    _compare(told, before, after)
    queued = [lead_id for (lead_id,) in rows(sql, QUEUE, e=team.equipe_id)]
    assert told["fila"] == [
        {"lead_id": lead_id, "de": order.index(lead_id) + 1, "para": place}
        for place, lead_id in enumerate(queued[:20], start=1)
    ]


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
