"""Whose lead it is: what a vendedor may do, and who may be responsible."""

import pytest
from sqlalchemy import Engine

from tests.support.api import Api, Team
from tests.support.leads import all_leads, create, events


def test_a_vendedor_creates_leads_for_themselves(team: Team) -> None:
    lead = create(team.vendedor.api)
    assert lead["responsavel_id"] == team.vendedor.id
    own = create(team.vendedor.api, responsavel_id=team.vendedor.id)
    assert own["responsavel_id"] == team.vendedor.id


def test_a_vendedor_creates_no_leads_for_others(team: Team) -> None:
    for owner in (team.colleague.id, team.gestor.id, 2**62):
        reply = team.vendedor.api.post("/leads", {"nome": "Lead", "responsavel_id": owner})
        assert (reply.status, reply.codigo) == (403, "PROIBIDO")
    assert all_leads(team.gestor.api) == []


def test_a_vendedor_sees_only_their_own_leads(team: Team) -> None:
    mine = create(team.gestor.api, responsavel_id=team.vendedor.id)
    create(team.gestor.api, responsavel_id=team.colleague.id)
    create(team.gestor.api)
    seen = team.vendedor.api.get("/leads", query_string={"total": 1}).data
    assert ([lead["id"] for lead in seen["itens"]], seen["total"]) == ([mine["id"]], 1)
    asked = {"responsavel_id": team.colleague.id}
    assert all_leads(team.vendedor.api, **asked) == []
    assert all_leads(team.vendedor.api, responsavel_id="nenhum") == []


def test_a_colleagues_lead_is_answered_like_a_missing_one(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api, responsavel_id=team.colleague.id)
    path = f"/leads/{lead['id']}"
    for reply in (
        team.vendedor.api.get(path),
        team.vendedor.api.get(f"{path}/score"),
        team.vendedor.api.patch(path, {"nome": "Meu"}),
    ):
        missing = team.vendedor.api.get(f"/leads/{2**62}")
        assert (reply.status, reply.message, reply.codigo) == (
            missing.status,
            missing.message,
            missing.codigo,
        )
    assert team.gestor.api.get(path).data == lead
    assert len(events(sql, lead["id"])) == 1


def test_a_vendedor_changes_their_own_lead(team: Team) -> None:
    lead = create(team.vendedor.api)
    reply = team.vendedor.api.patch(f"/leads/{lead['id']}", {"etapa": "contatado"})
    assert (reply.status, reply.data["etapa"]) == (200, "contatado")


@pytest.mark.parametrize("whose", ["own", "colleague", "nobody"])
def test_a_vendedor_never_sets_the_responsible(team: Team, whose: str) -> None:
    lead = create(team.vendedor.api)
    owner = {"own": team.vendedor.id, "colleague": team.colleague.id, "nobody": None}[whose]
    reply = team.vendedor.api.patch(f"/leads/{lead['id']}", {"responsavel_id": owner})
    assert (reply.status, reply.codigo) == (403, "PROIBIDO")
    assert team.gestor.api.get(f"/leads/{lead['id']}").data == lead


def test_a_vendedor_can_neither_delete_nor_import(team: Team) -> None:
    lead = create(team.vendedor.api)
    assert team.vendedor.api.delete(f"/leads/{lead['id']}").status == 403
    assert team.vendedor.api.delete(f"/leads/{2**62}").status == 403
    sent = {"data": b"nome\nLead", "content_type": "text/csv"}
    assert team.vendedor.api.call("POST", "/leads/import", **sent).status == 403
    assert [found["versao"] for found in all_leads(team.gestor.api)] == [lead["versao"]]


def test_a_lead_given_to_another_leaves_its_vendedor(team: Team) -> None:
    lead = create(team.vendedor.api)
    path = f"/leads/{lead['id']}"
    moved = team.gestor.api.patch(path, {"responsavel_id": team.colleague.id})
    assert moved.data["responsavel_id"] == team.colleague.id
    assert team.vendedor.api.get(path).status == 404
    assert team.colleague.api.get(path).status == 200


def test_a_foreign_responsible_reads_like_a_missing_one(team: Team, other_team: Team) -> None:
    lead = create(team.gestor.api)

    def answers(owner: int) -> list[object]:
        body = {"nome": "Lead", "responsavel_id": owner}
        replies = (
            team.gestor.api.post("/leads", body),
            team.gestor.api.patch(f"/leads/{lead['id']}", body),
        )
        return [(reply.status, reply.message, reply.data["erros"]) for reply in replies]

    foreign = answers(other_team.vendedor.id)
    assert foreign == answers(2**62)
    assert {status for status, *_ in foreign} == {422}  # type: ignore[misc]


def test_an_inactive_user_gets_no_leads(team: Team) -> None:
    team.gestor.api.patch(f"/users/{team.colleague.id}", {"ativo": False})
    reply = team.gestor.api.post("/leads", {"nome": "L", "responsavel_id": team.colleague.id})
    assert reply.campos == {"responsavel_id": "USUARIO_INEXISTENTE"}


def test_another_equipe_can_neither_change_nor_delete(
    team: Team, other_team: Team, sql: Engine
) -> None:
    lead = create(team.gestor.api, responsavel_id=team.vendedor.id)
    path = f"/leads/{lead['id']}"
    strangers: list[Api] = [other_team.gestor.api, other_team.vendedor.api]
    for api in strangers:
        assert api.get(path).status == 404
        assert api.patch(path, {"nome": "Meu"}).status == 404
        assert api.patch(path, {"nome": "Meu"}, headers={"If-Match": "*"}).status == 404
        assert all_leads(api) == []
    assert other_team.gestor.api.delete(path).status == 404
    assert team.gestor.api.get(path).data == lead
    assert len(events(sql, lead["id"])) == 1
