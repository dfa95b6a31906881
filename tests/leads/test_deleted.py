"""Deleted leads leave every list but one, which is a gestor's."""

import pytest

from services.leads.fields import ORDER_NAMES
from tests.support.api import Api, Team
from tests.support.leads import create


def delete(api: Api, *ids: int) -> None:
    for lead_id in ids:
        assert api.delete(f"/leads/{lead_id}").status == 200


def deleted(api: Api, query: str = "") -> list[int]:
    reply = api.get(f"/leads?excluidos=1{query}")
    assert reply.status == 200, reply.body
    return [lead["id"] for lead in reply.data["itens"]]


def test_they_are_listed_apart_from_the_live_ones(team: Team, other_team: Team) -> None:
    api = team.gestor.api
    live, gone = create(api)["id"], create(api, nome="Apagado")["id"]
    delete(api, gone)
    delete(other_team.gestor.api, create(other_team.gestor.api)["id"])
    assert deleted(api) == [gone]
    assert [lead["id"] for lead in api.get("/leads").data["itens"]] == [live]
    assert [lead["id"] for lead in api.get("/leads?excluidos=0").data["itens"]] == [live]


def test_a_vendedor_may_not_list_them(team: Team) -> None:
    reply = team.vendedor.api.get("/leads?excluidos=1")
    assert (reply.status, reply.codigo) == (403, "PROIBIDO")


def test_filters_and_count_apply(team: Team) -> None:
    api = team.gestor.api
    one, two = create(api, origem="site")["id"], create(api, origem="lista")["id"]
    delete(api, one, two)
    assert deleted(api, "&origem=site") == [one]
    assert api.get("/leads?excluidos=1&total=1&limite=1").data["total"] == 2


@pytest.mark.parametrize("ordenar", ORDER_NAMES)
def test_every_order_walks_over_all_of_them(team: Team, ordenar: str) -> None:
    api = team.gestor.api
    gone = [create(api, **fields)["id"] for fields in ({}, {"valor": "10.00"}, {"valor": "2.00"})]
    create(api)
    delete(api, *gone)
    found: list[int] = []
    cursor = ""
    while cursor is not None:
        page = api.get(f"/leads?excluidos=1&limite=1&ordenar={ordenar}{cursor}").data
        found += [lead["id"] for lead in page["itens"]]
        cursor = page["proximo"] and f"&cursor={page['proximo']}"
    assert sorted(found) == gone


def test_a_cursor_of_one_list_opens_no_other(team: Team) -> None:
    api = team.gestor.api
    create(api)
    create(api)
    cursor = api.get("/leads?limite=1").data["proximo"]
    reply = api.get(f"/leads?excluidos=1&limite=1&cursor={cursor}")
    assert (reply.status, reply.codigo) == (400, "CURSOR_INVALIDO")
