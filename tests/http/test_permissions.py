"""Every route × every stranger, generated from the route table: nothing leaks, nothing moves.

A route that is missing in route_table.py fails the suite; so does one whose contract says
something else.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from app import contracts
from controllers.permissions import Access
from tests.api import Api, Reply, Team, open_team
from tests.http.route_table import FILES, HARM, MISSING, REFERENCES, ROUTES, SAME_ID

ACCESS = {
    "public": Access.PUBLIC,
    "optional": Access.OPTIONAL,
    "any": Access.ANY_ROLE,
    "gestor": Access.GESTOR,
}
STRANGERS = ("colleague", "other gestor", "other vendedor")
_CONVERTER = re.compile(r"<(?:[^<>:]+:)?([a-z_]+)>")


@dataclass
class World:
    """A victim equipe, strangers to one of its leads, and a lead of each stranger's own."""

    victim: Team
    callers: dict[str, Api]
    ids: dict[str, int]
    own: dict[str, int]
    cursor: str


def new_key(api: Api) -> dict[str, Any]:
    reply = api.post("/auth/keys", {"nome": "integração", "role": "gestor"})
    assert reply.status == 201, reply.body
    return reply.data


def served(app: Flask) -> set[str]:
    methods = {"GET", "POST", "PUT", "PATCH", "DELETE"}
    return {
        f"{method} {_CONVERTER.sub(r'{\1}', rule.rule)}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & methods
    }


def declared() -> dict[str, Any]:
    return {f"{c.method} {_CONVERTER.sub(r'{\1}', c.rule)}": c for c in contracts()}


def references() -> set[str]:
    """route × field of every id and cursor in the schemas."""
    return {
        f"{route} {field}"
        for route, contract in declared().items()
        for model in (contract.body, contract.query)
        for field in (model.model_fields if model else ())
        if re.search(r"(^|_)ids?$|^cursor$", field)
    }


@pytest.fixture(scope="module")
def world(app: Flask) -> World:
    victim, other = open_team(app), open_team(app)
    callers = {
        "colleague": victim.colleague.api,
        "other gestor": other.gestor.api,
        "other vendedor": other.vendedor.api,
    }
    created = [victim.vendedor.api.post("/leads", {"nome": f"Lead {n}"}).data for n in range(3)]
    own = {
        name: api.post("/leads", {"nome": "Próprio"}).data["id"] for name, api in callers.items()
    }
    return World(
        victim=victim,
        callers=callers,
        ids={
            "usuario_id": victim.vendedor.id,
            "lead_id": created[0]["id"],
            "chave_id": new_key(victim.gestor.api)["id"],
            "sessao_id": victim.vendedor.api.get("/auth/sessions").data["itens"][0]["id"],
        },
        own=own,
        cursor=victim.vendedor.api.get("/leads?limite=1").data["proximo"],
    )


@pytest.fixture
def untouched(world: World, sql: Engine) -> Callable[[], list[Any]]:
    """Everything that the victim's equipe owns, as it is now."""
    equipe_id = world.victim.equipe_id
    tables = ("leads", "lead_pontuacao", "usuarios", "etapas", "eventos", "importacoes", "chaves")
    owned = [f"select to_jsonb(t)::text from {t} t where equipe_id = :id" for t in tables]
    queries = [
        *owned,
        "select to_jsonb(e)::text from equipes e where id = :id",
        "select to_jsonb(s)::text from sessoes s join usuarios u on u.id = s.usuario_id "
        "where u.equipe_id = :id",
    ]

    def read() -> list[Any]:
        with sql.connect() as connection:
            return [
                sorted(connection.execute(text(query), {"id": equipe_id}).scalars())
                for query in queries
            ]

    return read


def attempt(api: Api, route: str, ident: int = MISSING, **headers: str) -> Reply:
    method, rule = route.split(" ")
    path = re.sub(r"\{[a-z_]+\}", str(ident), rule)
    return api.call(method, path, json=HARM.get(route), headers=SAME_ID | headers)


def test_every_route_is_classified(app: Flask) -> None:
    assert served(app) == set(ROUTES)


