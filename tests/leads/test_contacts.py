"""The ways to reach a person: which a lead has, in which order, and what a change does to them."""

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.support.api import Reply, Team, new_email
from tests.support.leads import all_leads, create, events, imported, new_cpf, new_phone, rows


def phone(valor: str) -> dict[str, str]:
    return {"tipo": "telefone", "valor": valor}


def email(valor: str) -> dict[str, str]:
    return {"tipo": "email", "valor": valor}


def whatsapp(valor: str) -> dict[str, str]:
    return {"tipo": "whatsapp_id", "valor": valor}


def change(team: Team, lead: dict[str, Any], **fields: Any) -> Reply:
    return team.gestor.api.patch(f"/leads/{lead['id']}", fields)


def read(team: Team, lead: dict[str, Any]) -> dict[str, Any]:
    return team.gestor.api.get(f"/leads/{lead['id']}").data


def test_a_lead_without_any_has_an_empty_list(team: Team) -> None:
    assert create(team.gestor.api)["contatos"] == []
    assert create(team.gestor.api, contatos=None)["contatos"] == []


def test_the_principal_ones_are_included_and_come_first(team: Team) -> None:
    main, address, second, other = new_phone(), new_email("a"), new_phone(), new_email("b")
    sent = [email(other), whatsapp("BR.123abc"), phone(second)]
    lead = create(team.gestor.api, telefone=main, email=address, contatos=sent)
    assert lead["contatos"] == [phone(main), email(address), *sent]
    assert read(team, lead)["contatos"] == lead["contatos"]


def test_values_are_normalised_as_the_fields_are(team: Team) -> None:
    number, address = new_phone(), new_email("lead")
    typed = [
        phone(f" ({number[3:5]}) {number[6:10]}-{number[10:]}"),  # before the ninth digit
        email(f" {address.upper()} "),
        whatsapp(" br.AbC9 "),
        whatsapp("123456789@LID"),
    ]
    lead = create(team.gestor.api, contatos=typed)
    kept = [phone(number), email(address), whatsapp("BR.AbC9"), whatsapp("123456789@lid")]
    assert lead["contatos"] == kept
    assert (lead["telefone"], lead["email"]) == (number, address)


@pytest.mark.parametrize(
    ("sent", "campo", "codigo"),
    [
        (phone("99"), "contatos.1.valor", "TELEFONE_INVALIDO"),
        (email("sem arroba"), "contatos.1.valor", "EMAIL_INVALIDO"),
        (whatsapp("5511987654321"), "contatos.1.valor", "VALOR_INVALIDO"),
        (whatsapp("BR."), "contatos.1.valor", "VALOR_INVALIDO"),
        (whatsapp("abc@lid"), "contatos.1.valor", "VALOR_INVALIDO"),
        ({"tipo": "fax", "valor": "1"}, "contatos.1.tipo", "VALOR_INVALIDO"),
        ({"tipo": "telefone"}, "contatos.1.valor", "OBRIGATORIO"),
        (whatsapp("BR.2") | {"principal": "1"}, "contatos.1.principal", "CAMPO_DESCONHECIDO"),
        ("11987654321", "contatos.1", "TIPO_INVALIDO"),
    ],
)
def test_a_contact_that_cannot_be_is_named(team: Team, sent: Any, campo: str, codigo: str) -> None:
    lead = {"nome": "Lead Exemplo", "contatos": [whatsapp("BR.1"), sent]}
    reply = team.gestor.api.post("/leads", lead)
    assert (reply.status, reply.campos) == (422, {campo: codigo})


def test_repeated_ones_count_once(team: Team) -> None:
    main, second = new_phone(), new_phone()
    old = f"{second[3:5]}{second[6:]}"
    sent = [phone(second), phone(main), phone(old), whatsapp("BR.1"), whatsapp("br.1")]
    lead = create(team.gestor.api, telefone=main, contatos=sent)
    assert lead["contatos"] == [phone(main), phone(second), whatsapp("BR.1")]


def test_the_first_of_the_list_becomes_the_principal_one_that_is_missing(team: Team) -> None:
    one, two, address = new_phone(), new_phone(), new_email("lead")
    lead = create(team.gestor.api, contatos=[whatsapp("BR.1"), phone(one), phone(two)])
    assert (lead["telefone"], lead["email"]) == (one, None)
    assert lead["contatos"] == [phone(one), whatsapp("BR.1"), phone(two)]
    after = change(team, lead, contatos=[email(address)]).data
    assert (after["telefone"], after["email"]) == (one, address)
    assert after["contatos"] == [phone(one), email(address)]


def test_a_change_replaces_the_others_and_keeps_the_principal_ones(team: Team) -> None:
    main, address = new_phone(), new_email("a")
    lead = create(team.gestor.api, telefone=main, email=address, contatos=[phone(new_phone())])
    sent = [whatsapp("BR.2"), phone(new_phone())]
    after = change(team, lead, contatos=sent).data
    assert after["contatos"] == [phone(main), email(address), *sent]
    assert after["versao"] == 2
    for nothing in ([], None):
        change(team, lead, contatos=sent)
        assert change(team, lead, contatos=nothing).data["contatos"] == [
            phone(main),
            email(address),
        ]


