"""The documented calls, word for word."""

from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from tests.support.api import Api, new_email


def test_register_replies_as_documented(api: Api) -> None:
    email = new_email()
    body = {"nome": "Pessoa", "email": email, "senha": "123456", "role": "gestor"}
    reply = api.post("/auth/register", body)
    assert reply.status == 201
    assert reply.message == "Usuário criado com sucesso"
    assert reply.data == {
        "id": reply.data["id"],
        "nome": "Pessoa",
        "email": email,
        "role": "gestor",
    }


def test_login_replies_as_documented(api: Api) -> None:
    email = new_email()
    api.post("/auth/register", {"nome": "P", "email": email, "senha": "123456", "role": "vendedor"})
    reply = api.post("/auth/login", {"email": email, "senha": "123456"})
    assert reply.status == 200
    assert set(reply.data) == {
        "id",
        "nome",
        "email",
        "role",
        "access_token",
        "refresh_token",
        "token_type",
        "expires_in",
    }
    assert reply.data["token_type"] == "Bearer"


def test_fifty_registrations_of_one_email_have_one_winner(app: Flask) -> None:
    email = new_email()
    spellings = [email, email.upper(), f"  {email} ", email.capitalize()]

    def attempt(number: int) -> int:
        body = {"nome": "P", "email": spellings[number % 4], "senha": "123456", "role": "gestor"}
        return Api(app).post("/auth/register", body).status

    with ThreadPoolExecutor(16) as pool:
        statuses = sorted(pool.map(attempt, range(50)))
    assert statuses == [201] + [409] * 49
