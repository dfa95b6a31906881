"""One person, one lead: document, e-mail and phone recognise them, id_externo is unique."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine

from models.db import transaction
from services.leads.duplicates import bucket, lock_buckets
from tests.faults.tools import wait_until
from tests.support.api import Team, new_email
from tests.support.leads import all_leads, create, new_cpf, new_phone, rows, upload


def body(**fields: object) -> dict[str, object]:
    return {"nome": "Lead Exemplo", **fields}


@pytest.mark.parametrize("key", ["documento", "email", "telefone"])
def test_the_same_key_is_a_conflict_with_the_id(team: Team, key: str) -> None:
    value = {"documento": new_cpf(), "email": new_email("lead"), "telefone": new_phone()}[key]
    lead = create(team.gestor.api, **{key: value})
    spelled = f" {value.upper()} " if key == "email" else value
    reply = team.gestor.api.post("/leads", body(**{key: spelled}))
    assert (reply.status, reply.codigo, reply.data["ids"]) == (409, "LEAD_DUPLICADO", [lead["id"]])
    assert len(all_leads(team.gestor.api)) == 1


def test_a_mobile_meets_its_form_without_the_ninth_digit(team: Team) -> None:
    phone = new_phone()
    lead = create(team.gestor.api, telefone=phone)
    old = f"({phone[3:5]}) {phone[6:10]}-{phone[10:]}"
    reply = team.gestor.api.post("/leads", body(telefone=old))
    assert (reply.status, reply.data["ids"]) == (409, [lead["id"]])


def test_every_lead_that_shares_a_key_is_named(team: Team) -> None:
    document, email = new_cpf(), new_email("lead")
    ids = [create(team.gestor.api, documento=document)["id"]]
    ids.append(create(team.gestor.api, email=email)["id"])
    reply = team.gestor.api.post("/leads", body(documento=document, email=email))
    assert reply.data["ids"] == ids


def test_leads_without_keys_are_never_duplicates(team: Team) -> None:
    assert create(team.gestor.api)["id"] != create(team.gestor.api)["id"]


def test_a_vendedor_is_told_only_of_leads_they_may_read(team: Team) -> None:
    document, email = new_cpf(), new_email("lead")
    create(team.gestor.api, documento=document, responsavel_id=team.colleague.id)
    mine = create(team.vendedor.api, email=email)
    reply = team.vendedor.api.post("/leads", body(documento=document, email=email))
    assert (reply.status, reply.data["ids"]) == (409, [mine["id"]])


def test_another_equipes_lead_is_no_duplicate(team: Team, other_team: Team) -> None:
    keys = {"documento": new_cpf(), "email": new_email("lead"), "id_externo": "crm-1"}
    create(other_team.gestor.api, **keys)
    assert create(team.gestor.api, **keys)["documento"] == keys["documento"]


def test_a_deleted_lead_is_no_duplicate(team: Team) -> None:
    keys = {"documento": new_cpf(), "telefone": new_phone(), "id_externo": "crm-1"}
    lead = create(team.gestor.api, **keys)
    team.gestor.api.delete(f"/leads/{lead['id']}")
    assert create(team.gestor.api, **keys)["id"] != lead["id"]


def test_a_gestor_may_allow_a_duplicate(team: Team) -> None:
    document = new_cpf()
    create(team.gestor.api, documento=document)
    reply = team.gestor.api.post("/leads?permitir_duplicado=1", body(documento=document))
    assert reply.status == 201
    assert team.gestor.api.post("/leads?permitir_duplicado=0", body(documento=document)).status == (
        409
    )


def test_a_vendedor_may_not_allow_a_duplicate(team: Team) -> None:
    path = "/leads?permitir_duplicado=1"
    assert team.vendedor.api.post(path, body()).status == 403
    lead = create(team.vendedor.api)
    reply = team.vendedor.api.patch(f"/leads/{lead['id']}?permitir_duplicado=1", {"nome": "X"})
    assert reply.status == 403


def test_id_externo_is_unique_even_when_duplicates_are_allowed(team: Team) -> None:
    create(team.gestor.api, id_externo="crm-7")
    for path in ("/leads", "/leads?permitir_duplicado=1"):
        reply = team.gestor.api.post(path, body(id_externo=" crm-7 "))
        assert (reply.status, reply.codigo) == (409, "ID_EXTERNO_DUPLICADO")


def test_id_externo_is_found_behind_a_crowd_of_duplicates(team: Team) -> None:
    phone = new_phone()
    for _ in range(101):
        sent = body(telefone=phone)
        assert team.gestor.api.post("/leads?permitir_duplicado=1", sent).status == 201
    create(team.gestor.api, id_externo="crm-8")
    sent = body(telefone=phone, id_externo="crm-8")
    reply = team.gestor.api.post("/leads?permitir_duplicado=1", sent)
    assert (reply.status, reply.codigo) == (409, "ID_EXTERNO_DUPLICADO")


@pytest.mark.parametrize("key", ["documento", "email", "telefone", "id_externo"])
def test_a_change_into_a_duplicate_is_a_conflict(team: Team, key: str) -> None:
    fresh = {"documento": new_cpf(), "email": new_email("l"), "telefone": new_phone()}
    value = fresh.get(key, "crm-1")
    taken, lead = create(team.gestor.api, **{key: value}), create(team.gestor.api)
    reply = team.gestor.api.patch(f"/leads/{lead['id']}", {key: value, "cidade": "Campinas"})
    assert reply.status == 409
    assert reply.data.get("ids", [taken["id"]]) == [taken["id"]]
    assert team.gestor.api.get(f"/leads/{lead['id']}").data == lead


def test_a_lead_is_no_duplicate_of_itself(team: Team) -> None:
    phone = new_phone()
    lead = create(team.gestor.api, telefone=phone, documento=new_cpf(), id_externo="crm-1")
    reply = team.gestor.api.patch(f"/leads/{lead['id']}", {"email": new_email("lead")})
    assert reply.status == 200
    same = {"telefone": phone, "documento": lead["documento"], "id_externo": "crm-1", "uf": "SP"}
    assert team.gestor.api.patch(f"/leads/{lead['id']}", same).status == 200


def test_a_change_that_touches_no_key_looks_for_no_duplicate(team: Team) -> None:
    document = new_cpf()
    create(team.gestor.api, documento=document)
    path = "/leads?permitir_duplicado=1"
    twin = team.gestor.api.post(path, body(documento=document)).data
    assert team.gestor.api.patch(f"/leads/{twin['id']}", {"uf": "SP"}).status == 200


def test_of_parallel_creates_of_one_document_one_wins(team: Team, sql: Engine) -> None:
    document = new_cpf()

    def attempt(_: int) -> int:
        return team.gestor.api.post("/leads", body(documento=document)).status

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(attempt, range(8)))
    assert statuses == [201] + [409] * 7
    found = rows(sql, "select count(*) from leads where documento = :d", d=document)
    assert found == [(1,)]


def test_parallel_changes_into_one_phone_have_one_winner(team: Team) -> None:
    phone = new_phone()
    leads = [create(team.gestor.api)["id"] for _ in range(8)]

    def attempt(lead_id: int) -> int:
        return team.gestor.api.patch(f"/leads/{lead_id}", {"telefone": phone}).status

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(attempt, leads))
    assert statuses == [200] + [409] * 7


def test_the_fields_that_are_the_same_are_named(team: Team) -> None:
    document, email = new_cpf(), new_email("lead")
    create(team.gestor.api, documento=document, email=email, telefone=new_phone())
    same = body(documento=document, email=email, telefone=new_phone())
    reply = team.gestor.api.post("/leads", same)
    assert reply.campos == {"documento": "LEAD_DUPLICADO", "email": "LEAD_DUPLICADO"}


def test_a_taken_id_externo_is_named_with_its_lead(team: Team) -> None:
    lead = create(team.gestor.api, id_externo="crm-2")
    reply = team.gestor.api.post("/leads", body(id_externo="crm-2"))
    assert reply.data["ids"] == [lead["id"]]
    assert reply.campos == {"id_externo": "ID_EXTERNO_DUPLICADO"}


def test_a_change_that_waits_for_its_key_holds_no_row(team: Team, sql: Engine) -> None:
    """An import locks keys, then rows: a change that did it the other way round would deadlock."""
    phone, email = new_phone(), new_email("lead")
    while bucket("email", email) == bucket("telefone", phone):
        email = new_email("lead")
    lead = create(team.gestor.api, email=email)
    with ThreadPoolExecutor(2) as pool:
        with key_held(team, "telefone", phone):
            path = f"/leads/{lead['id']}"
            change = pool.submit(team.gestor.api.patch, path, {"telefone": phone})
            wait_until(lambda: rows(sql, WAITING))
            file = f"email,cidade\n{email},Santos\n"
            imported = pool.submit(upload, team.gestor.api, file, duplicados="atualizar")
            report = imported.result()
            assert (report.status, report.data["atualizados"]) == (200, 1)
        assert change.result().status == 200


WAITING = """
select 1 from pg_locks join pg_database d on d.oid = database and datname = current_database()
where locktype = 'advisory' and not granted
"""


@contextmanager
def key_held(team: Team, kind: str, value: str) -> Iterator[None]:
    """Another writer is at this key meanwhile."""
    with team.gestor.api.app.app_context(), transaction():
        lock_buckets(team.equipe_id, [bucket(kind, value)])
        yield
