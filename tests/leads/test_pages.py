"""Walking the list page by page, in every order."""

from typing import Any

import pytest
from sqlalchemy import Engine

from services.leads.fields import ORDER_NAMES
from tests.support.api import Member, Reply, Team
from tests.support.leads import all_leads, create, imported, rows, tie

FROM = "from leads l join lead_pontuacao p on p.equipe_id = l.equipe_id and p.lead_id = l.id"


@pytest.fixture
def sixty(team: Team, sql: Engine) -> Team:
    """Sixty leads with ties and gaps in everything that orders them."""
    lines = ["nome,valor,proximo_contato_em,origem,responsavel_id"]
    for n in range(60):
        value = "" if n % 4 == 0 else str(n % 5)
        promise = "" if n % 3 else f"2031-01-0{n % 7 + 1}"
        source = ("site", "lista", "indicação", "")[n % 4]
        owner = team.vendedor.id if n % 2 else ""
        lines.append(f"L{n:02},{value},{promise},{source},{owner}")
    assert imported(team.gestor.api, "\n".join(lines))["criados"] == 60
    tie(sql, team.equipe_id)
    return team


def page(member: Member, **query: Any) -> Reply:
    return member.api.get("/leads", query_string={"limite": 7, **query})


def walk(member: Member, **query: Any) -> list[int]:
    return [lead["id"] for lead in all_leads(member.api, limite=7, **query)]


@pytest.mark.parametrize("order", ORDER_NAMES)
@pytest.mark.parametrize("role", ["gestor", "vendedor"])
def test_every_order_is_walked_whole(sixty: Team, sql: Engine, order: str, role: str) -> None:
    member: Member = getattr(sixty, role)
    way = "desc" if order.startswith("-") else "asc"
    mine = "and l.responsavel_id = :u" if role == "vendedor" else "and :u = :u"
    column = order.lstrip("-").replace("valor", "valor_centavos")
    found = rows(
        sql,
        f"select l.id {FROM} where l.equipe_id = :e {mine} "
        f"order by {column} {way} nulls last, l.id {way}",
        e=sixty.equipe_id,
        u=member.id,
    )
    assert walk(member, ordenar=order) == [row[0] for row in found]


@pytest.mark.parametrize("order", ["valor", "-proximo_contato_em", "-score"])
def test_a_filtered_list_is_walked_whole(sixty: Team, order: str) -> None:
    member = sixty.gestor
    some = walk(member, ordenar=order, origem=["site", "lista"])
    sources = {lead["id"]: lead["origem"] for lead in all_leads(member.api)}
    assert len(some) == 30
    whole = [n for n in walk(member, ordenar=order) if sources[n] in ("site", "lista")]
    assert some == whole


def test_the_default_order_is_the_newest_first(sixty: Team) -> None:
    plain = page(sixty.gestor, limite=100).data["itens"]
    assert plain == page(sixty.gestor, limite=100, ordenar="-criado_em").data["itens"]
    assert [lead["id"] for lead in plain] == walk(sixty.gestor, ordenar="-criado_em")


def test_a_page_holds_what_limite_says(sixty: Team) -> None:
    for limite, expected in ((1, 1), (20, 20), (59, 59), (60, 60), (100, 60)):
        reply = page(sixty.gestor, limite=limite)
        assert len(reply.data["itens"]) == expected
        assert (reply.data["proximo"] is None) is (limite >= 60)
    assert len(sixty.gestor.api.get("/leads").data["itens"]) == 20


def test_the_total_comes_only_when_asked_for(sixty: Team) -> None:
    assert "total" not in page(sixty.gestor).data
    assert page(sixty.gestor, total=1).data["total"] == 60
    assert page(sixty.gestor, total=1, origem="site").data["total"] == 15
    assert page(sixty.gestor, total=1, faixa="frio", uf="SP").data["total"] == 0
    assert page(sixty.vendedor, total=1).data["total"] == 30


def test_an_empty_list_has_no_next_page(team: Team) -> None:
    assert page(team.gestor, total=1).data == {"itens": [], "proximo": None, "total": 0}


