"""Forged access tokens of every kind we know of: none is accepted."""

import base64
import json
import time
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from flask import Flask

from config import Settings
from services.auth.tokens import _derive
from tests.support.api import Api, Team

WORDS = ("", "dev123", "secret", "finlead", "changeme", "HS256", "null", "0", "jwt", "password")
PURPOSES = (b"refresh token v1", b"list cursor v1", b"idempotency v1", b"", b"access token v2")
HEADERS: tuple[dict[str, Any], ...] = (
    {"kid": "../../dev/null"},
    {"kid": "' or 1=1 --"},
    {"kid": "/dev/null"},
    {"kid": ""},
    {"jku": "https://exemplo.com.br/jwks.json"},
    {"x5u": "https://exemplo.com.br/cert.pem"},
    {"jwk": {"kty": "oct", "k": "ZGV2MTIz"}},
    {"x5c": ["MIIB"]},
    {"cty": "JWT"},
    {"typ": "at+jwt"},
)


def encoded(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def edits(good: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Claims that we would never sign."""
    for name in good:
        yield {key: value for key, value in good.items() if key != name}
        for odd in (None, "", [], {}, "x"):
            yield good | {name: odd}
    for name in ("sub", "sid", "typ", "aud", "iss"):
        for odd in (-1, 0, 1.5, True, 2**80, "٣", " 1", "1.0", "-1"):
            yield good | {name: odd}
    yield good | {"exp": int(time.time()) - 1}
    yield good | {"exp": 0}
    yield good | {"nbf": int(time.time()) + 3_600}
    yield good | {"typ": "refresh"}
    yield good | {"aud": "outra-api"}
    yield good | {"aud": ["outra-api"]}
    yield good | {"iss": "outro"}
    yield good | {"sid": good["sid"] + 1}
    yield good | {"sub": str(int(good["sub"]) + 1)}


def forged(token: str, settings: Settings) -> Iterator[str]:
    key = _derive(settings.secret_key, b"access token v1")
    good = jwt.decode(token, options={"verify_signature": False})
    head, body, signature = token.split(".")
    for spelling in ("none", "None", "NONE", "nOnE"):
        unsigned = f"{encoded({'alg': spelling, 'typ': 'JWT'})}.{body}."
        yield from (unsigned, unsigned + signature, unsigned[:-1])
    wrong = [word.encode() or b"\0" for word in WORDS]
    wrong += [_derive(settings.secret_key, purpose) for purpose in PURPOSES]
    for algorithm in ("HS256", "HS384", "HS512"):
        for other in wrong:
            yield jwt.encode(good, other, algorithm)
    yield from (jwt.encode(good, key, algorithm) for algorithm in ("HS384", "HS512"))
    for extra in HEADERS:
        yield jwt.encode(good, b"dev123", "HS256", headers=extra)
    yield jwt.encode(good, key, "HS256", headers={"crit": ["exp"]})
    for claims in edits(good):
        # Signed by hand: the library refuses to write some of them.
        signed = f"{head}.{encoded(claims)}"
        yield f"{signed}.{encoded(jwt.get_algorithm_by_name('HS256').sign(signed.encode(), key))}"
    for at in range(len(signature)):
        swapped = "A" if signature[at] != "A" else "B"
        yield f"{head}.{body}.{signature[:at]}{swapped}{signature[at + 1 :]}"
    last = signature[-1]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    yield from (f"{head}.{body}.{signature[:-1]}{c}" for c in alphabet if c != last)
    yield from (f"{token}=", f"{token}.", f".{token}", f"{token}.x", f"{body}.{head}.{signature}")
    yield from (f"{head}.{body}", head, "..", "a.b.c", token[:-5], token[5:], token.swapcase())


# The forger takes short keys: that is the point.
@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_no_forged_token_is_accepted(app: Flask, team: Team, settings: Settings) -> None:
    token = team.gestor.api.token or ""
    assert Api(app, token).get("/auth/me").status == 200
    tokens = [candidate for candidate in forged(token, settings) if candidate != token]
    assert len(set(tokens)) >= 261
    opened = []
    for candidate in set(tokens):
        reply = Api(app).get("/auth/me", headers={"Authorization": f"Bearer {candidate}"})
        if reply.status != 401:
            opened.append((reply.status, candidate))
    assert opened == []
