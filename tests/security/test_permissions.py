"""Every route × every stranger, generated from the route table: nothing leaks, nothing moves.

A route that is missing in support/routes.py fails the suite; so does one whose contract says
something else.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from controllers.permissions import Access
from tests.support.actors import Actor, actor, new_key
from tests.support.api import Api, Reply, Team, open_team
from tests.support.attacks import MISSING, SAME_ID, Attack
from tests.support.jobs import ask
from tests.support.owned import rows_of
from tests.support.routes import ROUTES, declared, lets_in, plain

ACCESS = {
    "public": Access.PUBLIC,
    "optional": Access.OPTIONAL,
    "any": Access.ANY_ROLE,
    "gestor": Access.GESTOR,
}
ATTACKS = {
    f"{name} {field}": attack
    for name, route in ROUTES.items()
    for field, attack in {**route.references, **route.columns}.items()
}
# A key with the role vendedor belongs to the gestor who made it, not to the vendedor.
STRANGERS = (
    "colleague",
    "vendedor's key",
    "other gestor",
    "other vendedor",
    "other gestor's key",
    "other vendedor's key",
)


@dataclass
class World:
    """A victim equipe, strangers to one of its leads, and a lead of each stranger's own."""

    victim: Team
    callers: dict[str, Actor]
    ids: dict[str, int]
    own: dict[str, int]
    cursor: str


def served(app: Flask) -> set[str]:
    methods = {"GET", "POST", "PUT", "PATCH", "DELETE"}
    return {
        f"{method} {plain(rule.rule)}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & methods
    }


def references() -> set[str]:
    """route × field of every id and cursor in the schemas."""
    return {
        f"{route} {field}"
        for route, contract in declared().items()
        for model in (contract.body, contract.query)
        for field in (model.model_fields if model else ())
        if re.search(r"(^|_)ids?$|^cursor$|^depois$|^previa$|^responsaveis$", field)
    }


@pytest.fixture(scope="module")
def world(app: Flask) -> World:
    victim, other = open_team(app), open_team(app)
    callers = {
        "colleague": Actor(victim.colleague.api, "vendedor", False, victim.colleague, victim)
    }
    for who in STRANGERS[1:]:
        callers[who] = actor(app, other if "other" in who else victim, who.removeprefix("other "))
    created = [victim.vendedor.api.post("/leads", {"nome": f"Lead {n}"}).data for n in range(3)]
    own = {
        name: who.api.post("/leads", {"nome": "Próprio"}).data["id"]
        for name, who in callers.items()
    }
    note = {"tipo": "nota", "texto": "Só dele."}
    noted = victim.vendedor.api.post(f"/leads/{created[0]['id']}/activities", note)
    path = f"/leads/{created[1]['id']}/score/review"
    asked = victim.vendedor.api.post(path, {"motivo": "Só dele."})
    csv = {"data": b"nome\nLead\n", "content_type": "text/csv"}
    kept = victim.gestor.api.post("/leads/import/preview", **csv)
    waits = victim.gestor.api.post("/leads/import", headers={"Prefer": "respond-async"}, **csv)
    return World(
        victim=victim,
        callers=callers,
        ids={
            "usuario_id": victim.vendedor.id,
            "lead_id": created[0]["id"],
            "chave_id": new_key(victim)["id"],
            "trabalho_id": ask(victim.vendedor.api),
            "n": victim.gestor.api.post("/scores/rules/drafts", {}).data["n"],
            "atividade_id": noted.data["atividade"]["id"],
            "revisao_id": asked.data["id"],
            "previa": kept.data["previa"],
            "importacao_id": waits.data["id"],
            "sessao_id": victim.vendedor.api.get("/auth/sessions").data["itens"][0]["id"],
            "mes": MISSING,  # a month is no row: each equipe has all of them, and none but these
        },
        own=own,
        cursor=victim.vendedor.api.get("/leads?limite=1").data["proximo"],
    )


