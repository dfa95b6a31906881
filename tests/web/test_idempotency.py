"""Idempotency-Key: a retry gets the first reply again, and nothing happens twice."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import count

import pytest
from sqlalchemy import Engine

from tests.support.api import Api, Reply, Team, new_email, sign_in
from tests.support.leads import all_leads, create, new_cpf, rows, run, upload

_keys = count(1)
LEAD = {"nome": "Lead Exemplo"}


def new_key() -> dict[str, str]:
    return {"Idempotency-Key": f"chave-{next(_keys)}"}


def test_a_retry_gets_the_first_reply(team: Team, sql: Engine) -> None:
    key, lead = new_key(), LEAD | {"documento": new_cpf()}
    first = team.gestor.api.post("/leads", lead, headers=key)
    again = team.gestor.api.post("/leads", lead, headers=key)
    assert (again.status, again.raw) == (201, first.raw)
    for name in ("ETag", "Location", "Content-Type"):
        assert again.headers[name] == first.headers[name]
    assert "Idempotent-Replayed" in again.headers
    assert "Idempotent-Replayed" not in first.headers
    counted = "select count(*) from eventos where equipe_id = :e and tipo = 'lead_criado'"
    assert rows(sql, counted, e=team.equipe_id) == [(1,)]


def test_parallel_retries_make_one_lead(team: Team) -> None:
    key = new_key()

    def attempt(_: int) -> Reply:
        return team.gestor.api.post("/leads", LEAD, headers=key)

    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(attempt, range(8)))
    (lead,) = all_leads(team.gestor.api)
    assert {reply.data["id"] for reply in replies if reply.status == 201} == {lead["id"]}
    for reply in replies:
        if reply.status != 201:
            assert (reply.status, reply.codigo) == (409, "REQUISICAO_EM_ANDAMENTO")
            assert int(reply.headers["Retry-After"]) > 0


def test_without_a_key_every_post_counts(team: Team) -> None:
    assert create(team.gestor.api)["id"] != create(team.gestor.api)["id"]


def test_a_key_with_another_body_is_refused(team: Team) -> None:
    key = new_key()
    team.gestor.api.post("/leads", LEAD, headers=key)
    for path, body in (("/leads", {"nome": "Outro"}), ("/leads?permitir_duplicado=0", LEAD)):
        reply = team.gestor.api.post(path, body, headers=key)
        assert (reply.status, reply.codigo) == (422, "CHAVE_REUTILIZADA")
    assert len(all_leads(team.gestor.api)) == 1


def test_a_key_belongs_to_its_operation(team: Team) -> None:
    key = new_key()
    team.gestor.api.post("/leads", LEAD, headers=key)
    person = {"nome": "P", "email": new_email(), "senha": "123456", "role": "vendedor"}
    reply = team.gestor.api.post("/auth/register", person, headers=key)
    assert (reply.status, reply.codigo) == (422, "CHAVE_REUTILIZADA")


def test_a_key_belongs_to_what_the_operation_is_about(team: Team) -> None:
    key, note = new_key(), {"tipo": "nota", "texto": "Ligou de volta."}
    one, other = (create(team.gestor.api)["id"] for _ in range(2))
    assert team.gestor.api.post(f"/leads/{one}/activities", note, headers=key).status == 201
    reply = team.gestor.api.post(f"/leads/{other}/activities", note, headers=key)
    assert (reply.status, reply.codigo) == (422, "CHAVE_REUTILIZADA")
    assert team.gestor.api.get(f"/leads/{other}/activities").data["itens"] == []


def test_a_key_belongs_to_its_user_and_equipe(team: Team, other_team: Team) -> None:
    key = new_key()
    callers = (team.gestor, team.vendedor, other_team.gestor)
    replies = [member.api.post("/leads", LEAD, headers=key) for member in callers]
    assert [reply.status for reply in replies] == [201] * 3
    assert len({reply.data["id"] for reply in replies}) == 3


def test_a_key_survives_a_new_session(team: Team) -> None:
    key = new_key()
    first = team.gestor.api.post("/leads", LEAD, headers=key)
    api = sign_in(team.gestor.api.app, team.gestor.email).api
    assert api.post("/leads", LEAD, headers=key).raw == first.raw


@pytest.mark.parametrize("status", [409, 422])
def test_a_refusal_is_not_remembered(team: Team, status: int) -> None:
    key, document = new_key(), new_cpf()
    if status == 409:
        obstacle = create(team.gestor.api, documento=document)
        body = LEAD | {"documento": document}
    else:
        body = LEAD | {"responsavel_id": team.colleague.id}
        team.gestor.api.patch(f"/users/{team.colleague.id}", {"ativo": False})
    assert team.gestor.api.post("/leads", body, headers=key).status == status
    if status == 409:
        team.gestor.api.delete(f"/leads/{obstacle['id']}")
    else:
        team.gestor.api.patch(f"/users/{team.colleague.id}", {"ativo": True})
    assert team.gestor.api.post("/leads", body, headers=key).status == 201


def test_a_key_is_forgotten_after_a_day(team: Team, sql: Engine) -> None:
    key = new_key()
    older = "update idempotencia set criado_em = criado_em - interval '{}' where equipe_id = :e"
    first = team.gestor.api.post("/leads", LEAD, headers=key)
    run(sql, older.format("23 hours 59 minutes"), e=team.equipe_id)
    assert team.gestor.api.post("/leads", LEAD, headers=key).raw == first.raw
    run(sql, older.format("1 minute"), e=team.equipe_id)
    later = team.gestor.api.post("/leads", {"nome": "Outro"}, headers=key)
    assert (later.status, later.data["nome"]) == (201, "Outro")
    assert later.data["id"] != first.data["id"]
    assert team.gestor.api.post("/leads", {"nome": "Outro"}, headers=key).raw == later.raw


@pytest.mark.parametrize("key", ["", " ", "com espaço", "é", "x" * 256, "a\tb"])
def test_a_key_that_is_none_is_refused(team: Team, key: str) -> None:
    reply = team.gestor.api.post("/leads", LEAD, headers={"Idempotency-Key": key})
    assert (reply.status, list(reply.campos)) == (422, ["Idempotency-Key"])
    assert all_leads(team.gestor.api) == []


def test_the_longest_key_is_taken(team: Team) -> None:
    key = {"Idempotency-Key": "x" * 255}
    first = team.gestor.api.post("/leads", LEAD, headers=key)
    assert team.gestor.api.post("/leads", LEAD, headers=key).raw == first.raw


def test_a_gestor_who_adds_a_user_twice_adds_one(team: Team) -> None:
    key = new_key()
    person = {"nome": "P", "email": new_email(), "senha": "123456", "role": "vendedor"}
    first = team.gestor.api.post("/auth/register", person, headers=key)
    again = team.gestor.api.post("/auth/register", person, headers=key)
    assert (first.status, again.status, again.raw) == (201, 201, first.raw)


def test_anonymous_callers_share_no_keys(api: Api) -> None:
    key = new_key()
    for _ in range(2):
        person = {"nome": "P", "email": new_email(), "senha": "123456", "role": "gestor"}
        reply = api.post("/auth/register", person, headers=key)
        assert (reply.status, reply.data["email"]) == (201, person["email"])


def multipart(boundary: str, csv: bytes) -> dict[str, object]:
    part = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="arquivo"; filename="a.csv"\r\n'
        "Content-Type: text/csv\r\n\r\n"
    )
    return {
        "data": BytesIO(part.encode() + csv + f"\r\n--{boundary}--\r\n".encode()),
        "content_type": f"multipart/form-data; boundary={boundary}",
    }


def test_an_import_is_replayed_whatever_its_boundary(team: Team) -> None:
    key = new_key()
    replies = [
        team.gestor.api.call(
            "POST", "/leads/import", headers=key, **multipart(boundary, b"nome\nA\nB\n")
        )
        for boundary in ("primeiro1", "outro-segundo")
    ]
    assert [reply.status for reply in replies] == [200, 200]
    assert replies[0].raw == replies[1].raw
    assert len(all_leads(team.gestor.api)) == 2
    other = team.gestor.api.call(
        "POST", "/leads/import", headers=key, **multipart("primeiro1", b"nome\nC\n")
    )
    assert other.codigo == "CHAVE_REUTILIZADA"


def test_a_csv_import_is_replayed(team: Team) -> None:
    key = new_key()
    first, again = (upload(team.gestor.api, "nome\nA\n", headers=key) for _ in range(2))
    assert (first.status, again.raw) == (200, first.raw)
    other = upload(team.gestor.api, "nome\nA\n", headers=key, duplicados="erro")
    assert other.codigo == "CHAVE_REUTILIZADA"
    assert len(all_leads(team.gestor.api)) == 1