@pytest.mark.parametrize("order", ["criado_em", "-valor", "proximo_contato_em", "-score"])
def test_writes_during_a_walk_neither_lose_nor_repeat_the_rest(sixty: Team, order: str) -> None:
    api = sixty.gestor.api
    before = walk(sixty.gestor, ordenar=order)
    seen: list[int] = []
    reply = page(sixty.gestor, ordenar=order)
    gone = set()
    while True:
        ids = [lead["id"] for lead in reply.data["itens"]]
        seen += ids
        if reply.data["proximo"] is None:
            break
        # The last row of the page, which the cursor names, and one still to come.
        ahead = next((n for n in reversed(before) if n not in seen and n not in gone), ids[-1])
        for lead_id in {ids[-1], ahead}:
            assert api.delete(f"/leads/{lead_id}").status == 200
            gone.add(lead_id)
        create(api, valor="2.00")
        reply = page(sixty.gestor, ordenar=order, cursor=reply.data["proximo"])
    assert len(seen) == len(set(seen))
    survivors = [n for n in before if n not in gone]
    assert [n for n in seen if n in survivors] == survivors


def test_search_pages_like_the_list(sixty: Team) -> None:
    asked: dict[str, Any] = {"ordenar": "-valor", "limite": 25, "total": True}
    found = []
    while True:
        data = sixty.gestor.api.post("/leads/search", asked).data
        found += [lead["id"] for lead in data["itens"]]
        assert data["total"] == 60
        if data["proximo"] is None:
            break
        asked["cursor"] = data["proximo"]
    assert found == walk(sixty.gestor, ordenar="-valor")


@pytest.mark.parametrize(
    "other",
    [
        {"ordenar": "valor"},
        {"ordenar": "-criado_em"},
        {"ordenar": "-valor", "origem": "lista"},
        {"ordenar": "-valor", "origem": ["site", "lista"]},
        {"ordenar": "-valor"},
        {"ordenar": "-valor", "origem": "site", "q": "l"},
        {"ordenar": "-valor", "origem": "site", "criado_de": "2026-01-01"},
    ],
)
def test_a_cursor_is_good_for_its_own_list_alone(sixty: Team, other: dict[str, Any]) -> None:
    cursor = page(sixty.gestor, ordenar="-valor", origem="site").data["proximo"]
    assert page(sixty.gestor, ordenar="-valor", origem="site", cursor=cursor).status == 200
    reply = page(sixty.gestor, cursor=cursor, **other)
    assert (reply.status, reply.codigo) == (400, "CURSOR_INVALIDO")


def test_a_cursor_may_change_its_page_size(sixty: Team) -> None:
    cursor = page(sixty.gestor).data["proximo"]
    assert len(page(sixty.gestor, cursor=cursor, limite=100).data["itens"]) == 53


def test_a_cursor_is_good_for_its_own_view_alone(sixty: Team, other_team: Team) -> None:
    for giver, taker in (
        (sixty.gestor, other_team.gestor),
        (sixty.gestor, sixty.vendedor),
        (sixty.vendedor, sixty.gestor),
        (sixty.vendedor, sixty.colleague),
    ):
        reply = page(taker, cursor=page(giver).data["proximo"])
        assert (reply.status, reply.codigo) == (400, "CURSOR_INVALIDO")


def test_no_tampered_cursor_is_taken(sixty: Team) -> None:
    cursor = page(sixty.gestor).data["proximo"]
    flipped = [
        cursor[:at] + ("A" if cursor[at] != "A" else "B") + cursor[at + 1 :]
        for at in range(0, len(cursor), 5)
    ]
    for damaged in (
        *flipped,
        cursor[:-1],
        cursor + "A",
        cursor + "=",
        "x",
        "é",
        "\x00",
        "-" * 1_024,
    ):
        reply = page(sixty.gestor, cursor=damaged)
        assert (reply.status, reply.codigo) == (400, "CURSOR_INVALIDO"), damaged
    assert page(sixty.gestor, cursor="x" * 1_025).status == 422
