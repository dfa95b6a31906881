"""POST /leads/bulk assign with `auto`: each lead to whoever has the fewest then."""

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.ownership.test_assign import change, give
from tests.ownership.test_races import loads
from tests.support.api import Reply, Team
from tests.support.derived import check
from tests.support.jobs import seen, work
from tests.support.leads import create, upload


def bulk(team: Team, **which: object) -> Reply:
    body = {"acao": "assign", "responsavel_id": "auto", **which}
    return team.gestor.api.post("/leads/bulk", body)


def test_leads_are_distributed(team: Team, sql: Engine) -> None:
    ids = give(team, team.vendedor, 6) + [create(team.gestor.api)["id"] for _ in range(3)]
    closed = give(team, team.vendedor, 1, etapa="ganho")
    dry = bulk(team, ids=[*ids, *closed], dry_run=True)
    reply = bulk(team, ids=[*ids, *closed])
    assert reply.status == 200
    assert dry.data == reply.data
    found = loads(sql, team)
    assert abs(found[team.vendedor.id] - found[team.colleague.id]) == 1
    assert bulk(team, ids=ids).data["alterados"] == 0
    check(sql, team.equipe_id)


def test_what_nobody_can_take_fails_alone(team: Team, sql: Engine) -> None:
    change(team, team.vendedor, capacidade=2)
    change(team, team.colleague, capacidade=0)
    ids = [create(team.gestor.api)["id"] for _ in range(4)]
    reply = bulk(team, ids=ids)
    assert reply.data == {
        "alterados": 2,
        "iguais": 0,
        "falhas": [{"id": lead, "codigo": "SEM_VENDEDOR_DISPONIVEL"} for lead in ids[2:]],
    }
    assert loads(sql, team)[team.vendedor.id] == 2


def test_many_are_distributed_by_a_job(app: Flask, team: Team, sql: Engine) -> None:
    lines = "".join(f"Lead {n}\n" for n in range(1_101))
    assert upload(team.gestor.api, f"nome\n{lines}").data["criados"] == 1_101
    job = bulk(team, filtros={"etapa": ["novo"]})
    assert job.status == 202
    work(app)
    assert seen(team.gestor.api, job.data["id"])["resultado"]["alterados"] == 1_101
    found = loads(sql, team)
    assert abs(found[team.vendedor.id] - found[team.colleague.id]) == 1


@pytest.mark.parametrize("said", ["AUTO", True, "12"])
def test_what_is_no_owner_is_refused(team: Team, said: object) -> None:
    ids = [create(team.gestor.api)["id"]]
    reply = bulk(team, ids=ids, responsavel_id=said)
    assert (reply.status, reply.campos) == (422, {"responsavel_id": "VALOR_INVALIDO"})
