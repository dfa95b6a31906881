"""A deleted lead is restored as it was, unless another lead has got its keys meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.faults.tools import wait_until
from tests.leads.test_duplicates import WAITING, key_held
from tests.support.api import Api, Reply, Team, new_email
from tests.support.leads import create, events, new_cpf, new_phone, rows, run


def deleted(api: Api, **fields: Any) -> dict[str, Any]:
    lead = create(api, **fields)
    assert api.delete(f"/leads/{lead['id']}").status == 200
    return lead


def restore(api: Api, lead: dict[str, Any], query: str = "", **how: Any) -> Reply:
    return api.post(f"/leads/{lead['id']}/restore{query}", **how)


def test_a_restored_lead_is_as_it_was(team: Team, sql: Engine) -> None:
    api = team.gestor.api
    fields = {"telefone": new_phone(), "email": new_email("l"), "etiquetas": ["vip"]}
    lead = deleted(api, responsavel_id=team.vendedor.id, **fields)
    reply = restore(api, lead)
    assert (reply.status, reply.message) == (200, "Lead restaurado com sucesso")
    changes = {"versao": 3, "atualizado_em": reply.data["atualizado_em"]}
    assert reply.data == lead | changes
    assert reply.headers["ETag"] == api.get(f"/leads/{lead['id']}").headers["ETag"]
    assert team.vendedor.api.get(f"/leads/{lead['id']}").data == reply.data
    assert api.get("/leads?excluidos=1").data["itens"] == []
    assert events(sql, lead["id"])[-1] == ("lead_restaurado", [], None, None, team.gestor.id)


def test_it_is_scored_again(team: Team, sql: Engine) -> None:
    lead = deleted(team.gestor.api, origem="indicação")
    of = "select score from lead_pontuacao where lead_id = :id"
    assert rows(sql, of, id=lead["id"]) == []
    restore(team.gestor.api, lead)
    assert rows(sql, of, id=lead["id"]) == [(lead["score"],)]


@pytest.mark.parametrize(
    ("field", "codigo"),
    [
        ("documento", "LEAD_DUPLICADO"),
        ("email", "LEAD_DUPLICADO"),
        ("telefone", "LEAD_DUPLICADO"),
        ("id_externo", "ID_EXTERNO_DUPLICADO"),
    ],
)
def test_a_key_that_another_lead_has_is_a_conflict(
    team: Team, sql: Engine, field: str, codigo: str
) -> None:
    api = team.gestor.api
    key = {
        "documento": new_cpf(),
        "email": new_email("l"),
        "telefone": new_phone(),
        "id_externo": "crm-1",
    }[field]
    lead = deleted(api, **{field: key})
    other = create(api, **{field: key})
    reply = restore(api, lead)
    assert (reply.status, reply.codigo, reply.data["ids"]) == (409, codigo, [other["id"]])
    assert reply.campos == {field: codigo}
    assert events(sql, lead["id"])[-1][0] == "lead_excluido"
    allowed = restore(api, lead, "?permitir_duplicado=1").status
    assert allowed == (409 if field == "id_externo" else 200)


def test_only_a_deleted_lead_of_one_s_own_equipe_is_restored(team: Team, other_team: Team) -> None:
    live, foreign = create(team.gestor.api), deleted(other_team.gestor.api)
    for lead in (live, foreign, {"id": 2**62}):
        assert restore(team.gestor.api, lead).status == 404
    assert team.gestor.api.get(f"/leads/{live['id']}").data == live


def test_a_vendedor_cannot_restore(team: Team) -> None:
    lead = deleted(team.gestor.api, responsavel_id=team.vendedor.id)
    assert restore(team.vendedor.api, lead).status == 403


def test_an_old_version_is_refused(team: Team) -> None:
    lead = deleted(team.gestor.api)
    assert restore(team.gestor.api, lead, headers={"If-Match": '"v1"'}).status == 412
    assert restore(team.gestor.api, lead, headers={"If-Match": '"v2"'}).status == 200


def test_of_parallel_restores_of_one_key_one_wins(team: Team, sql: Engine) -> None:
    """Each lead is deleted before the next one is made, so all of them have the same phone."""
    api, phone = team.gestor.api, new_phone()
    leads = [deleted(api, telefone=phone) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(lambda lead: restore(api, lead).status, leads))
    assert statuses == [200] + [409] * 5
    live = "select count(*) from leads where equipe_id = :e and excluido_em is null"
    assert rows(sql, live, e=team.equipe_id) == [(1,)]


def test_what_has_other_keys_by_the_time_it_is_held_is_read_again(team: Team, sql: Engine) -> None:
    """It may have been restored, changed and deleted again while this restore waited."""
    api, phone = team.gestor.api, new_phone()
    lead = deleted(api, telefone=phone, documento=new_cpf())
    taken = create(api, documento=new_cpf())
    with ThreadPoolExecutor(1) as pool:
        with key_held(team, "telefone", phone):
            waiting = pool.submit(restore, api, lead)
            wait_until(lambda: rows(sql, WAITING))
            change = "update leads set documento = :d where id = :l"
            run(sql, change, d=taken["documento"], l=lead["id"])
        reply = waiting.result()
    assert (reply.status, reply.codigo) == (412, "VERSAO_DESATUALIZADA")
    reply = restore(api, lead)
    assert (reply.status, reply.data["ids"]) == (409, [taken["id"]])


def test_restored_twice_at_once_it_is_restored_once(team: Team, sql: Engine) -> None:
    lead = deleted(team.gestor.api)
    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(lambda _: restore(team.gestor.api, lead).status, range(4)))
    assert statuses == [200] + [404] * 3
    told = [kind for kind, *_ in events(sql, lead["id"])]
    assert told == ["lead_criado", "lead_excluido", "lead_restaurado"]
