"""Who closes a lead ends its promises, in whichever way; who opens it again revives none."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.support.activities import act, kept, of_lead, promises
from tests.support.api import Reply, Team
from tests.support.leads import create, new_cpf, upload

FIRST, SECOND = "2031-05-01T12:00:00Z", "2031-05-02T12:00:00Z"
LOST = {"etapa": "perdido", "motivo_perda": "Sem interesse"}
Close = Callable[[Team, dict[str, Any]], Reply]


def _move(team: Team, lead: dict[str, Any]) -> Reply:
    return team.vendedor.api.post(f"/leads/{lead['id']}/move", LOST)


def _patch(team: Team, lead: dict[str, Any]) -> Reply:
    return team.vendedor.api.patch(f"/leads/{lead['id']}", LOST)


def _bulk(team: Team, lead: dict[str, Any]) -> Reply:
    return team.gestor.api.post("/leads/bulk", {"acao": "move", "ids": [lead["id"]], **LOST})


def _upsert(team: Team, lead: dict[str, Any]) -> Reply:
    said = {"documento": lead["documento"], "proximo_contato_em": FIRST, **LOST}
    return team.vendedor.api.call("PUT", "/leads?chave=documento", json=said)


def _import(team: Team, lead: dict[str, Any]) -> Reply:
    file = (
        "documento,etapa,motivo_perda,proximo_contato_em\n"
        f"{lead['documento']},perdido,Sem interesse,2031-07-01T12:00:00Z\n"
    )
    return upload(team.gestor.api, file, duplicados="atualizar")


def _activity(team: Team, lead: dict[str, Any]) -> Reply:
    path = f"/leads/{lead['id']}/activities"
    return team.vendedor.api.post(path, {"tipo": "nota", "texto": "Desistiu", **LOST})


def _result(team: Team, lead: dict[str, Any]) -> Reply:
    path = f"/leads/{lead['id']}/activities"
    return team.vendedor.api.post(path, {"tipo": "ligacao", "resultado": "outro", **LOST})


@pytest.mark.parametrize("close", [_move, _patch, _bulk, _upsert, _import, _activity, _result])
def test_a_lead_that_is_closed_has_no_promise_left(team: Team, sql: Engine, close: Close) -> None:
    api = team.vendedor.api
    lead = create(api, documento=new_cpf(), proximo_contato_em=FIRST)
    act(api, lead, "reuniao", prevista_para=SECOND)
    assert close(team, lead).status in (200, 201)
    found = api.get(f"/leads/{lead['id']}").data
    assert (found["etapa"], found["proximo_contato_em"]) == ("perdido", None)
    assert promises(sql, lead["id"]) == [] == api.get("/tasks").data["itens"]
    assert all(each["concluida_em"] for each in of_lead(api, lead["id"]))
    kept(sql, team.equipe_id)
    reopened = api.post(f"/leads/{lead['id']}/move", {"etapa": "novo"}).data
    assert reopened["proximo_contato_em"] is None
    assert api.get("/tasks").data["itens"] == []


def test_the_event_of_a_closing_tells_that_the_next_contact_is_none(team: Team) -> None:
    api = team.gestor.api
    for close in (_move, _patch, _bulk, _upsert, _import):
        own = {"responsavel_id": team.vendedor.id, "documento": new_cpf()}
        lead = create(api, proximo_contato_em=FIRST, **own)
        assert close(team, lead).status == 200
        told = api.get(f"/leads/{lead['id']}/timeline").data["itens"]
        moved = next(each for each in told if each["tipo"] == "lead_movido")
        assert "proximo_contato_em" in moved["dados"]["campos"], close


def test_what_a_closing_call_promises_itself_is_new(team: Team, sql: Engine) -> None:
    """After a sale somebody may want to call again."""
    api, lead = team.vendedor.api, create(team.vendedor.api, proximo_contato_em=FIRST)
    act(api, lead, "reuniao", prevista_para="2031-06-01T12:00:00Z")
    act(api, lead, resultado="atendeu", etapa="ganho", prevista_para=SECOND)
    assert len(promises(sql, lead["id"])) == 1
    assert api.get(f"/leads/{lead['id']}").data["proximo_contato_em"] == SECOND
    kept(sql, team.equipe_id)


def test_a_date_beside_a_closing_is_refused(team: Team) -> None:
    """It would be a promise of before; afterwards one may be made."""
    api, lead = team.vendedor.api, create(team.vendedor.api, proximo_contato_em=FIRST)
    path = f"/leads/{lead['id']}"
    refused = api.patch(path, {"etapa": "ganho", "proximo_contato_em": SECOND})
    assert refused.status == 422
    assert [each["campo"] for each in refused.data["erros"]] == ["proximo_contato_em"]
    assert api.patch(path, {"etapa": "ganho", "proximo_contato_em": FIRST}).status == 200
    assert api.get(path).data["proximo_contato_em"] is None
    assert api.patch(path, {"proximo_contato_em": SECOND}).data["proximo_contato_em"] == SECOND


def test_between_closed_stages_promises_end_too(team: Team) -> None:
    api = team.vendedor.api
    lead = create(api, etapa="ganho", proximo_contato_em=FIRST)
    assert lead["proximo_contato_em"] == FIRST
    assert _move(team, lead).data["proximo_contato_em"] is None


def test_a_closed_lead_gets_no_promise_from_another_system(team: Team) -> None:
    """What it sends is of before the closing, as often as it sends it."""
    lead = create(team.vendedor.api, documento=new_cpf())
    for _ in range(2):
        for close in (_upsert, _import):
            assert close(team, lead).status == 200
            found = team.gestor.api.get(f"/leads/{lead['id']}").data
            assert found["proximo_contato_em"] is None
