"""GET /scores/reviews: whose they are, in which state, page by page."""

from typing import Any

import pytest

from tests.support.api import Api, Team
from tests.support.leads import create
from tests.support.reviews import asked, decide, listed


def reviews(team: Team, owner: Api, count: int) -> list[int]:
    """Of a person's own leads, the oldest first."""
    return [asked(owner, create(owner)["id"])["id"] for _ in range(count)]


def test_a_vendedor_sees_those_of_their_leads_and_a_gestor_all(team: Team) -> None:
    mine = reviews(team, team.vendedor.api, 2)
    theirs = reviews(team, team.colleague.api, 1)
    assert listed(team.vendedor.api) == mine[::-1]
    assert listed(team.colleague.api) == theirs
    assert listed(team.gestor.api) == [*theirs, *mine[::-1]]
    lead = team.gestor.api.get("/scores/reviews").data["itens"][0]["lead_id"]
    given = {"responsavel_id": team.vendedor.id}
    assert team.gestor.api.post(f"/leads/{lead}/assign", given).status == 200
    assert listed(team.vendedor.api) == [*theirs, *mine[::-1]]
    assert listed(team.colleague.api) == []


def test_reviews_are_found_by_their_states(team: Team) -> None:
    api = team.gestor.api
    first, second, third = reviews(team, api, 3)
    assert decide(api, first).status == decide(api, second, "corrigida").status == 200
    assert listed(api, estado="aberta") == [third]
    assert listed(api, estado="mantida") == [first]
    assert listed(api, estado=["corrigida", "mantida"]) == [second, first]
    assert listed(api, estado=["aberta", "aberta"]) == [third]
    assert listed(api) == [third, second, first]


@pytest.mark.parametrize("who", ["gestor", "vendedor"])
@pytest.mark.parametrize("query", [{}, {"estado": "aberta"}])
def test_every_review_is_on_one_page(team: Team, who: str, query: dict[str, Any]) -> None:
    api = getattr(team, who).api
    made = reviews(team, api, 5)
    found: list[int] = []
    asked_for: dict[str, Any] = {"limite": 2, **query}
    while True:
        page = api.get("/scores/reviews", query_string=asked_for).data
        found += [each["id"] for each in page["itens"]]
        if page["proximo"] is None:
            break
        asked_for["cursor"] = page["proximo"]
    assert found == made[::-1]


def test_a_cursor_is_of_one_list_and_one_person(team: Team) -> None:
    reviews(team, team.vendedor.api, 2)
    path = "/scores/reviews?limite=1"
    cursor = team.vendedor.api.get(path).data["proximo"]
    assert team.vendedor.api.get(f"{path}&cursor={cursor}").status == 200
    for api, query in (
        (team.vendedor.api, f"{path}&estado=aberta"),
        (team.gestor.api, path),
        (team.vendedor.api, "/queue?limite=1"),
    ):
        reply = api.get(f"{query}&cursor={cursor}")
        assert (reply.status, reply.codigo) == (400, "CURSOR_INVALIDO")


@pytest.mark.parametrize(
    "query", ["estado=decidida", "estado=", "limite=0", "limite=101", "lead_id=1", "cursor="]
)
def test_a_list_that_cannot_be_is_refused(team: Team, query: str) -> None:
    assert team.gestor.api.get(f"/scores/reviews?{query}").status in (400, 422)
