"""Callers of every kind, and a call of every route that succeeds for whoever may make it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask

from tests.support.api import PASSWORD, Api, Member, Reply, Team, new_email, sign_in

WHO = ("gestor", "vendedor", "gestor's key", "vendedor's key")


@dataclass(frozen=True)
class Actor:
    """A person of an equipe, or a key that acts for one with a role."""

    api: Api
    role: str
    machine: bool
    person: Member
    team: Team


@dataclass(frozen=True)
class Prepared:
    """A call whose rows are there already, so that what it does can be told from its making."""

    method: str
    path: str
    how: dict[str, Any]

    def by(self, api: Api) -> Reply:
        return api.call(self.method, self.path, **self.how)


def kind(who: str) -> tuple[str, bool]:
    """The role of a caller, and whether he is a key."""
    role, _, key = who.partition("'s ")
    return role, bool(key)


def actor(app: Flask, team: Team, who: str) -> Actor:
    role, machine = kind(who)
    if not machine:
        person = getattr(team, role)
        return Actor(person.api, role, False, person, team)
    return Actor(Api(app, new_key(team, role)["chave"]), role, True, team.gestor, team)


def new_key(team: Team, role: str = "gestor") -> dict[str, Any]:
    reply = team.gestor.api.post("/auth/keys", {"nome": f"chave de {role}", "role": role})
    assert reply.status == 201, reply.body
    return reply.data


def prepare(route: str, who: Actor, **headers: str) -> Prepared:
    method, rule = route.split(" ")
    how = CALLS[route](who)
    path = re.sub(r"\{[a-z_]+\}", str(how.pop("at", None)), rule)
    return Prepared(method, path, {**how, "headers": headers})


def _nothing(_: Actor) -> dict[str, Any]:
    return {}


def _member() -> dict[str, Any]:
    return {"nome": "Pessoa Nova", "email": new_email("nova"), "role": "vendedor"}


def _refresh_token(who: Actor) -> str:
    """Of a session of its own: the caller's goes on."""
    return sign_in(who.api.app, who.person.email).refresh_token


def _code(who: Actor) -> str:
    return who.team.gestor.api.post("/auth/register", _member()).data["codigo_ativacao"]


def _session(who: Actor) -> dict[str, Any]:
    return {"at": who.person.api.get("/auth/sessions").data["itens"][0]["id"]}


def _lead(who: Actor, **body: Any) -> dict[str, Any]:
    """A lead that its person is responsible for."""
    new = {"nome": "Lead Próprio", "responsavel_id": who.person.id}
    return {"at": who.person.api.post("/leads", new).data["id"], "json": body or None}


CALLS: dict[str, Callable[[Actor], dict[str, Any]]] = {
    "GET /": _nothing,
    "GET /docs": _nothing,
    "GET /docs/permissoes": _nothing,
    "GET /docs/{name}": lambda _: {"at": "pages.css"},
    "GET /openapi.json": _nothing,
    "GET /healthz": _nothing,
    "GET /readyz": _nothing,
    "POST /auth/register": lambda _: {"json": {**_member(), "senha": PASSWORD}},
    "POST /auth/login": lambda who: {"json": {"email": who.person.email, "senha": PASSWORD}},
    "POST /auth/refresh": lambda who: {"json": {"refresh_token": _refresh_token(who)}},
    "POST /auth/activate": lambda who: {"json": {"codigo": _code(who), "senha": PASSWORD}},
    "POST /auth/logout": _nothing,
    "GET /auth/sessions": _nothing,
    "DELETE /auth/sessions/{sessao_id}": _session,
    "GET /auth/keys": _nothing,
    "POST /auth/keys": lambda _: {"json": {"nome": "chave nova", "role": "vendedor"}},
    "DELETE /auth/keys/{chave_id}": lambda who: {"at": new_key(who.team)["id"]},
    "GET /auth/me": _nothing,
    "PATCH /auth/me": lambda _: {"json": {"nome": "Nome Novo"}},
    "GET /users": _nothing,
    "GET /users/{usuario_id}": lambda who: {"at": who.team.colleague.id},
    "PATCH /users/{usuario_id}": lambda who: {
        "at": who.team.colleague.id,
        "json": {"nome": "Nome Novo"},
    },
    "POST /users/{usuario_id}/reset": lambda who: {"at": who.team.colleague.id},
    "GET /equipe": _nothing,
    "PATCH /equipe": lambda _: {"json": {"nome": "Equipe Nova"}},
    "GET /leads": lambda _: {"query_string": {"limite": 100, "total": 1}},
    "POST /leads": lambda _: {"json": {"nome": "Lead Novo"}},
    "POST /leads/search": lambda _: {"json": {"limite": 100, "total": True}},
    "GET /leads/{lead_id}": _lead,
    "PATCH /leads/{lead_id}": lambda who: _lead(who, nome="Nome Novo"),
    "DELETE /leads/{lead_id}": _lead,
    "GET /leads/{lead_id}/score": _lead,
    "POST /leads/import": lambda _: {"data": b"nome\nLead Novo\n", "content_type": "text/csv"},
    "GET /metrics": _nothing,
}
