"""API keys: shown once, acting with a role, ended at once."""

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from tests.support.api import Api, Team, new_email, register


def make_key(team: Team, role: str = "gestor", **more: object) -> dict[str, object]:
    body = {"nome": "integração", "role": role, **more}
    reply = team.gestor.api.post("/auth/keys", body)
    assert reply.status == 201, reply.body
    return reply.data


def client(app: Flask, key: dict[str, object]) -> Api:
    return Api(app, str(key["chave"]))


def test_a_key_works_the_leads_of_its_equipe(app: Flask, team: Team) -> None:
    machine = client(app, make_key(team))
    lead = machine.post("/leads", {"nome": "Lead da integração"})
    assert lead.status == 201
    assert team.gestor.api.get(f"/leads/{lead.data['id']}").status == 200


def test_a_key_acts_with_its_role(app: Flask, team: Team) -> None:
    machine = client(app, make_key(team, role="vendedor"))
    assert machine.get("/users").status == 403
    assert machine.get("/leads").status == 200


def test_a_key_does_not_manage_accounts(app: Flask, team: Team) -> None:
    machine = client(app, make_key(team))
    assert machine.post("/auth/keys", {"nome": "outra", "role": "gestor"}).status == 403
    assert machine.patch("/auth/me", {"nome": "Outro"}).status == 403
    assert machine.post("/auth/logout").status == 403
    assert machine.get("/auth/sessions").status == 403
    assert machine.post(f"/users/{team.vendedor.id}/reset").status == 403
    assert machine.patch(f"/users/{team.vendedor.id}", {"role": "gestor"}).status == 403
    person = {"nome": "P", "email": new_email(), "role": "gestor"}
    assert machine.post("/auth/register", person).status == 403


def test_only_a_hash_of_the_key_is_kept(team: Team, sql: Engine) -> None:
    secret = str(make_key(team)["chave"]).split("_", 2)[2]
    with sql.connect() as connection:
        rows = connection.execute(text("select to_jsonb(c)::text from chaves c")).scalars().all()
    assert rows
    assert not any(secret in row for row in rows)
    assert "chave" not in team.gestor.api.get("/auth/keys").data["itens"][0]


def test_a_revoked_key_ends_at_once(app: Flask, team: Team) -> None:
    key = make_key(team)
    assert team.gestor.api.delete(f"/auth/keys/{key['id']}").status == 200
    assert client(app, key).get("/leads").status == 401
    assert team.gestor.api.delete(f"/auth/keys/{key['id']}").status == 404


def test_an_expired_key_is_refused(app: Flask, team: Team, sql: Engine) -> None:
    key = make_key(team, validade_dias=1)
    assert client(app, key).get("/leads").status == 200
    with sql.connect() as connection:
        connection.execute(
            text("update chaves set expira_em = now() - interval '1 second' where id = :id"), key
        )
    assert client(app, key).get("/leads").status == 401


def test_a_key_ends_with_its_maker(app: Flask, team: Team) -> None:
    second = register(team.gestor.api, role="gestor")
    key = make_key(team)
    maker = team.gestor.id
    machine = client(app, key)
    from tests.support.api import sign_in

    assert (
        sign_in(app, second["email"]).api.patch(f"/users/{maker}", {"ativo": False}).status == 200
    )
    assert machine.get("/leads").status == 401


@pytest.mark.parametrize(
    "forge",
    [
        lambda key: key[:-1] + ("A" if key[-1] != "A" else "B"),
        lambda key: key.rsplit("_", 1)[0],
        lambda key: "flk_" + "9" * 30 + "_x",
        lambda key: "flk_0_" + key.split("_", 2)[2],
        lambda key: "flk_²_x",
        lambda key: "flk_",
    ],
)
def test_a_forged_key_is_refused(app: Flask, team: Team, forge: object) -> None:
    key = str(make_key(team)["chave"])
    forged = forge(key)  # type: ignore[operator]
    reply = Api(app).get("/leads", headers={"Authorization": f"Bearer {forged}"})
    assert reply.status == 401