def test_the_same_list_again_is_no_change(team: Team, sql: Engine) -> None:
    sent = [phone(new_phone()), email(new_email("a")), whatsapp("BR.3"), phone(new_phone())]
    lead = create(team.gestor.api, contatos=sent)
    for same in (sent, lead["contatos"], lead["contatos"][2:]):
        assert change(team, lead, contatos=same).data == lead
    turned = [sent[3], sent[2]]
    assert change(team, lead, contatos=turned).data["contatos"][2:] == turned
    assert [event[:2] for event in events(sql, lead["id"])[1:]] == [("lead_alterado", ["contatos"])]


def test_a_new_phone_replaces_its_own_entry_only(team: Team, sql: Engine) -> None:
    main, second, new = new_phone(), new_phone(), new_phone()
    lead = create(team.gestor.api, telefone=main, contatos=[phone(second), whatsapp("BR.4")])
    after = change(team, lead, telefone=new).data
    assert after["contatos"] == [phone(new), phone(second), whatsapp("BR.4")]
    assert events(sql, lead["id"])[-1][1] == ["telefone"]


def test_a_secondary_phone_becomes_the_principal_one(team: Team, sql: Engine) -> None:
    main, second = new_phone(), new_phone()
    lead = create(team.gestor.api, telefone=main, contatos=[phone(second), whatsapp("BR.5")])
    after = change(team, lead, telefone=second).data
    assert after["contatos"] == [phone(second), whatsapp("BR.5")]
    kept = "select valor from lead_contatos where lead_id = :id order by ordem"
    assert rows(sql, kept, id=lead["id"]) == [(second,), ("BR.5",)]
    assert events(sql, lead["id"])[-1][1] == ["contatos", "telefone"]


def test_without_its_principal_phone_a_lead_keeps_the_others(team: Team) -> None:
    main, second, address = new_phone(), new_phone(), new_email("a")
    lead = create(
        team.gestor.api, telefone=main, email=address, contatos=[phone(second), whatsapp("BR.6")]
    )
    after = change(team, lead, telefone=None).data
    assert after["telefone"] is None
    assert after["contatos"] == [email(address), phone(second), whatsapp("BR.6")]
    assert change(team, lead, email=None).data["contatos"] == [phone(second), whatsapp("BR.6")]


def test_there_are_ten_at_the_most(team: Team) -> None:
    ten = [whatsapp(f"BR.{n}") for n in range(10)]
    lead = create(team.gestor.api, contatos=ten)
    assert lead["contatos"] == ten
    eleven = [*ten, whatsapp("BR.10")]
    for reply in (
        team.gestor.api.post("/leads", {"nome": "Lead", "contatos": eleven}),
        team.gestor.api.post("/leads", {"nome": "L", "telefone": new_phone(), "contatos": ten}),
        change(team, lead, contatos=eleven),
        change(team, lead, email=new_email("a")),
    ):
        assert (reply.status, reply.campos) == (422, {"contatos": "LONGO_DEMAIS"})
        assert "10" in reply.data["erros"][0]["mensagem"]
    assert read(team, lead) == lead


def test_a_file_adds_no_eleventh(team: Team) -> None:
    ten = [whatsapp(f"BR.{n}") for n in range(9, 19)]
    lead = create(team.gestor.api, documento=(document := new_cpf()), contatos=ten)
    csv = f"documento,telefone,cidade\n{document},{new_phone()},Lins\n"
    report = imported(team.gestor.api, csv, duplicados="atualizar")
    assert (report["atualizados"], report["rejeitados"]) == (0, 1)
    error = report["erros"][0]
    assert (error["campo"], error["codigo"]) == ("telefone", "LONGO_DEMAIS")
    assert read(team, lead) == lead
    assert change(team, lead, nome="Outro Nome").status == 200


def test_they_are_in_single_reads_and_in_the_replies_of_writes(team: Team) -> None:
    api, sent = team.gestor.api, [phone(new_phone()), whatsapp("BR.7")]
    lead = create(api, contatos=sent)
    path = f"/leads/{lead['id']}"
    assert api.get(path).data["contatos"] == sent
    assert api.patch(path, {"uf": "SP"}).data["contatos"] == sent
    assert api.post(f"{path}/move", {"etapa": "contatado"}).data["contatos"] == sent
    for listed in (all_leads(api), api.post("/leads/search", {}).data["itens"]):
        assert [item["id"] for item in listed] == [lead["id"]]
        assert all("contatos" not in item for item in listed)
    api.delete(path)
    assert all("contatos" not in item for item in all_leads(api, excluidos=1))
    assert api.post(f"{path}/restore").data["contatos"] == sent


def test_an_event_tells_no_contact(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api, contatos=[whatsapp("BR.secreto99")])
    change(team, lead, contatos=[whatsapp("BR.secreto98")])
    (told,) = rows(
        sql, "select string_agg(e::text, ' ') from eventos e where lead_id = :id", id=lead["id"]
    )
    assert "secreto" not in told[0]
