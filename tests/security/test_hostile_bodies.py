"""Every operation against bodies that no honest client sends: refused in the envelope, never 5xx.

The cases are made from the list of operations, so a new one is tried too.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from app import contracts
from controllers.web.contract import Contract
from tests.support.api import Reply, Team, openapi, sign_in
from tests.support.leads import create

WITH_BODY = [c for c in contracts() if c.body is not None]
UNSAFE = [c for c in contracts() if c.method != "GET"]
NAMED = {"ids": lambda contract: contract.endpoint}
MALFORMED = {
    "empty": b"",
    "blank": b" \n ",
    "nul byte": b"\x00",
    "nul behind": b'{"nome": "a"}\x00',
    "nan": b'{"nome": NaN, "valor": NaN}',
    "infinity": b'{"nome": -Infinity}',
    "beyond a double": b'{"nome": 1e400}',
    "beyond reading": b'{"nome": ' + b"9" * 10_000 + b"}",
    "lone surrogate": b'{"nome": "\\ud800"}',
    "lone surrogate in a key": b'{"\\udfff": 1}',
    "duplicate keys": b'{"nome": "a", "nome": "b"}',
    "deep lists": b"[" * 1_000 + b"]" * 1_000,
    "deep objects": b'{"a":' * 1_000 + b"1" + b"}" * 1_000,
    "very deep": b"[" * 400_000,
    "bad utf-8": b'{"nome": "\xff\xfe"}',
    "overlong": b'{"nome": "\xc0\x80"}',
    "surrogate bytes": b'{"nome": "\xed\xa0\x80"}',
    "utf-16": '{"nome": "a"}'.encode("utf-16"),
    "utf-16 bare": '{"nome": "a"}'.encode("utf-16-le"),
    "utf-32": '{"nome": "a"}'.encode("utf-32"),
    "bom": b'\xef\xbb\xbf{"nome": "a"}',
    "cut short": b'{"nome": "a"',
    "two values": b'{"nome": "a"} {}',
    "single quotes": b"{'nome': 'a'}",
    "comment": b'{"nome": "a" /* x */}',
    "trailing comma": b'{"nome": "a",}',
    "raw control": b'{"nome": "a\nb"}',
}
NO_OBJECT = ([], None, "texto", 7, 1.5, True, [{}], [[]], ["nome"])
WRONG_TYPES = (
    None,
    "",
    "text/plain",
    "text/csv",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded",
    "application/jsonp",
    "application/json-patch+json",
    "application/",
    "x" * 5_000,
    "\xff",
)


def path_of(contract: Contract, lead_id: int, user_id: int) -> str:
    """The operation's path; only the lead's and the user's id exist."""
    known = {"lead_id": lead_id, "usuario_id": user_id}
    parts = (
        str(known.get(part.strip("<>").rpartition(":")[2], 2**62)) if part.startswith("<") else part
        for part in split_rule(contract.rule)
    )
    return "".join(parts)


def split_rule(rule: str) -> Iterator[str]:
    while "<" in rule:
        before, _, rest = rule.partition("<")
        inside, _, rule = rest.partition(">")
        yield before
        yield f"<{inside}>"
    yield rule


def send(team: Team, contract: Contract, query: str = "", **how: Any) -> Reply:
    """The operation as a gestor calls it, on a lead of their own."""
    api = team.gestor.api
    if contract.endpoint == "auth.logout":  # ends its own session
        api = sign_in(api.app, team.gestor.email).api
    lead_id = create(api)["id"] if "lead_id" in contract.rule else 0
    path = path_of(contract, lead_id, team.colleague.id)
    query = query or asked(contract)
    return api.call(contract.method, path + query, **how)


def asked(contract: Contract) -> str:
    """The parameters without which the operation does not look at its body."""
    fields = contract.query.model_fields if contract.query else {}
    needed = {name: each.examples[0] for name, each in fields.items() if each.is_required()}
    return f"?{urlencode(needed)}" if needed else ""


