"""Registration and login: who gets in, to which equipe, and what an error reveals to others."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from tests.support.api import PASSWORD, Api, Team, new_email, register

SAME_ID = {"X-Request-ID": "comparado"}


def person(**changes: Any) -> dict[str, Any]:
    body = {"nome": "Pessoa", "email": new_email(), "senha": PASSWORD, "role": "vendedor"}
    return body | changes


def account(sql: Engine, email: str) -> dict[str, Any]:
    with sql.connect() as connection:
        query = text("select * from usuarios where email = :email")
        return dict(connection.execute(query, {"email": email}).mappings().one())


def count(sql: Engine, table: str) -> int:
    with sql.connect() as connection:
        return connection.execute(text(f"select count(*) from {table}")).scalar_one()


def test_each_registration_without_token_opens_an_equipe(api: Api, sql: Engine) -> None:
    first, second = (account(sql, register(api)["email"]) for _ in range(2))
    assert first["equipe_id"] != second["equipe_id"]
    assert first["fundador"] and second["fundador"]


def test_a_new_equipe_takes_the_name_that_is_asked_for(app: Flask, api: Api) -> None:
    body = person(role="gestor", equipe="  Consórcios do Vale ")
    api.post("/auth/register", body)
    signed_in = api.post("/auth/login", {"email": body["email"], "senha": PASSWORD})
    me = Api(app, signed_in.data["access_token"]).get("/auth/me").data
    assert me["equipe"] == "Consórcios do Vale"


def test_a_gestor_adds_users_to_their_own_equipe_and_opens_no_other(
    team: Team, sql: Engine
) -> None:
    teams = count(sql, "equipes")
    added = account(sql, register(team.gestor.api, role="vendedor")["email"])
    assert added["equipe_id"] == team.equipe_id
    assert not added["fundador"]
    assert count(sql, "equipes") == teams


def test_a_vendedor_cannot_add_users(team: Team, sql: Engine) -> None:
    people = count(sql, "usuarios")
    reply = team.vendedor.api.post("/auth/register", person())
    assert (reply.status, reply.codigo) == (403, "PROIBIDO")
    assert count(sql, "usuarios") == people


@pytest.mark.parametrize("role", ["admin", "GESTOR", "gestor ", "", None, 1, ["gestor"], True])
def test_only_the_two_roles_exist(api: Api, role: Any) -> None:
    reply = api.post("/auth/register", person(role=role))
    assert reply.status == 422
    assert set(reply.campos) == {"role"}


@pytest.mark.parametrize(
    "field", ["id", "equipe_id", "ativo", "fundador", "senha_hash", "criado_em", "is_admin"]
)
def test_registration_refuses_fields_of_the_server(api: Api, field: str) -> None:
    reply = api.post("/auth/register", person(**{field: 1}))
    assert reply.status == 422
    assert reply.campos == {field: "CAMPO_DESCONHECIDO"}


@pytest.mark.parametrize("spelling", ["{}", "  {} ", "\t{}\n"])
@pytest.mark.parametrize("case", [str.lower, str.upper, str.title])
def test_a_known_email_is_refused_however_it_is_spelt(api: Api, case: Any, spelling: str) -> None:
    email = register(api)["email"]
    reply = api.post("/auth/register", person(email=spelling.format(case(email))))
    assert (reply.status, reply.codigo) == (409, "EMAIL_JA_CADASTRADO")


def test_a_known_email_is_neither_moved_nor_changed_by_another_equipe(
    team: Team, other_team: Team, sql: Engine
) -> None:
    before = account(sql, team.vendedor.email), count(sql, "equipes"), count(sql, "eventos")
    body = person(email=team.vendedor.email, senha="outra-senha", role="gestor")
    for caller in (other_team.gestor.api, team.gestor.api, Api(team.gestor.api.app)):
        assert caller.post("/auth/register", body).status == 409
    assert (account(sql, team.vendedor.email), count(sql, "equipes"), count(sql, "eventos")) == (
        before
    )


def test_a_refused_registration_leaves_no_empty_equipe(api: Api, sql: Engine) -> None:
    email, teams = register(api)["email"], count(sql, "equipes")
    assert api.post("/auth/register", person(email=email)).status == 409
    assert count(sql, "equipes") == teams


def test_no_reply_about_people_carries_a_password_or_its_hash(team: Team) -> None:
    api = team.gestor.api
    registered = api.post("/auth/register", person())
    signed_in = api.post("/auth/login", {"email": team.gestor.email, "senha": PASSWORD})
    for reply in (registered, signed_in, api.get("/users"), api.get("/auth/me")):
        assert reply.status < 300
        assert b"argon2" not in reply.raw
        assert PASSWORD.encode() not in reply.raw


def test_login_takes_the_email_however_it_is_spelt(api: Api) -> None:
    email = register(api)["email"]
    reply = api.post("/auth/login", {"email": f"  {email.upper()} ", "senha": PASSWORD})
    assert reply.status == 200
    assert reply.data["email"] == email


def test_an_unknown_email_and_a_wrong_password_read_the_same(api: Api) -> None:
    email = register(api)["email"]
    wrong = api.post("/auth/login", {"email": email, "senha": "x"}, headers=SAME_ID)
    assert (wrong.status, wrong.codigo) == (401, "CREDENCIAIS_INVALIDAS")
    assert "WWW-Authenticate" in wrong.headers
    for unknown in (new_email(), "nada", "", "a\x00@exemplo.com.br", "x" * 320, "é@exemplo.com.br"):
        reply = api.post("/auth/login", {"email": unknown, "senha": "x"}, headers=SAME_ID)
        assert (reply.status, reply.raw) == (wrong.status, wrong.raw), unknown


def test_an_inactive_user_cannot_log_in_and_reads_like_a_stranger(api: Api, team: Team) -> None:
    team.gestor.api.patch(f"/users/{team.vendedor.id}", {"ativo": False})
    credentials = {"email": team.vendedor.email, "senha": PASSWORD}
    inactive = api.post("/auth/login", credentials, headers=SAME_ID)
    stranger = api.post("/auth/login", credentials | {"email": new_email()}, headers=SAME_ID)
    assert (inactive.status, inactive.raw) == (401, stranger.raw)


def test_the_tokens_of_a_deactivated_user_stop_at_once(api: Api, team: Team) -> None:
    assert team.vendedor.api.get("/leads").status == 200
    team.gestor.api.patch(f"/users/{team.vendedor.id}", {"ativo": False})
    assert team.vendedor.api.get("/leads").status == 401
    renewal = api.post("/auth/refresh", {"refresh_token": team.vendedor.refresh_token})
    assert renewal.status == 401


def test_a_reactivated_user_does_not_get_old_sessions_back(api: Api, team: Team) -> None:
    for ativo in (False, True):
        assert team.gestor.api.patch(f"/users/{team.vendedor.id}", {"ativo": ativo}).status == 200
    assert team.vendedor.api.get("/auth/me").status == 401
    assert api.post("/auth/login", {"email": team.vendedor.email, "senha": PASSWORD}).status == 200
