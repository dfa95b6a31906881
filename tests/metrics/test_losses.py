"""The stage that a lead was lost from, whatever becomes of the stages of lost leads."""

from typing import Any

import pytest

from tests.metrics.past import move, past
from tests.metrics.told import MARCH, of
from tests.metrics.views import view
from tests.support.api import Api, Team
from tests.support.leads import imported
from tests.support.undone import undone

pytestmark = pytest.mark.usefixtures("noon")
KEPT = [
    *(
        {"chave": stage, "nome": stage, "tipo": "aberta"}
        for stage in ("novo", "contatado", "qualificado", "proposta")
    ),
    {"chave": "ganho", "nome": "ganho", "tipo": "ganha"},
]
LOST = {"chave": "perdido", "nome": "perdido", "tipo": "perdida"}
UNFIT = {"nome": "Sem perfil", "tipo": "perdida"}
CAME = "2026-03-02T12:00:00Z"
OFFERED, GONE, LATER = (
    ("proposta", "2026-03-03T12:00:00Z"),
    ("perdido", "2026-03-05T12:00:00Z"),
    ("contatado", "2026-03-06T12:00:00Z"),
)


def put(api: Api, *itens: dict[str, Any], **more: Any) -> None:
    reply = api.call("PUT", "/stages", json={"itens": [*KEPT, *itens], **more})
    assert reply.status == 200, reply.body


def lost_from(api: Api) -> dict[str, int]:
    stages = view(api, "funnel", **MARCH)["etapas"]
    told = (of(stage, "etapa", "perdidos") for stage in stages)
    return {etapa: n for etapa, n in told if n}


def test_it_is_kept_when_the_stage_of_lost_leads_is_archived(team: Team) -> None:
    api = team.gestor.api
    past(api, CAME, OFFERED, GONE)
    assert lost_from(api) == {"proposta": 1}
    put(api, LOST, UNFIT)
    put(api, UNFIT | {"chave": "sem_perfil"}, mover={"perdido": "sem_perfil"})
    assert lost_from(api) == {"proposta": 1}


def test_it_is_kept_when_the_lead_goes_on_among_stages_of_lost_leads(team: Team) -> None:
    api = team.gestor.api
    put(api, LOST, UNFIT)
    lead = past(api, CAME, OFFERED, GONE)
    for etapa in ("sem_perfil", "perdido"):
        assert api.patch(f"/leads/{lead}", {"etapa": etapa}).status == 200
    assert lost_from(api) == {"proposta": 1}


def test_a_lead_that_is_lost_once_more_was_lost_from_its_last_open_stage(team: Team) -> None:
    api = team.gestor.api
    lead = past(api, CAME, OFFERED, GONE, LATER)
    assert lost_from(api) == {}
    move(api, lead, "perdido", "2026-03-07T12:00:00Z")
    assert lost_from(api) == {"contatado": 1}


def test_an_import_that_opened_it_again_is_undone(team: Team) -> None:
    api = team.gestor.api
    lead = past(api, CAME, OFFERED, GONE, email="p@exemplo.com.br")
    file = "email,etapa\np@exemplo.com.br,contatado\n"
    report = imported(api, file, duplicados="atualizar", reabrir=1)
    assert (report["atualizados"], lost_from(api)) == (1, {})
    undone(api, report["id"])
    assert api.get(f"/leads/{lead}").data["etapa"] == "perdido"
    assert lost_from(api) == {"proposta": 1}


def test_its_stage_becomes_one_of_open_leads_while_it_is_deleted(team: Team) -> None:
    api = team.gestor.api
    put(api, LOST, UNFIT)
    lead = past(api, CAME, OFFERED, GONE)
    assert api.patch(f"/leads/{lead}", {"etapa": "sem_perfil"}).status == 200
    assert api.delete(f"/leads/{lead}").status == 200
    put(api, LOST, UNFIT | {"chave": "sem_perfil", "tipo": "aberta"})
    assert api.post(f"/leads/{lead}/restore").data["etapa"] == "sem_perfil"
    assert lost_from(api) == {}
    lost = {"etapa": "perdido", "motivo_perda": "preço"}
    assert api.patch(f"/leads/{lead}", lost).status == 200
    assert lost_from(api) == {"sem_perfil": 1}
