"""What people do to their accounts leaves an event, with ids and nothing personal."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.auth.test_sessions import pass_the_grace, refresh
from tests.support.api import PASSWORD, Api, Team, new_email, sign_in
from tests.support.leads import rows

Recorded = list[tuple[str, int | None, int | None]]


def recorded(
    sql: Engine, equipe_id: int, kinds: str = "login|logout|sess|refresh|senh"
) -> Recorded:
    """(tipo, who, to whom) of an equipe's events of these kinds."""
    query = "select tipo, usuario_id, alvo_id from eventos where equipe_id = :e and tipo ~ :kinds"
    return rows(sql, f"{query} order by id", e=equipe_id, kinds=kinds)


def login(app: Flask, email: str, senha: str) -> int:
    return Api(app).post("/auth/login", {"email": email, "senha": senha}).status


def test_a_login_and_its_logout(app: Flask, team: Team, sql: Engine) -> None:
    me = sign_in(app, team.vendedor.email)
    assert me.api.post("/auth/logout").status == 200
    assert recorded(sql, team.equipe_id) == [("login", me.id, None), ("logout", me.id, None)]


def test_ending_another_session_is_recorded(app: Flask, team: Team, sql: Engine) -> None:
    other = team.vendedor.api.get("/auth/sessions").data["itens"][0]["id"]
    me = sign_in(app, team.vendedor.email)
    assert me.api.delete(f"/auth/sessions/{other}").status == 200
    assert recorded(sql, team.equipe_id)[1:] == [("sessao_encerrada", me.id, None)]


def test_a_wrong_password_is_told_to_the_equipe(app: Flask, team: Team, sql: Engine) -> None:
    assert login(app, team.vendedor.email, "errada") == 401
    assert recorded(sql, team.equipe_id) == [("login_recusado", None, team.vendedor.id)]


def test_a_login_of_an_inactive_user_is_recorded(app: Flask, team: Team, sql: Engine) -> None:
    assert team.gestor.api.patch(f"/users/{team.vendedor.id}", {"ativo": False}).status == 200
    assert login(app, team.vendedor.email, PASSWORD) == 401
    assert recorded(sql, team.equipe_id) == [("login_recusado", None, team.vendedor.id)]


def test_an_unknown_email_costs_the_same_event(app: Flask, team: Team, sql: Engine) -> None:
    before = len(recorded(sql, 0))
    assert login(app, new_email(), PASSWORD) == 401
    after = recorded(sql, 0)
    assert len(after) == before + 1
    assert after[-1] == ("login_recusado", None, None)
    assert recorded(sql, team.equipe_id) == []


def test_a_replayed_refresh_token(app: Flask, team: Team, sql: Engine) -> None:
    assert refresh(app, team.vendedor.refresh_token).status == 200
    pass_the_grace(sql, team.vendedor)
    assert refresh(app, team.vendedor.refresh_token).status == 401
    assert recorded(sql, team.equipe_id) == [("refresh_reutilizado", None, team.vendedor.id)]


def test_passwords_changed_and_reset(app: Flask, team: Team, sql: Engine) -> None:
    vendedor, gestor = team.vendedor, team.gestor
    change = {"senha": "nova-senha", "senha_atual": PASSWORD}
    assert vendedor.api.patch("/auth/me", change).status == 200
    code = gestor.api.post(f"/users/{vendedor.id}/reset").data["codigo_ativacao"]
    activation = {"codigo": code, "senha": "mais-uma-senha"}
    assert Api(app).post("/auth/activate", activation).status == 200
    assert recorded(sql, team.equipe_id) == [
        ("senha_alterada", vendedor.id, vendedor.id),
        ("senha_redefinida", gestor.id, vendedor.id),
        ("senha_alterada", vendedor.id, vendedor.id),
    ]


@pytest.mark.parametrize("change", [{"role": "gestor"}, {"ativo": False}])
def test_power_given_and_taken(team: Team, sql: Engine, change: dict[str, Any]) -> None:
    assert team.gestor.api.patch(f"/users/{team.vendedor.id}", change).status == 200
    told = rows(
        sql,
        "select usuario_id, alvo_id, campos from eventos "
        "where equipe_id = :e and tipo = 'usuario_alterado'",
        e=team.equipe_id,
    )
    assert told == [(team.gestor.id, team.vendedor.id, list(change))]


def test_keys_created_and_revoked(team: Team, sql: Engine) -> None:
    key = team.gestor.api.post("/auth/keys", {"nome": "integração", "role": "vendedor"}).data["id"]
    assert team.gestor.api.delete(f"/auth/keys/{key}").status == 200
    assert recorded(sql, team.equipe_id, "chave") == [
        ("chave_criada", team.gestor.id, key),
        ("chave_revogada", team.gestor.id, key),
    ]
