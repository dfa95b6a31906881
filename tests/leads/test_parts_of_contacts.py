"""Leads by how a phone ends or an e-mail begins: among all their contacts, in the body alone."""

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.support.api import Reply, Team
from tests.support.leads import create, imported, run


def searched(team: Team, who: str = "gestor", **body: Any) -> list[str]:
    """The names that are found, in the order of the list."""
    reply = getattr(team, who).api.post("/leads/search", {"limite": 100, **body})
    assert reply.status == 200, reply.body
    return [lead["nome"] for lead in reply.data["itens"]]


@pytest.fixture
def four(team: Team) -> Team:
    api = team.gestor.api
    create(api, nome="A", telefone="(11) 98765-4321", email="maria@exemplo.com.br", uf="SP")
    create(api, nome="B", telefone="(21) 3333-4321", email="Maria.Silva@exemplo.com.br", uf="RJ")
    others = [
        {"tipo": "telefone", "valor": "+1 212 555 4321"},
        {"tipo": "email", "valor": "mariana@exemplo.com.br"},
    ]
    create(api, nome="C", telefone="(11) 91111-1111", contatos=others, uf="SP")
    create(api, nome="D", telefone="(11) 98765-4322", email="ana_maria@exemplo.com.br")
    return team


@pytest.mark.parametrize(
    ("end", "names"),
    [
        ("4321", "CBA"),
        (" 4321 ", "CBA"),
        ("54321", "CA"),
        ("33334321", "B"),
        ("98765432", ""),
        ("87654321", "A"),
        ("87654322", "D"),
        ("0000", ""),
    ],
)
def test_by_the_end_of_a_phone(four: Team, end: str, names: str) -> None:
    assert "".join(searched(four, telefone_final=end)) == names


@pytest.mark.parametrize(
    ("start", "names"),
    [
        ("maria", "CBA"),
        ("MARIA", "CBA"),
        ("maria@", "A"),
        ("maria.", "B"),
        ("ｍaria.s", "B"),
        ("mariana@exemplo.com.br", "C"),
        ("mariana@exemplo.com.brx", ""),
        ("ana_", "D"),
        ("ana%", ""),
        ("a", "D"),
    ],
)
def test_by_the_beginning_of_an_email(four: Team, start: str, names: str) -> None:
    assert "".join(searched(four, email_inicio=start)) == names


def test_an_old_mobile_ends_as_it_is_dialled_today(team: Team) -> None:
    create(team.gestor.api, nome="Antigo", telefone="11 8765-4321")
    assert searched(team, telefone_final="87654321") == ["Antigo"]


def test_they_are_joined_with_other_filters_and_orders(four: Team) -> None:
    assert searched(four, telefone_final="4321", uf=["SP"]) == ["C", "A"]
    assert searched(four, telefone_final="4321", email_inicio="maria.") == ["B"]
    assert searched(four, email_inicio="maria", q="c") == ["C"]
    assert searched(four, email_inicio="maria", ordenar="criado_em") == ["A", "B", "C"]
    assert searched(four, telefone_final="4321", ordenar="-valor") == ["C", "B", "A"]
    assert len(searched(four, telefone_final="4321", ordenar="score")) == 3
    assert searched(four, telefone_final="4321", telefone="(11) 98765-4321") == ["A"]


def test_they_page_and_count(team: Team) -> None:
    lines = "".join(f"L{n:02},119{n:04}4321,x{n}@exemplo.com.br\n" for n in range(25))
    assert imported(team.gestor.api, f"nome,telefone,email\n{lines}")["criados"] == 25
    for body in ({"telefone_final": "4321"}, {"email_inicio": "x"}):
        asked: dict[str, Any] = {**body, "ordenar": "criado_em", "limite": 10, "total": True}
        names = []
        while True:
            data = team.gestor.api.post("/leads/search", asked).data
            assert data["total"] == 25
            names += [lead["nome"] for lead in data["itens"]]
            if data["proximo"] is None:
                break
            asked["cursor"] = data["proximo"]
        assert names == [f"L{n:02}" for n in range(25)]


