"""A person is recognised by each of their contacts, not by the principal ones alone."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.leads.test_contacts import email, phone, whatsapp
from tests.support.api import Api, Team, new_email
from tests.support.leads import create, imported, new_cpf, new_phone, rows

CONTACTS = {
    "telefone": lambda: phone(new_phone()),
    "email": lambda: email(new_email("lead")),
    "whatsapp_id": lambda: whatsapp(f"BR.{new_cpf()}"),
}
kinds = pytest.mark.parametrize("kind", CONTACTS)


def known(api: Api, contact: dict[str, str], **fields: Any) -> dict[str, Any]:
    """A lead that has this contact as a secondary one."""
    main = {"telefone": new_phone(), "email": new_email("lead")}
    return create(api, **main, **fields, contatos=[whatsapp(f"BR.{new_cpf()}"), contact])


def found(team: Team, **body: Any) -> list[int]:
    return [lead["id"] for lead in team.gestor.api.post("/leads/search", body).data["itens"]]


@kinds
def test_a_create_with_a_known_contact_is_a_conflict(team: Team, kind: str) -> None:
    contact = CONTACTS[kind]()
    lead = known(team.gestor.api, contact)
    sent = {"nome": "Lead", "contatos": [phone(new_phone()), contact]}
    reply = team.gestor.api.post("/leads", sent)
    assert (reply.status, reply.codigo, reply.data["ids"]) == (409, "LEAD_DUPLICADO", [lead["id"]])
    assert reply.campos == {"contatos.1.valor": "LEAD_DUPLICADO"}
    assert team.gestor.api.post("/leads?permitir_duplicado=1", sent).status == 201


def test_principal_and_secondary_ones_meet(team: Team) -> None:
    contact = CONTACTS["telefone"]()
    lead = known(team.gestor.api, contact)
    reply = team.gestor.api.post("/leads", {"nome": "Lead", "telefone": contact["valor"]})
    assert (reply.status, reply.campos) == (409, {"telefone": "LEAD_DUPLICADO"})
    sent = {"nome": "Lead", "contatos": [phone(new_phone()), phone(lead["telefone"])]}
    reply = team.gestor.api.post("/leads", sent)
    assert (reply.status, reply.campos) == (409, {"contatos.1.valor": "LEAD_DUPLICADO"})


@kinds
def test_a_change_into_a_known_contact_is_a_conflict(team: Team, kind: str) -> None:
    contact = CONTACTS[kind]()
    taken, lead = known(team.gestor.api, contact), create(team.gestor.api)
    path = f"/leads/{lead['id']}"
    reply = team.gestor.api.patch(path, {"contatos": [contact], "cidade": "Lins"})
    assert (reply.status, reply.data["ids"]) == (409, [taken["id"]])
    assert reply.campos == {"contatos.0.valor": "LEAD_DUPLICADO"}
    assert team.gestor.api.get(path).data == lead
    # Allowed once, it is the lead's own: sent again it is no news.
    allowed = team.gestor.api.patch(f"{path}?permitir_duplicado=1", {"contatos": [contact]})
    assert allowed.status == 200
    again = team.gestor.api.patch(path, {"contatos": [contact], "cidade": "Lins"})
    assert (again.status, again.data["cidade"]) == (200, "Lins")


@kinds
def test_a_restore_looks_at_all_of_them(team: Team, kind: str) -> None:
    api, contact = team.gestor.api, CONTACTS[kind]()
    lead = known(api, contact)
    api.delete(f"/leads/{lead['id']}")
    other = create(api, contatos=[contact])
    reply = api.post(f"/leads/{lead['id']}/restore")
    assert (reply.status, reply.data["ids"]) == (409, [other["id"]])
    assert reply.campos == {"contatos.3.valor": "LEAD_DUPLICADO"}
    api.delete(f"/leads/{other['id']}")
    assert api.post(f"/leads/{lead['id']}/restore").data["contatos"] == lead["contatos"]


@pytest.mark.parametrize("kind", ["telefone", "email"])
@pytest.mark.parametrize("duplicados", ["pular", "erro", "atualizar"])
def test_a_file_is_compared_with_all_of_them(team: Team, kind: str, duplicados: str) -> None:
    contact = CONTACTS[kind]()
    lead = known(team.gestor.api, contact)
    csv = f"nome,{kind},cidade\nLead Exemplo,{contact['valor']},Lins\n"
    report = imported(team.gestor.api, csv, duplicados=duplicados)
    told = {"pular": "pulados", "erro": "rejeitados", "atualizar": "atualizados"}[duplicados]
    assert (report["criados"], report[told]) == (0, 1)
    after = team.gestor.api.get(f"/leads/{lead['id']}").data
    assert after["contatos"] == lead["contatos"]  # the principal one is not displaced
    assert (after["telefone"], after["email"]) == (lead["telefone"], lead["email"])
    assert after["cidade"] == ("Lins" if duplicados == "atualizar" else None)


def test_two_lines_that_meet_in_one_lead_change_it_once(team: Team) -> None:
    contact = CONTACTS["telefone"]()
    lead = known(team.gestor.api, contact)
    csv = f"telefone,cidade\n{contact['valor']},Lins\n{lead['telefone']},Bauru\n"
    report = imported(team.gestor.api, csv, duplicados="atualizar")
    assert (report["atualizados"], report["criados"]) == (1, 0)
    assert team.gestor.api.get(f"/leads/{lead['id']}").data["cidade"] == "Lins"


def test_a_line_that_two_leads_match_is_not_taken(team: Team) -> None:
    one, two = CONTACTS["telefone"](), CONTACTS["email"]()
    leads = [known(team.gestor.api, each) for each in (one, two)]
    csv = f"telefone,email,cidade\n{one['valor']},{two['valor']},Lins\n"
    report = imported(team.gestor.api, csv, duplicados="atualizar")
    assert (report["atualizados"], report["rejeitados"]) == (0, 1)
    for lead in leads:
        assert team.gestor.api.get(f"/leads/{lead['id']}").data == lead


@kinds
def test_of_racing_creates_that_share_a_secondary_contact_one_wins(
    team: Team, sql: Engine, kind: str
) -> None:
    contact = CONTACTS[kind]()

    def attempt(_: int) -> int:
        sent = {"nome": "Lead", "telefone": new_phone(), "email": new_email("l")}
        return team.gestor.api.post("/leads", sent | {"contatos": [contact]}).status

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(attempt, range(8))) == [201] + [409] * 7
    of = "select count(*) from lead_contatos where equipe_id = :e and valor = :v"
    assert rows(sql, of, e=team.equipe_id, v=contact["valor"]) == [(1,)]


def test_a_search_finds_leads_by_secondary_ones(team: Team, other_team: Team) -> None:
    number, address = CONTACTS["telefone"](), CONTACTS["email"]()
    by_phone, by_email = (known(team.gestor.api, each) for each in (number, address))
    known(other_team.gestor.api, number)
    old = f"{number['valor'][3:5]} {number['valor'][6:]}"
    assert found(team, telefone=old) == found(team, telefone=number["valor"]) == [by_phone["id"]]
    assert found(team, email=address["valor"].upper()) == [by_email["id"]]
    assert found(team, telefone=number["valor"], email=address["valor"]) == []
    assert found(team, telefone=by_phone["telefone"]) == [by_phone["id"]]
    team.gestor.api.patch(f"/leads/{by_phone['id']}", {"contatos": []})
    assert found(team, telefone=number["valor"]) == []


def test_what_a_search_finds_by_a_contact_is_what_the_caller_sees(team: Team) -> None:
    contact = CONTACTS["telefone"]()
    known(team.gestor.api, contact, responsavel_id=team.colleague.id)
    body = {"telefone": contact["valor"], "total": True}
    seen = team.vendedor.api.post("/leads/search", body).data
    assert (seen["itens"], seen["total"]) == ([], 0)
    refused = team.vendedor.api.post("/leads", {"nome": "Lead", "contatos": [contact]})
    assert (refused.status, refused.data["ids"]) == (409, [])


@kinds
def test_a_deleted_lead_blocks_nobody(team: Team, kind: str) -> None:
    contact = CONTACTS[kind]()
    lead = known(team.gestor.api, contact)
    team.gestor.api.delete(f"/leads/{lead['id']}")
    if kind != "whatsapp_id":
        assert found(team, **{kind: contact["valor"]}) == []
    assert create(team.gestor.api, contatos=[contact])["contatos"] == [contact]


@kinds
def test_another_equipe_is_told_nothing(team: Team, other_team: Team, kind: str) -> None:
    contact = CONTACTS[kind]()
    known(other_team.gestor.api, contact)
    mine = create(team.gestor.api, contatos=[contact])
    assert mine["contatos"] == [contact]
    if kind != "whatsapp_id":
        assert found(team, **{kind: contact["valor"]}) == [mine["id"]]
        csv = f"{kind},cidade\n{contact['valor']},Lins\n"
        assert imported(team.gestor.api, csv, duplicados="atualizar")["atualizados"] == 1


def test_a_contact_that_was_taken_away_blocks_nobody(team: Team) -> None:
    contact = CONTACTS["telefone"]()
    lead = known(team.gestor.api, contact)
    team.gestor.api.patch(f"/leads/{lead['id']}", {"contatos": []})
    assert create(team.gestor.api, telefone=contact["valor"])["telefone"] == contact["valor"]
