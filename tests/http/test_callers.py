"""Every route × every caller of the equipe itself: who may is served, who may not moves nothing.

Each call would succeed for whoever may make it, so a refusal is for the caller alone.
"""

import re

import jwt
import pytest
from flask import Flask
from sqlalchemy import Engine

from config import Settings
from services.tokenService import Tokens
from tests.api import Api, Member, Team
from tests.http.good_calls import CALLS, WHO, actor, prepare
from tests.http.owned import rows_of
from tests.http.route_table import (
    MACHINES,
    MISSING,
    ROUTES,
    SAME_ID,
    declared,
    lets_in,
    success,
)


def token_of(member: Member, settings: Settings, *, minutes: int) -> str:
    """Of the member's own live session."""
    claims = jwt.decode(member.api.token or "", options={"verify_signature": False})
    tokens = Tokens(settings.secret_key, minutes, session_days=1)
    return tokens.access(usuario_id=member.id, sessao_id=claims["sid"])


def test_every_route_is_called() -> None:
    assert set(CALLS) == set(ROUTES)


def test_every_contract_admits_the_machines_of_its_table() -> None:
    assert {route for route, c in declared().items() if c.permission.machines} == MACHINES


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("who", WHO)
def test_each_caller_gets_what_the_table_says(
    app: Flask, team: Team, sql: Engine, route: str, who: str
) -> None:
    caller = actor(app, team, who)
    call = prepare(route, caller)
    before = rows_of(sql, team.equipe_id)
    reply = call.by(caller.api)
    if lets_in(route, caller.role, machine=caller.machine):
        assert reply.status == success(route), reply.body
    else:
        assert (reply.status, reply.codigo) == (403, "PROIBIDO")
        assert rows_of(sql, team.equipe_id) == before


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("token", ["none", "expired"])
def test_without_a_living_token_only_public_routes_answer(
    app: Flask, team: Team, sql: Engine, settings: Settings, route: str, token: str
) -> None:
    expired = token_of(team.gestor, settings, minutes=-1)
    stranger = Api(app, expired if token == "expired" else None)
    call = prepare(route, actor(app, team, "gestor"), **SAME_ID)
    before = rows_of(sql, team.equipe_id)
    reply = call.by(stranger)
    # The unknown may open an equipe; who shows a token must not be taken for one of them.
    if ROUTES[route] == "public" or (ROUTES[route], token) == ("optional", "none"):
        assert reply.status == success(route), reply.body
        return
    code = "NAO_AUTENTICADO" if token == "none" else "TOKEN_INVALIDO"
    assert (reply.status, reply.codigo) == (401, code)
    assert "WWW-Authenticate" in reply.headers
    missing = stranger.call(call.method, re.sub(r"\d+", str(MISSING), call.path), headers=SAME_ID)
    assert (missing.status, missing.raw) == (reply.status, reply.raw)
    assert rows_of(sql, team.equipe_id) == before


def test_the_expired_token_lacks_nothing_but_time(
    app: Flask, team: Team, settings: Settings
) -> None:
    for minutes, status in ((1, 200), (-1, 401)):
        token = token_of(team.gestor, settings, minutes=minutes)
        assert Api(app, token).get("/auth/me").status == status
