"""Access tokens: one kind is accepted, everything else is a 401 in the envelope."""

import base64
import hashlib
import hmac
import json
import time
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from config import Settings
from services.auth import tokens
from services.auth.tokens import Tokens
from tests.support.api import Api, Member, Reply, Team, new_email

HEADER = {"alg": "HS256", "typ": "JWT"}


def signing_key(settings: Settings) -> bytes:
    return Tokens(settings.secret_key, 15, 30)._access_key


def encoded(part: Any) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(
    claims: Any, key: bytes, *, header: Any = HEADER, digest: str = "sha256", mac: Any = None
) -> str:
    """A token made by hand: libraries refuse to make the invalid ones that these tests need."""
    head = f"{encoded(header)}.{encoded(claims)}"
    return f"{head}.{encoded(hmac.digest(key, head.encode(), digest) if mac is None else mac)}"


def claims_of(member: Member) -> dict[str, Any]:
    body = (member.api.token or "").split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


def call_with(app: Flask, authorization: str) -> Reply:
    return Api(app).get("/auth/me", headers={"Authorization": authorization})


def assert_refused(reply: Reply) -> None:
    assert reply.status == 401, reply.body
    assert reply.codigo == "TOKEN_INVALIDO"
    assert reply.headers["WWW-Authenticate"] == 'Bearer realm="finlead"'


def test_a_call_without_token_is_challenged(api: Api) -> None:
    reply = api.get("/auth/me")
    assert (reply.status, reply.codigo) == (401, "NAO_AUTENTICADO")
    assert reply.headers["WWW-Authenticate"] == 'Bearer realm="finlead"'


def test_a_token_made_by_hand_with_the_right_key_and_claims_is_accepted(
    app: Flask, settings: Settings, team: Team
) -> None:
    """So the tests below are refused for the one thing that they change."""
    token = signed(claims_of(team.gestor), signing_key(settings))
    assert call_with(app, f"Bearer {token}").data["id"] == team.gestor.id


def test_the_scheme_may_be_written_in_any_case(app: Flask, team: Team) -> None:
    assert call_with(app, f"bEARER {team.gestor.api.token}").status == 200


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer null",
        "Bearer undefined",
        "Bearer {}",
        "Bearer ..",
        "Bearer a.b.c",
        "Bearer çãé",
        "Bearer \x7f\xff",
        "Basic Z2VzdG9yOnNlbmhh",
        "Token abc",
        "Bearer " + "a" * 5_000,
        "Bearer " + encoded(HEADER) + "." + encoded(b"[" * 600) + ".c2ln",
        "Bearer " + encoded(b"[" * 600) + ".e30.c2ln",
        "Bearer " + encoded(b"\xff\xfe") + ".e30.c2ln",
    ],
)
def test_junk_instead_of_a_token_is_refused(api: Api, authorization: str) -> None:
    assert_refused(api.get("/auth/me", headers={"Authorization": authorization}))


@pytest.mark.parametrize(
    "header",
    [
        HEADER | {"alg": "none"},
        HEADER | {"alg": "None"},
        HEADER | {"alg": "HS512"},
        HEADER | {"alg": "RS256"},
        HEADER | {"alg": ["HS256"]},
        HEADER | {"alg": {}},
        HEADER | {"alg": None},
        HEADER | {"kid": 7},
        HEADER | {"crit": ["b64"], "b64": False},
        {"typ": "JWT"},
        [],
        "HS256",
    ],
)
def test_another_header_is_refused_even_under_the_right_key(
    app: Flask, settings: Settings, team: Team, header: Any
) -> None:
    token = signed(claims_of(team.gestor), signing_key(settings), header=header)
    assert_refused(call_with(app, f"Bearer {token}"))


def test_algorithm_none_without_signature_is_refused(
    app: Flask, settings: Settings, team: Team
) -> None:
    header = HEADER | {"alg": "none"}
    token = signed(claims_of(team.gestor), signing_key(settings), header=header, mac=b"")
    assert_refused(call_with(app, f"Bearer {token}"))