@pytest.fixture
def untouched(world: World, sql: Engine) -> Callable[[], list[Any]]:
    """Everything that the victim's equipe owns, as it is now."""
    equipe_id = world.victim.equipe_id
    return lambda: rows_of(sql, equipe_id)


def attempt(api: Api, route: str, ident: int = MISSING, **headers: str) -> Reply:
    method, rule = route.split(" ")
    path = re.sub(r"\{[a-z_]+\}", str(ident), rule)
    return api.call(method, path, json=ROUTES[route].harm, headers=SAME_ID | headers)


def test_every_route_is_classified(app: Flask) -> None:
    assert served(app) == set(ROUTES)


def test_every_contract_declares_its_classified_access(app: Flask) -> None:
    contracted = declared()
    assert {route: c.access for route, c in contracted.items()} == {
        route: ACCESS[ROUTES[route].access] for route in contracted
    }
    # What has no contract has no guard either: pages and static files.
    assert {ROUTES[route].access for route in served(app) - set(contracted)} == {"public"}


def test_every_route_with_an_id_and_a_body_is_attacked_with_one() -> None:
    attacked = {name for name, route in ROUTES.items() if route.harm}
    assert attacked == {r for r, c in declared().items() if "{" in r and c.body is not None}


def test_every_reference_in_a_query_or_a_body_is_attacked() -> None:
    attacked = {f"{name} {field}" for name, route in ROUTES.items() for field in route.references}
    assert references() == attacked


@pytest.mark.parametrize(
    "route", [name for name, route in ROUTES.items() if route.access in ("optional", "gestor")]
)
@pytest.mark.parametrize("who", ["owner", "colleague", "other vendedor"])
def test_a_vendedor_is_refused_where_only_a_gestor_works(
    world: World, untouched: Callable[[], Any], route: str, who: str
) -> None:
    """By the role alone: it does not matter whether the row exists or is the vendedor's own."""
    before = untouched()
    api = world.victim.vendedor.api if who == "owner" else world.callers[who].api
    for ident in (*world.ids.values(), MISSING):
        reply = attempt(api, route, ident)
        assert (reply.status, reply.codigo) == (403, "PROIBIDO")
    assert untouched() == before


@pytest.mark.parametrize("route", [r for r in ROUTES if r in declared() and "{" in r])
@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("headers", [{}, {"If-Match": '"1"'}, {"If-None-Match": "*"}], ids=str)
def test_an_id_of_another_user_or_equipe_reads_like_a_missing_one(
    world: World, untouched: Callable[[], Any], route: str, who: str, headers: dict[str, str]
) -> None:
    before, caller = untouched(), world.callers[who]
    name = re.findall(r"\{([a-z_]+)\}", route)[0]
    foreign = attempt(caller.api, route, world.ids[name], **headers)
    missing = attempt(caller.api, route, MISSING, **headers)
    admitted = lets_in(route, caller.role, machine=caller.machine)
    assert foreign.status == (404 if admitted else 403)
    assert (foreign.status, foreign.raw) == (missing.status, missing.raw)
    assert untouched() == before


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
@pytest.mark.parametrize("who", STRANGERS)
def test_a_reference_to_a_row_of_others_reads_like_one_to_no_row(
    world: World, untouched: Callable[[], Any], attack: Attack, who: str
) -> None:
    before, api = untouched(), world.callers[who].api
    named = {
        "usuario_id": (world.ids["usuario_id"], MISSING),
        "lead_id": (world.ids["lead_id"], MISSING),
        "previa": (world.ids["previa"], MISSING),
        "cursor": (world.cursor, "x.y"),
    }
    foreign, missing = (attack.call(api, value, world.own[who]) for value in named[attack.name])
    assert (foreign.status, foreign.raw) == (missing.status, missing.raw)
    done = [foreign.data.get(name) for name in ("itens", "criados", "alterados", "iguais")]
    assert foreign.status >= 400 or not any(done)
    assert untouched() == before
