"""Passwords: taken whole, kept as argon2id, changed only by a user who knows the current one."""

from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import Engine, text

from tests.support.api import PASSWORD, Api, Team, new_email, sign_in

OURS = "$argon2id$v=19$m=19456,t=2,p=1$"


def registered(api: Api, senha: str) -> tuple[int, str]:
    """Try to register with a password; the status and the e-mail."""
    email = new_email()
    body = {"nome": "P", "email": email, "senha": senha, "role": "gestor"}
    return api.post("/auth/register", body).status, email


def login(api: Api, email: str, senha: str) -> int:
    return api.post("/auth/login", {"email": email, "senha": senha}).status


def stored_hash(sql: Engine, email: str) -> str:
    with sql.connect() as connection:
        query = text("select senha_hash from usuarios where email = :email")
        return connection.execute(query, {"email": email}).scalar_one()


@pytest.mark.parametrize(("length", "status"), [(5, 422), (6, 201), (128, 201), (129, 422)])
def test_development_takes_six_to_128_characters(api: Api, length: int, status: int) -> None:
    assert registered(api, "ã" * length)[0] == status


@pytest.mark.parametrize(("length", "status"), [(7, 422), (8, 201)])
def test_production_asks_for_eight_characters(
    make_app: Callable[..., Flask], length: int, status: int
) -> None:
    production = make_app(app_env="production", secret_key="k" * 32)
    assert registered(Api(production), "kX9$vT2q"[:length])[0] == status


GUESSABLE = (
    *("12345678", "password1", "senha123", "Brasil@2026", "finlead2026", "x7x7x7x7", "qwertyuiop"),
    *("Flamengo10", "Gertrudes1", "gertrudesx90", "a" * 128),
)


@pytest.mark.parametrize("senha", GUESSABLE)
def test_production_refuses_what_is_guessed(
    make_app: Callable[..., Flask], team: Team, senha: str
) -> None:
    production = make_app(app_env="production", secret_key="k" * 32)
    person = {"nome": "Gertrudes X", "email": new_email("gertrudes.x"), "role": "vendedor"}
    manager = sign_in(production, team.gestor.email).api
    refused = Api(production).post("/auth/register", person | {"senha": senha})
    assert (refused.status, refused.campos) == (422, {"senha": "SENHA_FRACA"})
    code = manager.post("/auth/register", person).data["codigo_ativacao"]
    activation = {"codigo": code, "senha": senha}
    assert Api(production).post("/auth/activate", activation).campos == {"senha": "SENHA_FRACA"}
    strong = {"codigo": code, "senha": "quatro nuvens sobre o cais"}
    assert Api(production).post("/auth/activate", strong).status == 200
    mine = sign_in(production, person["email"], strong["senha"]).api
    change = {"senha": senha, "senha_atual": strong["senha"]}
    assert mine.patch("/auth/me", change).campos == {"senha": "SENHA_FRACA"}


def test_development_takes_the_documented_example(api: Api) -> None:
    assert registered(api, "123456")[0] == 201


def test_a_password_of_128_characters_counts_to_its_last(api: Api) -> None:
    senha = "s" * 127 + "!"
    _, email = registered(api, senha)
    assert login(api, email, senha[:127]) == 401
    assert login(api, email, senha + "!") == 401
    assert login(api, email, senha) == 200


def test_blanks_are_part_of_a_password(api: Api) -> None:
    _, email = registered(api, "  duas palavras  ")
    assert login(api, email, "duas palavras") == 401
    assert login(api, email, "  duas palavras  ") == 200


def test_case_is_part_of_a_password(api: Api) -> None:
    _, email = registered(api, "Segredo")
    assert login(api, email, "segredo") == 401


@pytest.mark.parametrize("senha", ["123456\x00", "\x00123456", "123\x00456"])
def test_nul_in_a_password_is_refused(api: Api, senha: str) -> None:
    assert registered(api, senha)[0] == 422


def test_nul_in_a_login_is_a_wrong_password(api: Api) -> None:
    _, email = registered(api, "123456")
    assert login(api, email, "123456\x00") == 401


