"""Every route × every caller of the equipe: permitted ones are served, others change nothing.

Each call would succeed for a permitted caller, so only the caller can be the reason of an error.
"""

import re

import jwt
import pytest
from flask import Flask
from sqlalchemy import Engine

from config import Settings
from services.auth.tokens import Tokens
from tests.support.actors import WHO, Actor, actor, kind
from tests.support.api import Api, Member, Team, open_team
from tests.support.attacks import MISSING, SAME_ID
from tests.support.owned import rows_of
from tests.support.routes import ROUTES, declared, lets_in, prepare, success

PROTECTED = [name for name, route in ROUTES.items() if route.access != "public"]
ADMITTED = {
    (who, route): lets_in(route, kind(who)[0], machine=kind(who)[1])
    for who in WHO
    for route in PROTECTED
}
WITHOUT = [
    (token, route)
    for token in ("none", "expired")
    for route in PROTECTED
    # An anonymous caller may open an equipe; a caller with a token must not count as anonymous.
    if (token, ROUTES[route].access) != ("none", "optional")
]


@pytest.fixture(scope="module")
def callers(app: Flask) -> dict[str, Actor]:
    """One equipe for all the calls that must not move it."""
    team = open_team(app)
    return {who: actor(app, team, who) for who in WHO}


def token_of(member: Member, settings: Settings, *, minutes: int) -> str:
    """Of the member's own live session."""
    claims = jwt.decode(member.api.token or "", options={"verify_signature": False})
    tokens = Tokens(settings.secret_key, minutes, session_days=1)
    return tokens.access(usuario_id=member.id, sessao_id=claims["sid"])


def without(token: str, app: Flask, member: Member, settings: Settings) -> Api:
    return Api(app, None if token == "none" else token_of(member, settings, minutes=-1))


def test_every_contract_admits_the_machines_of_its_table() -> None:
    admits = {name for name, contract in declared().items() if contract.permission.machines}
    assert admits == {name for name, route in ROUTES.items() if route.machines}


@pytest.mark.parametrize(("who", "route"), [pair for pair in ADMITTED if ADMITTED[pair]])
def test_a_permitted_caller_is_served(app: Flask, team: Team, who: str, route: str) -> None:
    caller = actor(app, team, who)
    reply = prepare(route, caller).by(caller.api)
    assert reply.status == success(route), reply.body


@pytest.mark.parametrize(("who", "route"), [pair for pair in ADMITTED if not ADMITTED[pair]])
def test_a_refused_caller_changes_nothing(
    callers: dict[str, Actor], sql: Engine, who: str, route: str
) -> None:
    caller = callers[who]
    call = prepare(route, caller)
    before = rows_of(sql, caller.team.equipe_id)
    reply = call.by(caller.api)
    assert (reply.status, reply.codigo) == (403, "PROIBIDO")
    assert rows_of(sql, caller.team.equipe_id) == before


@pytest.mark.parametrize(("token", "route"), WITHOUT)
def test_without_a_live_token_every_route_answers_401(
    app: Flask,
    callers: dict[str, Actor],
    sql: Engine,
    settings: Settings,
    token: str,
    route: str,
) -> None:
    owner = callers["gestor"]
    stranger = without(token, app, owner.person, settings)
    call = prepare(route, owner, **SAME_ID)
    before = rows_of(sql, owner.team.equipe_id)
    reply = call.by(stranger)
    code = "NAO_AUTENTICADO" if token == "none" else "TOKEN_INVALIDO"
    assert (reply.status, reply.codigo) == (401, code)
    assert "WWW-Authenticate" in reply.headers
    missing = stranger.call(call.method, re.sub(r"\d+", str(MISSING), call.path), headers=SAME_ID)
    assert (missing.status, missing.raw) == (reply.status, reply.raw)
    assert rows_of(sql, owner.team.equipe_id) == before


@pytest.mark.parametrize("route", [name for name in ROUTES if name not in PROTECTED])
def test_a_public_route_looks_at_no_token(
    app: Flask, callers: dict[str, Actor], settings: Settings, route: str
) -> None:
    """A user whose token has expired must be able to log in."""
    strangers = [without(t, app, callers["gestor"].person, settings) for t in ("none", "expired")]
    for api in [*strangers, *(caller.api for caller in callers.values())]:
        assert prepare(route, callers["gestor"]).by(api).status == success(route)


def test_the_expired_token_lacks_nothing_but_time(
    app: Flask, team: Team, settings: Settings
) -> None:
    for minutes, status in ((1, 200), (-1, 401)):
        token = token_of(team.gestor, settings, minutes=minutes)
        assert Api(app, token).get("/auth/me").status == status
