"""PUT /leads?chave=…: one lead, whoever sends it and however often."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.support import stays
from tests.support.api import Api, Reply, Team, new_email
from tests.support.leads import all_leads, create, events, new_cpf, new_phone, rows, run

KEYS = ("documento", "email", "telefone", "id_externo")
THEN = "2026-03-02T12:00:00Z"
LATER = "2026-03-09T12:00:00Z"


def keys() -> dict[str, str]:
    """One of each that no other test has."""
    return {
        "documento": new_cpf(),
        "email": new_email("u"),
        "telefone": new_phone(),
        "id_externo": new_email("crm"),
    }


def upsert(api: Api, chave: str, query: str = "", headers: Any = None, **body: Any) -> Reply:
    return api.call("PUT", f"/leads?chave={chave}{query}", json=body, headers=headers)


def put(team: Team, chave: str, query: str = "", **body: Any) -> dict[str, Any]:
    """The data of an upsert by the gestor that was taken."""
    reply = upsert(team.gestor.api, chave, query, **body)
    assert reply.status in (200, 201), reply.body
    return reply.data


@pytest.mark.parametrize("chave", KEYS)
def test_a_lead_is_created_then_updated_then_left_alone(
    team: Team, sql: Engine, chave: str
) -> None:
    api, key = team.gestor.api, {chave: keys()[chave]}
    first = upsert(api, chave, nome="Ana", valor="10.00", **key)
    assert (first.status, first.message) == (201, "Lead criado com sucesso")
    assert (first.data["nome"], first.data["valor"], first.data["etapa"]) == (
        "Ana",
        "10.00",
        "novo",
    )
    path = f"/leads/{first.data['id']}"
    assert first.headers["Location"] == path
    again = upsert(api, chave, cidade="Lins", **key)
    assert (again.status, again.message) == (200, "Lead atualizado com sucesso")
    assert again.data == first.data | {
        "cidade": "Lins",
        "versao": 2,
        "atualizado_em": again.data["atualizado_em"],
    }
    same = upsert(api, chave, nome="Ana", cidade="Lins", **key)
    assert (same.status, same.data) == (200, again.data)
    read = api.get(path)
    for reply in (again, same):
        assert (reply.headers["Location"], reply.headers["ETag"]) == (path, read.headers["ETag"])
    assert read.data == same.data
    assert [event[:2] for event in events(sql, first.data["id"])] == [
        ("lead_criado", sorted([chave, "nome", "valor"])),
        ("lead_alterado", ["cidade"]),
    ]


def test_the_key_that_is_named_must_be_in_the_body(team: Team) -> None:
    for chave in KEYS:
        for nothing in (None, "", "  "):
            said = {name: value for name, value in keys().items() if name != chave}
            reply = upsert(team.gestor.api, chave, nome="Ana", **said, **{chave: nothing})
            assert (reply.status, reply.campos) == (422, {chave: "OBRIGATORIO"})
    for query, codigo in (("", "OBRIGATORIO"), ("?chave=nome", "VALOR_INVALIDO")):
        reply = team.gestor.api.call("PUT", f"/leads{query}", json={"nome": "Ana"})
        assert (reply.status, reply.campos) == (422, {"chave": codigo})
    assert all_leads(team.gestor.api) == []


def test_without_a_name_a_lead_is_called_as_one_of_a_file(team: Team) -> None:
    key = keys()
    assert put(team, "telefone", **key)["nome"] == "Sem nome"
    assert put(team, "telefone", **key, nome="Ana")["nome"] == "Ana"
    assert put(team, "telefone", **key)["nome"] == "Ana"


def test_nothing_is_emptied(team: Team) -> None:
    key = keys()
    lead = put(
        team,
        "documento",
        **key,
        nome="Ana",
        empresa="Padaria",
        valor="10.00",
        etiquetas=["vip"],
        atributos={"a": 1, "b": {"c": 2}},
        contatos=[{"tipo": "whatsapp_id", "valor": "BR.77"}],
        proximo_contato_em=LATER,
    )
    nulls = dict.fromkeys(name for name in lead if name in BODY)
    blanks = dict.fromkeys(nulls, "  ") | {"etiquetas": [], "contatos": [], "atributos": {}}
    blanks["responsavel_id"] = None
    for said in (nulls, blanks, {"atributos": {"a": None, "b": {"c": None}}}):
        assert put(team, "documento", **(said | {"documento": key["documento"]})) == lead


BODY = frozenset(
    "nome email telefone documento empresa cidade uf produto valor renda_mensal origem campanha "
    "etiquetas etapa motivo_perda responsavel_id proximo_contato_em ultimo_contato_em fechado_em "
    "previsto_para atributos contatos id_externo criado_em".split()
)


def test_labels_contacts_and_attributes_are_added(team: Team) -> None:
    key, second = keys(), new_phone()
    put(
        team,
        "documento",
        **key,
        etiquetas=["vip", "retorno"],
        atributos={"a": 1, "b": {"c": 2}},
        contatos=[{"tipo": "telefone", "valor": second}],
    )
    third, mail = new_phone(), new_email("outro")
    lead = put(
        team,
        "documento",
        documento=key["documento"],
        etiquetas=["novo", "vip"],
        atributos={"b": {"d": 3}, "e": 4},
        contatos=[
            {"tipo": "email", "valor": mail},
            {"tipo": "telefone", "valor": second},
            {"tipo": "telefone", "valor": third},
        ],
    )
    assert lead["etiquetas"] == ["vip", "retorno", "novo"]
    assert lead["atributos"] == {"a": 1, "b": {"c": 2, "d": 3}, "e": 4}
    assert [each["valor"] for each in lead["contatos"]] == [
        *(key["telefone"], key["email"], second, mail, third)
    ]


def test_a_second_phone_does_not_take_the_place_of_the_first(team: Team) -> None:
    key, second, mail = keys(), new_phone(), new_email("outro")
    contacts = [{"tipo": "telefone", "valor": second}, {"tipo": "email", "valor": mail}]
    lead = put(team, "documento", **key, contatos=contacts)
    assert put(team, "telefone", telefone=second) == lead
    assert put(team, "email", email=mail) == lead
    # A new one does.
    new = new_phone()
    after = put(team, "documento", documento=key["documento"], telefone=new)
    assert after["telefone"] == new
    assert [each["valor"] for each in after["contatos"]] == [new, key["email"], second, mail]


def test_the_first_contacts_of_a_list_become_the_principal_ones(team: Team) -> None:
    phone, mail, document = new_phone(), new_email("c"), new_cpf()
    put(team, "documento", documento=document)
    contacts = [{"tipo": "email", "valor": mail}, {"tipo": "telefone", "valor": phone}]
    lead = put(team, "documento", documento=document, contatos=contacts)
    assert (lead["telefone"], lead["email"], len(lead["contatos"])) == (phone, mail, 2)


def test_what_would_be_too_much_is_refused(team: Team) -> None:
    document = new_cpf()
    contacts = [{"tipo": "telefone", "valor": new_phone()} for _ in range(10)]
    lead = put(
        team,
        "documento",
        documento=document,
        contatos=contacts,
        etiquetas=[f"e{n}" for n in range(20)],
        atributos={f"a{n}": n for n in range(100)},
    )
    for campo, value in (
        ("contatos", [{"tipo": "email", "valor": new_email("c")}]),
        ("etiquetas", ["mais"]),
        ("atributos", {"mais": 1}),
    ):
        reply = upsert(team.gestor.api, "documento", documento=document, **{campo: value})
        assert (reply.status, reply.campos) == (422, {campo: "LONGO_DEMAIS"})
    reply = upsert(team.gestor.api, "documento", documento=document, email=new_email("c"))
    assert (reply.status, list(reply.campos.values())) == (422, ["LONGO_DEMAIS"])
    assert team.gestor.api.get(f"/leads/{lead['id']}").data == lead


# ---------------------------------------------------------------- whose the keys are


def test_a_key_of_several_leads_is_ambiguous(team: Team) -> None:
    phone = new_phone()
    made = [
        team.gestor.api.post("/leads?permitir_duplicado=1", {"nome": "L", "telefone": phone}).data
        for _ in range(2)
    ]
    reply = upsert(team.gestor.api, "telefone", telefone=phone, nome="X")
    assert (reply.status, reply.codigo) == (409, "LEAD_DUPLICADO")
    assert reply.message == "Estes dados são de mais de um lead."
    assert (reply.data["ids"], reply.campos) == (
        [lead["id"] for lead in made],
        {"telefone": "LEAD_DUPLICADO"},
    )
    assert all_leads(team.gestor.api) == [without_contacts(lead) for lead in made]


def without_contacts(lead: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in lead.items() if name != "contatos"}


@pytest.mark.parametrize("chave", KEYS)
@pytest.mark.parametrize("other", KEYS)
def test_keys_of_two_leads_are_ambiguous(team: Team, chave: str, other: str) -> None:
    if chave == other:
        return
    key = keys()
    made = [create(team.gestor.api, **{name: key[name]}) for name in (chave, other)]
    reply = upsert(team.gestor.api, chave, nome="X", **{n: key[n] for n in (chave, other)})
    assert (reply.status, reply.codigo) == (409, "LEAD_DUPLICADO")
    assert reply.data["ids"] == [lead["id"] for lead in made]
    assert reply.campos == {other: "LEAD_DUPLICADO"}
    assert all_leads(team.gestor.api) == [without_contacts(lead) for lead in made]


def test_a_phone_that_two_leads_share_does_not_hinder_who_names_another_key(team: Team) -> None:
    """A family has one phone, and each member a document."""
    phone, documents = new_phone(), [new_cpf(), new_cpf()]
    made = [
        team.gestor.api.post(
            "/leads?permitir_duplicado=1", {"nome": "L", "telefone": phone, "documento": each}
        ).data
        for each in documents
    ]
    for lead, document in zip(made, documents, strict=True):
        after = put(team, "documento", documento=document, telefone=phone, cidade="Lins")
        assert (after["id"], after["cidade"]) == (lead["id"], "Lins")
    reply = upsert(team.gestor.api, "documento", documento=new_cpf(), telefone=phone)
    assert (reply.status, reply.data["ids"]) == (409, [lead["id"] for lead in made])


def test_a_lead_without_the_key_is_found_by_another_and_gets_it(team: Team) -> None:
    phone, document = new_phone(), new_cpf()
    lead = create(team.gestor.api, telefone=phone)
    after = put(team, "documento", documento=document, telefone=phone)
    assert (after["id"], after["documento"]) == (lead["id"], document)


@pytest.mark.parametrize("strong", ["documento", "id_externo"])
@pytest.mark.parametrize("chave", ["email", "telefone"])
def test_a_strong_key_that_disagrees_is_another_person(team: Team, chave: str, strong: str) -> None:
    key, other = keys(), keys()
    lead = create(team.gestor.api, **{name: key[name] for name in (chave, strong)})
    said = {chave: key[chave], strong: other[strong], "nome": "X"}
    reply = upsert(team.gestor.api, chave, **said)
    assert (reply.status, reply.codigo) == (409, "IDENTIDADE_DIVERGENTE")
    assert (reply.data["ids"], reply.campos) == ([lead["id"]], {strong: "IDENTIDADE_DIVERGENTE"})
    # Nor is one created, as the other key is taken.
    assert upsert(team.gestor.api, strong, **said).codigo == "IDENTIDADE_DIVERGENTE"
    assert all_leads(team.gestor.api) == [without_contacts(lead)]


def test_a_contact_of_the_list_finds_its_lead_too(team: Team) -> None:
    mail, document = new_email("c"), new_cpf()
    lead = create(team.gestor.api, email=mail)
    contacts = [{"tipo": "email", "valor": mail}]
    assert put(team, "documento", documento=document, contatos=contacts)["id"] == lead["id"]


def test_deleted_leads_are_not_found(team: Team) -> None:
    key = keys()
    lead = create(team.gestor.api, **key)
    team.gestor.api.delete(f"/leads/{lead['id']}")
    assert put(team, "documento", **key)["id"] != lead["id"]


def test_another_equipe_has_leads_of_its_own(team: Team, other_team: Team) -> None:
    key = keys()
    lead = create(other_team.gestor.api, **key)
    assert upsert(team.gestor.api, "documento", **key, cidade="Lins").status == 201
    assert other_team.gestor.api.get(f"/leads/{lead['id']}").data == lead


# ---------------------------------------------------------------- vendedores


def test_a_vendedor_upserts_leads_of_their_own_alone(team: Team) -> None:
    key, api = keys(), team.vendedor.api
    lead = upsert(api, "documento", **key)
    assert (lead.status, lead.data["responsavel_id"]) == (201, team.vendedor.id)
    again = upsert(api, "documento", **key, responsavel_id=team.vendedor.id, cidade="Lins")
    assert (again.status, again.data["cidade"]) == (200, "Lins")
    for body in (key, {"documento": new_cpf()}):
        reply = upsert(api, "documento", **body, responsavel_id=team.colleague.id)
        assert (reply.status, reply.codigo) == (403, "PROIBIDO")


@pytest.mark.parametrize("chave", KEYS)
def test_a_lead_of_a_colleague_is_taken_and_not_shown(team: Team, chave: str) -> None:
    key = keys()
    theirs = create(team.colleague.api, **key, etapa="ganho")
    # Nothing is told of it, not even that it disagrees or is closed.
    for more in ({}, {"documento": new_cpf()}, {"etapa": "novo"}):
        body = {chave: key[chave], "nome": "X", **more} | ({chave: key[chave]})
        reply = upsert(team.vendedor.api, chave, **body)
        assert (reply.status, reply.codigo) == (409, "LEAD_DUPLICADO")
        assert reply.data["ids"] == []
    assert team.colleague.api.get(f"/leads/{theirs['id']}").data == theirs


def test_the_gestor_assigns_by_upsert(team: Team, sql: Engine) -> None:
    key = keys()
    lead = put(team, "documento", **key, responsavel_id=team.vendedor.id)
    assert lead["responsavel_id"] == team.vendedor.id
    after = put(team, "documento", **key, responsavel_id=team.colleague.id)
    assert after["responsavel_id"] == team.colleague.id
    assert events(sql, lead["id"])[-1][:2] == ("lead_alterado", ["responsavel_id"])
    reply = upsert(team.gestor.api, "documento", **key, responsavel_id=2**62)
    assert (reply.status, reply.campos) == (422, {"responsavel_id": "USUARIO_INEXISTENTE"})


# ---------------------------------------------------------------- stages and dates


def test_a_closed_lead_stays_closed_unless_it_may_open(team: Team, sql: Engine) -> None:
    key = keys()
    lead = put(team, "documento", **key, etapa="perdido", motivo_perda="preço")
    reply = upsert(team.gestor.api, "documento", **key, etapa="contatado", cidade="Lins")
    assert (reply.status, reply.codigo) == (409, "LEAD_FECHADO")
    assert (reply.data["ids"], reply.campos) == ([lead["id"]], {"etapa": "LEAD_FECHADO"})
    assert put(team, "documento", **key) == lead
    opened = put(team, "documento", "&reabrir=1", **key, etapa="contatado")
    assert (opened["etapa"], opened["motivo_perda"], opened["fechado_em"]) == (
        "contatado",
        None,
        None,
    )
    assert [stay.etapa for stay in stays.of(sql, team.equipe_id, lead["id"])] == [
        "perdido",
        "contatado",
    ]


def test_what_is_wrong_is_wrong_whether_the_lead_is_there_or_not(team: Team) -> None:
    future = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    known, team_key = keys(), keys()
    put(team, "documento", **known, etapa="perdido", motivo_perda="preço")
    for body, campo, codigo in (
        ({"etapa": "perdido"}, "motivo_perda", "MOTIVO_OBRIGATORIO"),
        ({"etapa": "nenhuma"}, "etapa", "ETAPA_INEXISTENTE"),
        ({"criado_em": future}, "criado_em", "FORA_DA_FAIXA"),
        ({"ultimo_contato_em": future}, "ultimo_contato_em", "FORA_DA_FAIXA"),
        ({"etapa": "ganho", "fechado_em": future}, "fechado_em", "FORA_DA_FAIXA"),
        ({"etapa": "ganho", "fechado_em": THEN, "criado_em": LATER}, "fechado_em", "FORA_DA_FAIXA"),
        ({"versao": 1}, "versao", "CAMPO_DESCONHECIDO"),
    ):
        for key in (known, team_key):
            reply = upsert(team.gestor.api, "documento", **key, **body)
            assert (reply.status, reply.campos) == (422, {campo: codigo}), body
    assert len(all_leads(team.gestor.api)) == 1


def test_reasons_are_spelt_as_the_equipe_spells_them(team: Team) -> None:
    funnel = team.gestor.api.get("/stages").data
    items = [{name: each[name] for name in ("chave", "nome", "tipo")} for each in funnel["itens"]]
    body = {"itens": items, "motivos_perda": ["Preço"]}
    assert team.gestor.api.call("PUT", "/stages", json=body).status == 200
    key = keys()
    lead = put(team, "documento", **key, etapa="PERDIDO", motivo_perda="PRECO")
    assert (lead["etapa"], lead["motivo_perda"]) == ("perdido", "Preço")
    assert put(team, "documento", **key, etapa="perdido", motivo_perda="preço") == lead
    reply = upsert(team.gestor.api, "documento", **key, motivo_perda="outro")
    assert (reply.status, reply.campos) == (422, {"motivo_perda": "VALOR_INVALIDO"})


def test_dates_of_the_past_are_told(team: Team, sql: Engine) -> None:
    opened, won = keys(), keys()
    lead = put(team, "documento", **opened, criado_em=THEN)
    assert (lead["criado_em"], lead["etapa_desde"]) == (THEN, THEN)
    after = put(team, "documento", **opened, etapa="ganho", fechado_em=LATER)
    assert (after["fechado_em"], after["etapa_desde"]) == (LATER, LATER)
    closed = put(team, "documento", **won, etapa="ganho", criado_em=THEN, fechado_em=LATER)
    assert (closed["criado_em"], closed["etapa_desde"]) == (THEN, LATER)
    told = [stays.of(sql, team.equipe_id, each["id"]) for each in (lead, closed)]
    assert [[stay.informada for stay in each] for each in told] == [[True, True], [True]]
    corrected = put(team, "documento", **opened, criado_em="2026-03-01T12:00:00Z")
    assert corrected["criado_em"] == "2026-03-01T12:00:00Z"
    assert events(sql, lead["id"])[-1][:2] == ("lead_alterado", ["criado_em"])


# ---------------------------------------------------------------- versions, retries, races


def test_if_match_is_obeyed(team: Team) -> None:
    key, api = keys(), team.gestor.api
    reply = upsert(api, "documento", headers={"If-Match": '"v1"'}, **key)
    assert (reply.status, reply.codigo) == (412, "VERSAO_DESATUALIZADA")
    assert all_leads(api) == []
    first = upsert(api, "documento", **key)
    stale = upsert(api, "documento", headers={"If-Match": '"v9"'}, **key, cidade="Lins")
    assert stale.status == 412
    match = {"If-Match": first.headers["ETag"]}
    assert upsert(api, "documento", headers=match, **key, cidade="Lins").status == 200


def test_a_retry_gets_the_first_reply(team: Team, sql: Engine) -> None:
    key, sent = keys(), {"Idempotency-Key": "upsert-1"}
    first = upsert(team.gestor.api, "documento", headers=sent, **key)
    put(team, "documento", **key, cidade="Lins")
    again = upsert(team.gestor.api, "documento", headers=sent, **key)
    assert (first.status, again.status, again.raw) == (201, 201, first.raw)
    for name in ("ETag", "Location"):
        assert again.headers[name] == first.headers[name]
    assert again.headers["Idempotent-Replayed"] == "true"


def at_once(count: int, send: Callable[[int], Reply]) -> list[Reply]:
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(send, range(count)))


@pytest.mark.parametrize("chaves", [["documento"], ["telefone"], list(KEYS)], ids=str)
def test_of_many_upserts_at_once_one_creates(team: Team, sql: Engine, chaves: list[str]) -> None:
    """They name one key of the lead each, and the body has all."""
    key = keys()

    def send(n: int) -> Reply:
        return upsert(team.gestor.api, chaves[n % len(chaves)], **key, cidade=f"Cidade {n % 3}")

    replies = at_once(32, send)
    assert sorted(reply.status for reply in replies) == [200] * 31 + [201]
    assert len({reply.data["id"] for reply in replies}) == 1
    (lead,) = all_leads(team.gestor.api)
    told = events(sql, lead["id"])
    assert [kind for kind, *_ in told] == ["lead_criado"] + ["lead_alterado"] * (len(told) - 1)
    assert lead["versao"] == len(told)


def test_upserts_with_one_key_each_find_the_lead_that_has_them_all(team: Team) -> None:
    key = keys()
    lead = create(team.gestor.api, **key)
    replies = at_once(
        16, lambda n: upsert(team.gestor.api, KEYS[n % 4], **{KEYS[n % 4]: key[KEYS[n % 4]]})
    )
    assert {(reply.status, reply.data["id"]) for reply in replies} == {(200, lead["id"])}


def test_a_crowd_with_one_phone_is_ambiguous(team: Team, sql: Engine) -> None:
    phone, document = new_phone(), new_cpf()
    seed = create(team.gestor.api, telefone=phone)
    run(
        sql,
        "with l as (insert into leads (equipe_id, nome, etapa, etapa_desde, telefone) "
        "select :e, 'L', 'novo', now(), :t from generate_series(1, 150) returning equipe_id, id) "
        "insert into lead_contatos (equipe_id, lead_id, ordem, tipo, valor, chave) "
        "select l.equipe_id, l.id, 0, 'telefone', :t, c.chave from l, lead_contatos c "
        "where c.lead_id = :seed and c.ordem = 0",
        e=team.equipe_id,
        t=phone,
        seed=seed["id"],
    )
    # The last to come, so its own contact is not among those that are looked at.
    path = "/leads?permitir_duplicado=1"
    said = {"nome": "Ana", "telefone": phone, "documento": document}
    first = team.gestor.api.post(path, said).data
    reply = upsert(team.gestor.api, "telefone", telefone=phone)
    assert (reply.status, len(reply.data["ids"])) == (409, 100)
    same = {"documento": document, "email": new_email("u"), "telefone": phone}
    assert put(team, "documento", **same)["id"] == first["id"]
    # By a contact it cannot be told among so many, as not all of them were looked at.
    assert upsert(team.gestor.api, "email", **same).status == 409
    assert put(team, "documento", **same, cidade="Lins")["id"] == first["id"]
    changed = "select count(*) from leads where equipe_id = :e and cidade = 'Lins'"
    assert rows(sql, changed, e=team.equipe_id) == [(1,)]
