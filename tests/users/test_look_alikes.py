"""What looks alike is one, and what cannot be seen is nothing."""

import pytest
from flask import Flask

from tests.support.api import PASSWORD, Api, Team, new_email

INVISIBLE = ["\u200b", "\u200b \u2060", "\u3164", "\u2800\u2800", "\ufeff", "\u0301"]


def register(app: Flask, email: str, nome: str = "Pessoa") -> tuple[int, str | None]:
    body = {"nome": nome, "email": email, "senha": PASSWORD, "role": "gestor"}
    reply = Api(app).post("/auth/register", body)
    return reply.status, reply.codigo


@pytest.mark.parametrize("twist", [("f", "ｆ"), ("fi", "ﬁ"), ("@", "＠"), ("e", "ⅇ")])
def test_addresses_that_are_equal_to_the_eye_are_one_account(
    app: Flask, twist: tuple[str, str]
) -> None:
    email = "fi" + new_email("gestor")
    assert register(app, email)[0] == 201
    assert register(app, email.replace(*twist)) == (409, "EMAIL_JA_CADASTRADO")
    login = {"email": email.replace(*twist), "senha": PASSWORD}
    assert Api(app).post("/auth/login", login).status == 200


@pytest.mark.parametrize("name", INVISIBLE)
def test_a_name_that_cannot_be_seen_is_none(app: Flask, team: Team, name: str) -> None:
    body = {"nome": name, "email": new_email(), "senha": PASSWORD, "role": "gestor"}
    reply = Api(app).post("/auth/register", body)
    assert (reply.status, reply.campos) == (422, {"nome": "OBRIGATORIO"})
    assert team.gestor.api.post("/leads", {"nome": name}).campos == {"nome": "OBRIGATORIO"}
    assert team.gestor.api.patch("/equipe", {"nome": name}).campos == {"nome": "OBRIGATORIO"}


@pytest.mark.parametrize("name", ["Zoë", "李雷", "Ana\u200bMaria", "👩\u200d💼", "é"])
def test_a_name_that_can_be_seen_is_one(team: Team, name: str) -> None:
    assert team.gestor.api.post("/leads", {"nome": name}).status == 201