def test_a_cursor_is_of_one_end_alone(four: Team) -> None:
    post = four.gestor.api.post
    cursor = post("/leads/search", {"telefone_final": "4321", "limite": 1}).data["proximo"]
    asked = {"telefone_final": "4322", "limite": 1, "cursor": cursor}
    assert post("/leads/search", asked).codigo == "CURSOR_INVALIDO"


def test_who_sees_a_lead_finds_it(four: Team, other_team: Team, sql: Engine) -> None:
    create(four.vendedor.api, nome="V", telefone="(11) 97777-4321", email="maria9@exemplo.com.br")
    assert searched(four, "vendedor", telefone_final="4321") == ["V"]
    assert searched(four, "vendedor", email_inicio="maria") == ["V"]
    assert searched(four, "colleague", telefone_final="4321") == []
    assert searched(other_team, telefone_final="4321") == []
    assert searched(other_team, email_inicio="maria") == []


def test_what_is_no_longer_there_is_not_found(four: Team, sql: Engine) -> None:
    retired = (
        "update lead_contatos set retirado_em = now() "
        "where equipe_id = :e and valor = '+12125554321'"
    )
    run(sql, retired, e=four.equipe_id)
    assert searched(four, telefone_final="4321") == ["B", "A"]
    (lead,) = four.gestor.api.post("/leads/search", {"email_inicio": "maria@"}).data["itens"]
    assert four.gestor.api.patch(f"/leads/{lead['id']}", {"telefone": None}).status == 200
    assert searched(four, telefone_final="4321") == ["B"]
    assert four.gestor.api.delete(f"/leads/{lead['id']}").status == 200
    assert searched(four, email_inicio="maria") == ["C", "B"]


def refused(reply: Reply) -> dict[str, str]:
    assert reply.status == 422, reply.body
    return reply.campos


@pytest.mark.parametrize(
    ("end", "codigo"),
    [
        ("", "VALOR_INVALIDO"),
        ("432", "CURTO_DEMAIS"),
        ("987654321", "LONGO_DEMAIS"),
        ("5-4321", "VALOR_INVALIDO"),
        ("43 21", "VALOR_INVALIDO"),
        ("4321\x00", "VALOR_INVALIDO"),
        ("٤٣٢١", "VALOR_INVALIDO"),
        ("%%%%", "VALOR_INVALIDO"),
        (4321, "TIPO_INVALIDO"),
        (["4321"], "TIPO_INVALIDO"),
    ],
)
def test_an_end_has_four_to_eight_digits(team: Team, end: Any, codigo: str) -> None:
    reply = team.gestor.api.post("/leads/search", {"telefone_final": end})
    assert refused(reply) == {"telefone_final": codigo}


@pytest.mark.parametrize(
    ("start", "codigo"),
    [
        ("", "CURTO_DEMAIS"),
        (" ", "OBRIGATORIO"),
        ("maria silva", "EMAIL_INVALIDO"),
        ("maria\tx", "EMAIL_INVALIDO"),
        ("\U0010fffd", "EMAIL_INVALIDO"),
        ("a" * 255, "LONGO_DEMAIS"),
        ("a\x00", "TEXTO_INVALIDO"),
        (5, "TIPO_INVALIDO"),
    ],
)
def test_a_beginning_is_one_of_an_address(team: Team, start: Any, codigo: str) -> None:
    reply = team.gestor.api.post("/leads/search", {"email_inicio": start})
    assert refused(reply) == {"email_inicio": codigo}


def test_parts_are_personal_too_and_no_query_parameters(team: Team) -> None:
    for name in ("telefone_final", "email_inicio"):
        reply = team.gestor.api.get("/leads", query_string={name: "4321"})
        assert refused(reply) == {name: "CAMPO_DESCONHECIDO"}
