"""Callers of every kind, and the rows that their calls are about."""

from dataclasses import dataclass
from typing import Any

from flask import Flask

from tests.support.api import Api, Member, Team, new_email, sign_in

WHO = ("gestor", "vendedor", "gestor's key", "vendedor's key")


@dataclass(frozen=True)
class Actor:
    """A person of an equipe, or a key that acts for one with a role."""

    api: Api
    role: str
    machine: bool
    person: Member
    team: Team


def kind(who: str) -> tuple[str, bool]:
    """The role of a caller, and whether they are a key."""
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


def new_member() -> dict[str, Any]:
    """A body of POST /auth/register without a password."""
    return {"nome": "Pessoa Nova", "email": new_email("nova"), "role": "vendedor"}


def refresh_token(who: Actor) -> str:
    """Of a session of its own: the caller's goes on."""
    return sign_in(who.api.app, who.person.email).refresh_token


def activation_code(who: Actor) -> str:
    return who.team.gestor.api.post("/auth/register", new_member()).data["codigo_ativacao"]


def session_id(who: Actor) -> int:
    return who.person.api.get("/auth/sessions").data["itens"][0]["id"]


def lead_id(who: Actor) -> int:
    """A lead that the caller's person is responsible for."""
    new = {"nome": "Lead Próprio", "responsavel_id": who.person.id}
    return who.person.api.post("/leads", new).data["id"]


def activity(who: Actor) -> dict[str, Any]:
    """A note that the caller wrote about such a lead."""
    reply = who.api.post(f"/leads/{lead_id(who)}/activities", {"tipo": "nota", "texto": "Anotado."})
    assert reply.status == 201, reply.body
    return reply.data["atividade"]


def import_id(who: Actor, **headers: str) -> int:
    """An import of the equipe with a line that was rejected; with `Prefer` one that waits."""
    csv = {"data": b"nome,uf\nLead,XX\n", "content_type": "text/csv"}
    reply = who.team.gestor.api.post("/leads/import", headers=headers, **csv)
    assert reply.status in (200, 202), reply.body
    return reply.data["id"]


def review(who: Actor) -> dict[str, Any]:
    """A review of such a lead's score that the caller's person asked for."""
    path = f"/leads/{lead_id(who)}/score/review"
    reply = who.person.api.post(path, {"motivo": "Já pagou a dívida."})
    assert reply.status == 201, reply.body
    return reply.data
