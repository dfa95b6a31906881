"""The queue as people see it: in the order of the offers, page by page."""

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.support.api import Api, Team
from tests.support.leads import create, imported, run
from tests.support.queues import claimed, drained, promise, release

HALF = {"id", "meu", "faixa", "score", "motivos", "lead", "retorno_em", "livre_em", "reservado"}


def whole(api: Api, limite: int = 100) -> list[dict[str, Any]]:
    asked: dict[str, Any] = {"limite": limite}
    found: list[dict[str, Any]] = []
    while True:
        reply = api.get("/queue", query_string=asked)
        assert reply.status == 200, reply.body
        found += reply.data["itens"]
        assert len(reply.data["itens"]) <= limite
        if reply.data["proximo"] is None:
            return found
        asked["cursor"] = reply.data["proximo"]


def ids(items: list[dict[str, Any]]) -> list[int]:
    return [item["id"] for item in items]


@pytest.fixture
def mixed(team: Team, sql: Engine) -> Team:
    """Leads of everybody: ready ones with ties, promises of every age, some that rest."""
    lines = ["nome,valor,responsavel_id"]
    for n in range(90):
        owner = ("", team.vendedor.id, team.colleague.id)[n % 3]
        # Ties among one person's leads; of a tie between two the claim gives the own one.
        lines.append(f"L{n:02},{n // 12 * 1000 + n % 3},{owner}")
    imported(team.gestor.api, "\n".join(lines))
    leads = ids(team.gestor.api.get("/leads?limite=100&ordenar=criado_em").data["itens"])
    for n, lead in enumerate(leads[:36]):
        hours = (-0.0004, -30, -30 - n, 5, 5 + n, -80)[n % 6]
        promise(sql, lead, f"now() + {hours} * interval '1 hour'")
    for n, lead in enumerate(leads[36:60]):
        rest = "now() + (:h) * interval '1 hour'"
        run(sql, f"update fila set livre_em = {rest} where lead_id = :id", h=n // 4 - 2, id=lead)
    return team


@pytest.mark.parametrize("limite", [1, 7, 100])
def test_the_list_is_the_order_of_the_offers(mixed: Team, limite: int) -> None:
    api = mixed.vendedor.api
    items = whole(api, limite)
    assert len(set(ids(items))) == len(items)
    given = drained(api)
    assert ids(items)[: len(given)] == given
    rest = items[len(given) :]
    assert all(item["livre_em"] or item["retorno_em"] for item in rest)
    assert rest


@pytest.mark.parametrize("limite", [7, 100])
def test_a_gestor_sees_all_of_it_in_full(mixed: Team, sql: Engine, limite: int) -> None:
    items = whole(mixed.gestor.api, limite)
    assert len(items) == 90
    assert ids(items) == ids(whole(mixed.gestor.api, 33))
    assert all(item["lead"]["id"] == item["id"] for item in items)
    assert not any(item["meu"] for item in items)


def test_only_leads_of_their_own_are_shown_in_full_to_a_vendedor(mixed: Team) -> None:
    owners = {
        lead["id"]: lead["responsavel_id"]
        for lead in mixed.gestor.api.get("/leads?limite=100").data["itens"]
    }
    for who in (mixed.vendedor, mixed.colleague):
        items = whole(who.api)
        for item in items:
            assert set(item) == HALF
            mine = owners[item["id"]] == who.id
            assert (item["meu"], item["lead"] is not None) == (mine, mine)
            if not mine and owners[item["id"]] is not None:  # missed by a colleague
                assert item["retorno_em"] is not None
        assert {owners[item["id"]] for item in items} == {who.id, None} | {
            owner for owner in owners.values() if owner not in (None, who.id)
        }
        some = next(item for item in items if item["meu"])
        assert some["lead"] == who.api.get(f"/leads/{some['id']}").data


def test_a_lead_that_is_held_says_so(team: Team) -> None:
    create(team.gestor.api)
    held = claimed(team.vendedor.api)
    (mine,), (theirs,) = whole(team.vendedor.api), whole(team.colleague.api)
    assert (mine["meu"], mine["reservado"], mine["lead"]["id"]) == (True, True, held)
    assert (theirs["meu"], theirs["reservado"], theirs["lead"]) == (False, True, None)
    release(team.vendedor.api, held)
    assert whole(team.vendedor.api) == whole(team.colleague.api)
    assert whole(team.vendedor.api)[0]["reservado"] is False


def test_a_cursor_is_of_one_view(mixed: Team, other_team: Team) -> None:
    cursor = mixed.vendedor.api.get("/queue?limite=1").data["proximo"]
    for stranger in (mixed.colleague, mixed.gestor, other_team.vendedor):
        reply = stranger.api.get("/queue", query_string={"cursor": cursor})
        assert (reply.status, reply.codigo) == (400, "CURSOR_INVALIDO")
    foreign = mixed.vendedor.api.get("/leads?limite=1").data["proximo"]
    assert mixed.vendedor.api.get(f"/queue?cursor={foreign}").status == 400
    assert mixed.vendedor.api.get("/queue?cursor=abc").status == 400


@pytest.mark.parametrize("query", ["limite=0", "limite=101", "limite=x", "ordenar=score"])
def test_other_questions_are_refused(team: Team, query: str) -> None:
    assert team.vendedor.api.get(f"/queue?{query}").status == 422