def test_a_composed_and_a_decomposed_password_are_the_same(api: Api) -> None:
    composed, decomposed = "cora\u00e7\u00e3o", "corac\u0327a\u0303o"
    _, email = registered(api, decomposed)
    assert login(api, email, composed) == 200
    assert login(api, email, decomposed) == 200


def test_the_stored_hash_is_argon2id_at_the_promised_cost(api: Api, sql: Engine) -> None:
    first, second = (registered(api, "123456")[1] for _ in range(2))
    assert stored_hash(sql, first).startswith(OURS)
    assert stored_hash(sql, first) != stored_hash(sql, second)


def test_login_replaces_a_weaker_hash(api: Api, sql: Engine) -> None:
    _, email = registered(api, "123456")
    weaker = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash("123456")
    with sql.connect() as connection:
        change = text("update usuarios set senha_hash = :hash where email = :email")
        connection.execute(change, {"hash": weaker, "email": email})
    assert login(api, email, "errada") == 401
    assert stored_hash(sql, email) == weaker
    assert login(api, email, "123456") == 200
    assert stored_hash(sql, email).startswith(OURS)
    assert login(api, email, "123456") == 200


def test_a_broken_hash_refuses_every_password(api: Api, sql: Engine) -> None:
    _, email = registered(api, "123456")
    with sql.connect() as connection:
        change = text("update usuarios set senha_hash = '' where email = :email")
        connection.execute(change, {"email": email})
    assert login(api, email, "123456") == 401
    assert login(api, email, "") == 401


@pytest.mark.parametrize("given", [{}, {"senha_atual": "errada"}, {"senha_atual": ""}])
def test_a_password_changes_only_with_the_current_one(
    api: Api, team: Team, given: dict[str, str]
) -> None:
    reply = team.vendedor.api.patch("/auth/me", {"nome": "Outro", "senha": "nova-senha"} | given)
    assert reply.status == 422
    assert reply.campos == {"senha_atual": "SENHA_INCORRETA"}
    assert login(api, team.vendedor.email, PASSWORD) == 200
    assert team.vendedor.api.get("/auth/me").data["nome"] != "Outro"


def test_a_changed_password_replaces_the_old_one(api: Api, team: Team) -> None:
    change = {"senha": "nova-senha", "senha_atual": PASSWORD}
    assert team.vendedor.api.patch("/auth/me", change).status == 200
    assert login(api, team.vendedor.email, PASSWORD) == 401
    assert login(api, team.vendedor.email, "nova-senha") == 200


def test_a_new_password_obeys_the_same_length(team: Team) -> None:
    reply = team.vendedor.api.patch("/auth/me", {"senha": "12345", "senha_atual": PASSWORD})
    assert reply.campos == {"senha": "SENHA_CURTA"}


@pytest.mark.parametrize("field", ["role", "ativo", "email", "equipe_id", "fundador"])
def test_a_user_cannot_promote_themselves_through_their_own_account(team: Team, field: str) -> None:
    reply = team.vendedor.api.patch("/auth/me", {field: "gestor"})
    assert reply.campos == {field: "CAMPO_DESCONHECIDO"}


def test_the_kept_hash_of_a_keyed_registration_needs_the_secret_to_be_guessed(
    make_app: Callable[..., Flask], team: Team
) -> None:
    """A bare hash of the body would be a fast hash of the password in it."""
    body = {"nome": "P", "email": new_email(), "senha": "123456", "role": "vendedor"}
    key = {"Idempotency-Key": "uma-chave"}
    assert team.gestor.api.post("/auth/register", body, headers=key).status == 201
    again = team.gestor.api.post("/auth/register", body, headers=key)
    assert (again.status, again.headers["Idempotent-Replayed"]) == (201, "true")
    elsewhere = sign_in(make_app(secret_key="outra-chave"), team.gestor.email)
    reply = elsewhere.api.post("/auth/register", body, headers=key)
    assert (reply.status, reply.codigo) == (422, "CHAVE_REUTILIZADA")
