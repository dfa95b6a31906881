"""A caller of the API, as the tests use it: every reply is checked against the contract."""

import json
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any

from flask import Flask
from jsonschema_rs import Draft202012Validator
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from app import contracts
from controllers.web.contract import view_name
from controllers.web.toolbox import toolbox
from models.db import transaction
from models.user import User
from services import sessionService
from services.auth import passwords
from services.auth.accounts import add_user
from services.principal import Principal
from tests.support import needles
from tests.support.statuses import codes, record
from utils.clock import parse_instant

_number = count(1)
PASSWORD = "senha-de-teste"


@dataclass(frozen=True)
class Reply:
    """A reply of the API; `data` is the envelope's, None where there is no body."""

    status: int
    body: dict[str, Any] | None
    headers: Any
    raw: bytes

    @property
    def data(self) -> Any:
        return self.body["data"] if self.body else None

    @property
    def message(self) -> str:
        return self.body["message"] if self.body else ""

    @property
    def codigo(self) -> str | None:
        return (self.data or {}).get("codigo")

    @property
    def campos(self) -> dict[str, str]:
        """Field → code of a refusal."""
        return {error["campo"]: error["codigo"] for error in self.data["erros"]}


class Api:
    """Calls an application in-process. `json=` sends JSON, `data=` sends raw bytes or a form."""

    def __init__(self, app: Flask, token: str | None = None) -> None:
        self.app = app
        self.token = token

    def get(self, path: str, **how: Any) -> Reply:
        return self.call("GET", path, **how)

    def post(self, path: str, json: Any = None, **how: Any) -> Reply:
        return self.call("POST", path, json=json, **how)

    def patch(self, path: str, json: Any = None, **how: Any) -> Reply:
        return self.call("PATCH", path, json=json, **how)

    def delete(self, path: str, **how: Any) -> Reply:
        return self.call("DELETE", path, **how)

    def call(self, method: str, path: str, *, headers: Any = None, **how: Any) -> Reply:
        sent = dict(headers or {})
        if self.token and "Authorization" not in sent:
            sent["Authorization"] = f"Bearer {self.token}"
        if how.get("json") is None:
            how.pop("json", None)
        needles.note(path, sent, how)
        response = self.app.test_client().open(path, method=method, headers=sent, **how)
        return self._checked(method, path, response)

    def _checked(self, method: str, path: str, response: TestResponse) -> Reply:
        raw = response.get_data()
        response.close()
        assert response.status_code < 500 or response.status_code == 503, raw
        body = None
        if response.mimetype == "application/json" and raw and method != "HEAD":
            body = json.loads(raw)
            if path.split("?")[0] != "/openapi.json":
                assert set(body) == {"success", "message", "data"}, body
                assert body["success"] is (response.status_code < 400)
        media = response.mimetype if raw and body is None and method != "HEAD" else ""
        self._check_contract(method, path, response.status_code, body, media)
        return Reply(response.status_code, body, response.headers, raw)

    def _check_contract(self, method: str, path: str, status: int, body: Any, media: str) -> None:
        """`media`: of a body that is no JSON."""
        try:
            endpoint, _ = self.app.url_map.bind("").match(path.split("?")[0], method=method)
        except HTTPException:
            return
        found = [c for c in contracts() if c.endpoint == endpoint and c.method == method]
        if not found:
            return
        described = operation(self.app, found[0])
        replies = described["responses"]
        assert str(status) in replies, f"{method} {path}: {status} is not documented: {body}"
        code = body["data"]["codigo"] if body and status >= 400 else ""
        assert code in codes(replies[str(status)]), f"{method} {path}: {status} {code}"
        record(described["operationId"], status, code)
        content = replies[str(status)].get("content", {})
        if media:
            assert media in content, media
            return
        # A 304 has no body, and its description none either.
        assert (body is None) is (not content), body
        if body is not None:
            schema = replies[str(status)]["content"]["application/json"]["schema"]["$ref"]
            validator(self.app, schema).validate(body)


@cache
def openapi(app: Flask) -> dict[str, Any]:
    return json.loads(app.test_client().get("/openapi.json").get_data())


def operation(app: Flask, contract: Any) -> dict[str, Any]:
    wanted = view_name(contract.endpoint)
    for methods in openapi(app)["paths"].values():
        for found in methods.values():
            if found["operationId"] == wanted:
                return found
    raise AssertionError(f"{wanted} is not in the document")


@cache
def validator(app: Flask, ref: str) -> Draft202012Validator:
    return strict({"$ref": ref, "components": openapi(app)["components"]})


def strict(schema: dict[str, Any]) -> Draft202012Validator:
    """It looks at formats, too."""
    return Draft202012Validator(schema, formats=_FORMATS, validate_formats=True)


def _is_instant(value: str) -> bool:
    """RFC 3339 in UTC, as every instant leaves."""
    try:
        return value.endswith("Z") and bool(parse_instant(value))
    except ValueError:
        return False


# Whether an address exists is not what is asked here.
_FORMATS = {"date-time": _is_instant, "email": lambda value: "@" in value}


@dataclass
class Member:
    """A signed-in user of a team."""

    api: Api
    id: int
    email: str
    refresh_token: str


@dataclass
class Team:
    gestor: Member
    vendedor: Member
    colleague: Member

    @property
    def equipe_id(self) -> int:
        return self.gestor.api.get("/auth/me").data["equipe_id"]


def new_email(name: str = "pessoa") -> str:
    return f"{name}{next(_number)}@exemplo.com.br"


def register(api: Api, role: str = "gestor", **more: Any) -> dict[str, Any]:
    """Register a new person; the reply's data."""
    person = {"nome": "Pessoa de Teste", "email": new_email(role), "senha": PASSWORD, "role": role}
    reply = api.post("/auth/register", person | more)
    assert reply.status == 201, reply.body
    return reply.data


def sign_in(app: Flask, email: str, senha: str = PASSWORD) -> Member:
    reply = Api(app).post("/auth/login", {"email": email, "senha": senha})
    assert reply.status == 200, reply.body
    data = reply.data
    return Member(Api(app, data["access_token"]), data["id"], email, data["refresh_token"])


def open_team(app: Flask) -> Team:
    """An equipe of three signed-in people, made by the services: hashing six passwords over HTTP
    for every test would take longer than most tests."""
    with app.app_context(), transaction() as session:
        gestor = _person(None, "gestor")
        caller = Principal(gestor.id, gestor.equipe_id, None, "gestor", "America/Sao_Paulo")
        people = [gestor, _person(caller, "vendedor"), _person(caller, "vendedor")]
        for person in people:
            person.senha_hash = _hash()
        session.flush()
        return Team(*(_signed_in(app, person) for person in people))


def _person(caller: Principal | None, role: str) -> User:
    return add_user(caller, "Pessoa de Teste", new_email(role), None, role, None)


def _signed_in(app: Flask, person: User) -> Member:
    tokens = toolbox().tokens
    session = sessionService.open_session(person, days=1)
    access = tokens.access(usuario_id=person.id, sessao_id=session.id)
    refresh = tokens.refresh(sessao_id=session.id, geracao=1)
    return Member(Api(app, access), person.id, person.email, refresh)


@cache
def _hash() -> str:
    return passwords.hash_password(PASSWORD)