def test_every_contract_declares_its_classified_access(app: Flask) -> None:
    contracted = declared()
    assert {route: c.access for route, c in contracted.items()} == {
        route: ACCESS[ROUTES[route]] for route in contracted
    }
    # What has no contract has no guard either: pages and static files.
    assert {ROUTES[route] for route in served(app) - set(contracted)} == {"public"}


def test_every_route_with_an_id_and_a_body_is_attacked_with_one() -> None:
    assert set(HARM) == {r for r, c in declared().items() if "{" in r and c.body is not None}


def test_every_reference_in_a_query_or_a_body_is_attacked() -> None:
    assert references() == set(REFERENCES)


@pytest.mark.parametrize("route", [r for r in ROUTES if ROUTES[r] in ("any", "gestor")])
def test_a_stranger_without_token_is_refused(
    app: Flask, world: World, untouched: Callable[[], Any], route: str
) -> None:
    before = untouched()
    for ident in (*world.ids.values(), MISSING):
        reply = attempt(Api(app), route, ident)
        assert (reply.status, reply.codigo) == (401, "NAO_AUTENTICADO")
        assert "WWW-Authenticate" in reply.headers
    assert untouched() == before


@pytest.mark.parametrize("route", [r for r in ROUTES if ROUTES[r] in ("optional", "gestor")])
@pytest.mark.parametrize("who", ["owner", "colleague", "other vendedor"])
def test_a_vendedor_is_refused_where_only_a_gestor_works(
    world: World, untouched: Callable[[], Any], route: str, who: str
) -> None:
    """By his role alone: whether the row exists does not matter, not even on his own lead."""
    before = untouched()
    api = world.victim.vendedor.api if who == "owner" else world.callers[who]
    for ident in (*world.ids.values(), MISSING):
        reply = attempt(api, route, ident)
        assert (reply.status, reply.codigo) == (403, "PROIBIDO")
    assert untouched() == before


@pytest.mark.parametrize("route", [r for r in ROUTES if r in declared() and "{" in r])
@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("headers", [{}, {"If-Match": '"1"'}, {"If-None-Match": "*"}], ids=str)
def test_somebody_elses_id_reads_like_a_missing_one(
    world: World, untouched: Callable[[], Any], route: str, who: str, headers: dict[str, str]
) -> None:
    before, api = untouched(), world.callers[who]
    name = re.findall(r"\{([a-z_]+)\}", route)[0]
    foreign = attempt(api, route, world.ids[name], **headers)
    missing = attempt(api, route, MISSING, **headers)
    only_gestores = ROUTES[route] == "gestor" or route.startswith("PATCH /users/")
    assert foreign.status == (403 if only_gestores and who != "other gestor" else 404)
    assert (foreign.status, foreign.raw) == (missing.status, missing.raw)
    assert untouched() == before


@pytest.mark.parametrize("reference", [*REFERENCES, *FILES])
@pytest.mark.parametrize("who", STRANGERS)
def test_a_reference_to_somebody_elses_row_reads_like_one_to_none(
    world: World, untouched: Callable[[], Any], reference: str, who: str
) -> None:
    before, api, attack = untouched(), world.callers[who], (REFERENCES | FILES)[reference]
    named = {"usuario_id": (world.ids["usuario_id"], MISSING), "cursor": (world.cursor, "x.y")}
    foreign, missing = (attack.call(api, value, world.own[who]) for value in named[attack.name])
    assert (foreign.status, foreign.raw) == (missing.status, missing.raw)
    assert foreign.status >= 400 or not (foreign.data.get("itens") or foreign.data.get("criados"))
    assert untouched() == before


@pytest.mark.parametrize("path", ["/leads?total=1&limite=100", "/metrics"])
@pytest.mark.parametrize("who", STRANGERS)
def test_lists_and_figures_hold_nothing_of_somebody_elses(
    world: World, path: str, who: str
) -> None:
    data = world.callers[who].get(path).data
    assert data["total"] == (2 if who == "other gestor" else 1)
    assert "Lead 0" not in str(data)