def refused(reply: Reply, *statuses: int) -> None:
    assert reply.status in statuses, (reply.status, reply.body)
    assert reply.headers["Content-Type"] == "application/json"
    assert set(reply.data) == {"codigo", "erros", "request_id"}


@pytest.mark.parametrize("contract", WITH_BODY, **NAMED)
def test_malformed_json_is_refused(team: Team, contract: Contract) -> None:
    for name, body in MALFORMED.items():
        reply = send(team, contract, data=body, content_type="application/json")
        assert (reply.status, reply.codigo) == (400, "JSON_MALFORMADO"), name


@pytest.mark.parametrize("contract", WITH_BODY, **NAMED)
def test_json_that_is_no_object_is_refused(team: Team, contract: Contract) -> None:
    for value in NO_OBJECT:
        body = json.dumps(value)
        refused(send(team, contract, data=body, content_type="application/json"), 422)


@pytest.mark.parametrize("contract", WITH_BODY, **NAMED)
def test_another_content_type_is_refused(team: Team, contract: Contract) -> None:
    for content_type in WRONG_TYPES:
        refused(send(team, contract, data=b"{}", content_type=content_type), 415)


@pytest.mark.parametrize("contract", WITH_BODY, **NAMED)
def test_two_megabytes_are_too_large(team: Team, contract: Contract) -> None:
    body = b'{"nome": "' + b"x" * 2_000_000 + b'"}'
    refused(send(team, contract, data=body, content_type="application/json"), 413)


@pytest.mark.parametrize("contract", WITH_BODY, **NAMED)
def test_unknown_fields_are_refused(team: Team, contract: Contract) -> None:
    assert contract.body is not None
    odd = {"id", "equipe_id", "__proto__", "a\x00b", "x" * 100_000, "", "versao", "$where"}
    for name in odd - contract.body.model_fields.keys():
        reply = send(team, contract, json={name: 1})
        refused(reply, 422)
        assert reply.campos.get(name[:64], "") == "CAMPO_DESCONHECIDO"


def fields_of(app: Flask, contract: Contract) -> dict[str, Any]:
    """A valid body, from the examples that the document gives."""
    assert contract.body is not None
    schemas = openapi(app)["components"]["schemas"]
    found = next(s for name, s in schemas.items() if name == contract.body.__name__)
    return found["properties"]


# Asked for only beside a new password.
UNREAD = {"senha_atual"}
NASTY = (
    "\x00",
    "a\x00b",
    "\ufffe",
    "\u202e",
    "'; drop table leads; --",
    "' or '1'='1",
    '" or 1=1 --',
    "1); select pg_sleep(9); --",
    "%s%(x)s%%",
    "{0}{equipe_id}",
    "${7*7}",
    "\\",
    "x" * 200_000,
    2**63,
    -(2**63) - 1,
    10**20,
    10**300,
    -0.0,
    1e308,
    5e-324,
    True,
    None,
    [],
    {},
    ["\x00"],
    {"\x00": "\x00"},
    {"a": "\x00"},
    [[[[[[]]]]]],
)


@pytest.mark.parametrize("contract", WITH_BODY, **NAMED)
def test_no_field_takes_the_service_down(app: Flask, team: Team, contract: Contract) -> None:
    for name in fields_of(app, contract):
        for value in NASTY:
            reply = send(team, contract, json={"nome": "Lead", name: value})
            assert reply.status < 500, (name, value)
            if isinstance(value, str) and "\x00" in value and name not in UNREAD:
                assert 400 <= reply.status < 500, (name, value)


@pytest.mark.parametrize("contract", UNSAFE, **NAMED)
def test_a_chunk_of_rubbish_harms_no_operation(team: Team, contract: Contract) -> None:
    for body in (b"\x00" * 1_000, b"\xff" * 1_000, b"%" * 1_000, b"x" * 7_000_000):
        reply = send(team, contract, data=body, content_type="application/octet-stream")
        assert reply.status < 500
