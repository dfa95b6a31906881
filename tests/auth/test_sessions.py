"""Sessions: rotated by refresh, ended at once by logout and by every loss of trust."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from tests.support.api import PASSWORD, Api, Member, Reply, Team, sign_in


def refresh(app: Flask, token: Any) -> Reply:
    return Api(app).post("/auth/refresh", {"refresh_token": token})


def alive(app: Flask, token: str) -> bool:
    return Api(app, token).get("/auth/me").status == 200


def pass_the_grace(sql: Engine, member: Member) -> None:
    """As if the last renewal had been eleven seconds ago."""
    change = (
        "update sessoes set renovada_em = renovada_em - interval '11 seconds' "
        "where usuario_id = :id and encerrada_em is null"
    )
    with sql.connect() as connection:
        assert connection.execute(text(change), {"id": member.id}).rowcount == 1


def sessions(sql: Engine, member: Member) -> list[str | None]:
    """Why each session of a user ended, in order; None while it lives."""
    query = text("select motivo from sessoes where usuario_id = :id order by id")
    with sql.connect() as connection:
        return list(connection.execute(query, {"id": member.id}).scalars())


def test_refresh_gives_new_tokens_of_the_same_user(app: Flask, team: Team) -> None:
    reply = refresh(app, team.vendedor.refresh_token)
    assert reply.status == 200
    assert reply.data["id"] == team.vendedor.id
    assert reply.data["refresh_token"] != team.vendedor.refresh_token
    assert alive(app, reply.data["access_token"])


def test_a_chain_of_refreshes_stays_one_session(app: Flask, team: Team, sql: Engine) -> None:
    token = team.vendedor.refresh_token
    for _ in range(5):
        token = refresh(app, token).data["refresh_token"]
    assert sessions(sql, team.vendedor) == [None]


def test_an_old_refresh_token_gives_the_same_successor_within_the_grace(
    app: Flask, team: Team
) -> None:
    first, again = (refresh(app, team.vendedor.refresh_token) for _ in range(2))
    assert again.status == 200
    assert again.data["refresh_token"] == first.data["refresh_token"]


def test_twelve_parallel_refreshes_have_one_successor(app: Flask, team: Team, sql: Engine) -> None:
    gate = Barrier(12)

    def attempt(_: int) -> Reply:
        gate.wait()
        return refresh(app, team.vendedor.refresh_token)

    with ThreadPoolExecutor(12) as pool:
        replies = list(pool.map(attempt, range(12)))
    assert {reply.status for reply in replies} == {200}
    assert len({reply.data["refresh_token"] for reply in replies}) == 1
    assert sessions(sql, team.vendedor) == [None]


def test_a_replay_after_the_grace_ends_the_whole_family(
    app: Flask, team: Team, sql: Engine
) -> None:
    successor = refresh(app, team.vendedor.refresh_token).data
    pass_the_grace(sql, team.vendedor)
    replay = refresh(app, team.vendedor.refresh_token)
    assert (replay.status, replay.codigo) == (401, "TOKEN_INVALIDO")
    assert sessions(sql, team.vendedor) == ["reuso"]
    assert not alive(app, successor["access_token"])
    assert team.vendedor.api.get("/auth/me").status == 401
    assert refresh(app, successor["refresh_token"]).status == 401


def test_a_token_two_generations_old_ends_the_family_even_within_the_grace(
    app: Flask, team: Team
) -> None:
    successor = refresh(app, team.vendedor.refresh_token).data
    newest = refresh(app, successor["refresh_token"]).data
    assert refresh(app, team.vendedor.refresh_token).status == 401
    assert not alive(app, newest["access_token"])


def test_a_replay_ends_no_other_session_of_the_user(app: Flask, team: Team, sql: Engine) -> None:
    refresh(app, team.vendedor.refresh_token)
    pass_the_grace(sql, team.vendedor)
    elsewhere = sign_in(app, team.vendedor.email)
    assert refresh(app, team.vendedor.refresh_token).status == 401
    assert elsewhere.api.get("/auth/me").status == 200


def test_the_current_refresh_token_works_however_long_it_was_kept(
    app: Flask, team: Team, sql: Engine
) -> None:
    pass_the_grace(sql, team.vendedor)
    assert refresh(app, team.vendedor.refresh_token).status == 200


def test_a_session_past_its_last_day_is_over(app: Flask, team: Team, sql: Engine) -> None:
    with sql.connect() as connection:
        change = text("update sessoes set expira_em = now() where usuario_id = :id")
        connection.execute(change, {"id": team.vendedor.id})
    assert team.vendedor.api.get("/auth/me").status == 401
    assert refresh(app, team.vendedor.refresh_token).status == 401


def test_refreshing_does_not_prolong_a_session(app: Flask, team: Team, sql: Engine) -> None:
    query = text("select expira_em from sessoes where usuario_id = :id")
    with sql.connect() as connection:
        before = connection.execute(query, {"id": team.vendedor.id}).scalar_one()
        refresh(app, team.vendedor.refresh_token)
        assert connection.execute(query, {"id": team.vendedor.id}).scalar_one() == before


@pytest.mark.parametrize("part", [0, 1, 2])
def test_an_edited_refresh_token_is_refused_and_ends_no_session(
    app: Flask, team: Team, other_team: Team, part: int
) -> None:
    parts, others = (member.refresh_token.split(".") for member in (team.gestor, other_team.gestor))
    parts[part] = "2" if part == 1 else others[part]
    assert refresh(app, ".".join(parts)).status == 401
    assert team.gestor.api.get("/auth/me").status == 200
    assert other_team.gestor.api.get("/auth/me").status == 200


@pytest.mark.parametrize(
    "token", ["x", "1.1", "1.1.", "..", "-1.1.x", "1.0.x", "9" * 19 + ".1.x", "\u0661.1.x", "1.1.é"]
)
def test_junk_instead_of_a_refresh_token_is_refused(app: Flask, token: str) -> None:
    reply = refresh(app, token)
    assert (reply.status, reply.codigo) == (401, "TOKEN_INVALIDO")
    assert "WWW-Authenticate" in reply.headers


@pytest.mark.parametrize("token", ["", "x" * 5_000, None, 1, True, ["x"], {"x": 1}])
def test_a_refresh_token_is_a_text_of_sane_length(app: Flask, token: Any) -> None:
    assert refresh(app, token).status == 422


def test_an_access_token_is_no_refresh_token(app: Flask, team: Team) -> None:
    assert refresh(app, team.gestor.api.token).status == 401


def test_logout_ends_the_session_at_once(app: Flask, team: Team) -> None:
    assert team.vendedor.api.post("/auth/logout").status == 200
    assert team.vendedor.api.get("/auth/me").status == 401
    assert refresh(app, team.vendedor.refresh_token).status == 401


def test_logout_ends_no_other_session(app: Flask, team: Team) -> None:
    elsewhere = sign_in(app, team.vendedor.email)
    team.vendedor.api.post("/auth/logout")
    assert elsewhere.api.get("/auth/me").status == 200


def test_a_new_password_ends_the_other_sessions_but_not_this_one(app: Flask, team: Team) -> None:
    elsewhere = sign_in(app, team.vendedor.email)
    change = {"senha": "nova-senha", "senha_atual": PASSWORD}
    assert team.vendedor.api.patch("/auth/me", change).status == 200
    assert team.vendedor.api.get("/auth/me").status == 200
    assert elsewhere.api.get("/auth/me").status == 401
    assert refresh(app, elsewhere.refresh_token).status == 401


def test_a_refused_password_change_ends_nothing(app: Flask, team: Team) -> None:
    elsewhere = sign_in(app, team.vendedor.email)
    change = {"senha": "nova-senha", "senha_atual": "errada"}
    assert team.vendedor.api.patch("/auth/me", change).status == 422
    assert elsewhere.api.get("/auth/me").status == 200


@pytest.mark.parametrize("change", [{"role": "gestor"}, {"ativo": False}])
def test_another_role_or_none_ends_every_session(
    app: Flask, team: Team, change: dict[str, Any]
) -> None:
    elsewhere = sign_in(app, team.vendedor.email)
    assert team.gestor.api.patch(f"/users/{team.vendedor.id}", change).status == 200
    for member in (team.vendedor, elsewhere):
        assert member.api.get("/auth/me").status == 401
        assert refresh(app, member.refresh_token).status == 401


def test_a_change_that_changes_nothing_ends_no_session(team: Team) -> None:
    same = {"role": "vendedor", "ativo": True, "nome": "Novo Nome"}
    assert team.gestor.api.patch(f"/users/{team.vendedor.id}", same).status == 200
    assert team.vendedor.api.get("/auth/me").data["nome"] == "Novo Nome"


def test_no_token_is_kept_in_the_database(team: Team, sql: Engine) -> None:
    with sql.connect() as connection:
        query = text("select to_jsonb(s)::text from sessoes s where usuario_id = :id")
        row = connection.execute(query, {"id": team.vendedor.id}).scalar_one()
    assert team.vendedor.refresh_token.split(".")[2] not in row
    assert (team.vendedor.api.token or "") not in row


def test_beyond_twenty_sessions_the_least_recently_used_ends(app: Flask, team: Team) -> None:
    oldest, second = (sign_in(app, team.vendedor.email) for _ in range(2))
    assert refresh(app, oldest.refresh_token).status == 200  # used since
    for _ in range(18):
        newest = sign_in(app, team.vendedor.email)
    # The one that the test's equipe was opened with, and then the second, are the least used.
    assert len(newest.api.get("/auth/sessions").data["itens"]) == 20
    assert team.vendedor.api.get("/auth/me").status == 401
    assert second.api.get("/auth/me").status == 200
    assert oldest.api.get("/auth/me").status == 200
    sign_in(app, team.vendedor.email)
    assert (second.api.get("/auth/me").status, oldest.api.get("/auth/me").status) == (401, 200)