def test_another_algorithm_rightly_signed_is_refused(
    app: Flask, settings: Settings, team: Team
) -> None:
    header = HEADER | {"alg": "HS512"}
    claims, key = claims_of(team.gestor), signing_key(settings)
    token = signed(claims, key, header=header, digest="sha512")
    assert_refused(call_with(app, f"Bearer {token}"))


@pytest.mark.parametrize(
    "key", [b"", b"dev123", b"another key", hashlib.sha256(b"dev123").digest()]
)
def test_another_key_is_refused(app: Flask, team: Team, key: bytes) -> None:
    """The configured SECRET_KEY itself signs nothing."""
    assert_refused(call_with(app, f"Bearer {signed(claims_of(team.gestor), key)}"))


@pytest.mark.parametrize("missing", ["exp", "iat", "sub", "sid", "typ", "aud", "iss"])
def test_a_token_without_one_of_its_claims_is_refused(
    app: Flask, settings: Settings, team: Team, missing: str
) -> None:
    claims = claims_of(team.gestor)
    del claims[missing]
    assert_refused(call_with(app, f"Bearer {signed(claims, signing_key(settings))}"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"typ": "refresh"},
        {"typ": None},
        {"aud": "other-api"},
        {"aud": []},
        {"iss": "other"},
        {"exp": 0},
        {"exp": "soon"},
        {"exp": None},
        {"iat": 9_999_999_999},
        {"nbf": 9_999_999_999},
        {"sub": "0"},
        {"sub": "-1"},
        {"sub": 1},
        {"sub": "me"},
        {"sid": 0},
        {"sid": "1"},
        {"sid": True},
        {"sid": 2**70},
        {"sub": str(2**70)},
    ],
    ids=str,
)
def test_a_token_with_a_wrong_claim_is_refused(
    app: Flask, settings: Settings, team: Team, wrong: dict[str, Any]
) -> None:
    token = signed(claims_of(team.gestor) | wrong, signing_key(settings))
    assert_refused(call_with(app, f"Bearer {token}"))


def test_a_session_speaks_only_for_its_own_user(app: Flask, settings: Settings, team: Team) -> None:
    claims = claims_of(team.vendedor) | {"sub": str(team.gestor.id)}
    assert_refused(call_with(app, f"Bearer {signed(claims, signing_key(settings))}"))


def test_claims_edited_without_the_key_are_refused(app: Flask, team: Team) -> None:
    header, _, mac = (team.vendedor.api.token or "").split(".")
    token = f"{header}.{encoded(claims_of(team.gestor))}.{mac}"
    assert_refused(call_with(app, f"Bearer {token}"))


def test_an_expired_token_is_refused(app: Flask, settings: Settings, team: Team) -> None:
    token = Tokens(settings.secret_key, -1, 30).access(
        usuario_id=team.gestor.id, sessao_id=claims_of(team.gestor)["sid"]
    )
    assert_refused(call_with(app, f"Bearer {token}"))


def test_a_token_that_was_accepted_before_still_expires(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert team.gestor.api.get("/auth/me").status == 200
    later = time.time() + 15 * 60
    monkeypatch.setattr(tokens, "time", SimpleNamespace(time=lambda: later))
    assert_refused(team.gestor.api.get("/auth/me"))


def test_a_refresh_token_is_no_access_token(app: Flask, team: Team) -> None:
    assert_refused(call_with(app, f"Bearer {team.gestor.refresh_token}"))


@pytest.mark.parametrize("kind", ["broken", "expired"])
def test_registration_with_a_bad_token_registers_no_user(
    app: Flask, settings: Settings, team: Team, sql: Engine, kind: str
) -> None:
    expired = Tokens(settings.secret_key, -1, 30).access(
        usuario_id=team.gestor.id, sessao_id=claims_of(team.gestor)["sid"]
    )
    token = {"broken": f"{team.gestor.api.token}x", "expired": expired}[kind]
    email = new_email()
    body = {"nome": "P", "email": email, "senha": "123456", "role": "gestor"}
    assert_refused(Api(app, token).post("/auth/register", body))
    with sql.connect() as connection:
        found = connection.execute(text("select 1 from usuarios where email = :e"), {"e": email})
        assert found.first() is None
