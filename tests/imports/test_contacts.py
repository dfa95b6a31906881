"""Names in two columns and contacts in several: what a line makes of them. All are made up."""

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.support.api import Team
from tests.support.derived import check as check_derived
from tests.support.leads import all_leads, create, imported, upload

_MAPPING = {
    "colunas": {
        "Primeiro": "nome",
        "Último": "sobrenome",
        "Celular": "telefone",
        "Fixo": "contatos",
        "Outros": "contatos",
    }
}


def _contacts(team: Team, lead: dict[str, Any]) -> list[str]:
    """All of them in their order, the principal ones first."""
    return [each["valor"] for each in team.gestor.api.get(f"/leads/{lead['id']}").data["contatos"]]


def _only(team: Team) -> dict[str, Any]:
    (lead,) = all_leads(team.gestor.api)
    return lead


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("Ana", "Exemplo", "Ana Exemplo"),
        ("Ana", "", "Ana"),
        ("", "Exemplo", "Exemplo"),
        ("", "", "Sem nome"),
        ("Ana\\", "D'Exemplo\t", "Ana\\ D'Exemplo"),
    ],
)
def test_a_surname_is_joined_behind_the_name(team: Team, first: str, last: str, name: str) -> None:
    csv = f"Último;Primeiro;uf\n{last};{first};SP\n"
    mapping = {"colunas": {"Primeiro": "nome", "Último": "sobrenome"}}
    assert imported(team.gestor.api, csv, mapping)["criados"] == 1
    assert _only(team)["nome"] == name
    if last:
        found = all_leads(team.gestor.api, q=name.split()[-1])
        assert [lead["nome"] for lead in found] == [name]


def test_a_name_that_is_too_long_when_joined_rejects_its_line(team: Team) -> None:
    csv = f"Primeiro;Último\n{'a' * 100};{'b' * 100}\n"
    report = imported(
        team.gestor.api, csv, {"colunas": dict(list(_MAPPING["colunas"].items())[:2])}
    )
    assert [(e["campo"], e["codigo"]) for e in report["erros"]] == [("nome", "LONGO_DEMAIS")]


def test_a_header_sobrenome_is_an_attribute_unless_a_mapping_says_otherwise(team: Team) -> None:
    assert imported(team.gestor.api, "nome;sobrenome\nAna;Exemplo\n")["criados"] == 1
    assert _only(team)["atributos"] == {"sobrenome": "Exemplo"}


@pytest.mark.parametrize("part", ["sobrenome", "contatos"])
def test_what_is_joined_has_no_default(team: Team, part: str) -> None:
    reply = upload(team.gestor.api, "nome\nAna\n", {"padroes": {part: "x"}})
    assert (reply.status, reply.campos) == (422, {f"mapeamento.padroes.{part}": "VALOR_INVALIDO"})


@pytest.mark.parametrize(
    ("cells", "contacts"),
    [
        # The principal telephone and e-mail come first.
        (
            ("11987654321", "1137654321", "ana@exemplo.com.br"),
            "+5511987654321 ana@exemplo.com.br +551137654321",
        ),
        (("", "(11) 3765-4321", "(11) 98765-4321"), "+551137654321 +5511987654321"),
        (("11987654321", "11 98765-4321", "+55 11 98765-4321"), "+5511987654321"),
        (("", "", "BR.123456 | ANA@exemplo.com.br"), "ana@exemplo.com.br BR.123456"),
        (("(11) 98765-4321 / (11) 98765-4322", "", ""), "+5511987654321 +5511987654322"),
        (("11987654321; 1137654321", "(11) 99999-9999", "n/a"), "+5511987654321 +551137654321"),
        (("(11) 98765-4321 ou (11) 3765-4321", "", ""), "+5511987654321 +551137654321"),
    ],
)
def test_every_contact_of_a_line_is_the_lead_s(
    team: Team, sql: Engine, cells: tuple[str, ...], contacts: str
) -> None:
    row = ";".join(f'"{cell}"' for cell in cells)
    report = imported(team.gestor.api, f"Celular;Fixo;Outros;uf\n{row};SP\n", _columns())
    assert report["criados"] == 1, report
    assert _contacts(team, _only(team)) == contacts.split()
    check_derived(sql, team.equipe_id)


def _columns() -> dict[str, Any]:
    named = _MAPPING["colunas"]
    return {"colunas": {name: named[name] for name in ("Celular", "Fixo", "Outros")}}


def test_two_e_mails_in_a_cell(team: Team, sql: Engine) -> None:
    pairs = [
        "a@exemplo.com.br, b@exemplo.com.br",
        "c@exemplo.com.br d@exemplo.com.br",
        "Ana <e@exemplo.com.br>, Bia <f@exemplo.com.br>",
    ]
    csv = "email;uf\n" + "".join(f"{pair};SP\n" for pair in pairs)
    assert imported(team.gestor.api, csv)["criados"] == 3
    found = [_contacts(team, lead) for lead in all_leads(team.gestor.api)]
    assert sorted(found) == [
        ["a@exemplo.com.br", "b@exemplo.com.br"],
        ["c@exemplo.com.br", "d@exemplo.com.br"],
        ["e@exemplo.com.br", "f@exemplo.com.br"],
    ]
    check_derived(sql, team.equipe_id)


@pytest.mark.parametrize(
    "cell",
    [
        "teste@teste.com, ana@exemplo.com.br",
        "ana@exemplo.com.br | nao@tem.com.br",
        "x@x.com/ana@exemplo.com.br",
        "sem-email@exemplo.com.br ana@exemplo.com.br",
        "ana@exemplo.com.br,",
    ],
)
def test_beside_an_address_that_is_nobody_s_the_other_is_taken(team: Team, cell: str) -> None:
    assert imported(team.gestor.api, f"email;uf\n{cell};SP\n")["criados"] == 1
    assert _contacts(team, _only(team)) == ["ana@exemplo.com.br"]


def test_behind_a_mark_every_contact_is_the_lead_s(team: Team) -> None:
    csv = "Outros;uf\n'+5511999999999 | a@a.com | ana@exemplo.com.br;SP\n"
    imported(team.gestor.api, csv, {"colunas": {"Outros": "contatos"}})
    assert sorted(_contacts(team, _only(team))) == [
        "+5511999999999",
        "a@a.com",
        "ana@exemplo.com.br",
    ]


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        (("(47) 9998-8776/7", "", ""), "telefone"),
        (("11987654321", "ligar depois", ""), "contatos"),
        (("11987654321", "", "ana@"), "contatos"),
        (("11987654321", "", " ".join(f"a{n}@exemplo.com.br" for n in range(10))), "contatos"),
    ],
)
def test_a_contact_that_is_none_rejects_its_line(
    team: Team, cells: tuple[str, ...], field: str
) -> None:
    report = imported(team.gestor.api, f"Celular;Fixo;Outros\n{';'.join(cells)}\n", _columns())
    assert [error["campo"] for error in report["erros"]] == [field]
    assert all_leads(team.gestor.api) == []


@pytest.mark.parametrize(
    ("there", "cells", "contacts"),
    [
        # New ones are added behind those that there are, and what is known is not repeated.
        ({"telefone": "11987654321"}, ("", "1137654321", ""), "+5511987654321 +551137654321"),
        (
            {"telefone": "11987654321", "contatos": [{"tipo": "telefone", "valor": "1137654321"}]},
            ("", "1137654321", "1137654322"),
            "+5511987654321 +551137654321 +551137654322",
        ),
        # A lead without a principal one gets it, whose own is kept although the file names another.
        ({}, ("", "1137654321", ""), "+551137654321"),
        # The principal one that is replaced is not lost where the line names it.
        (
            {"telefone": "11987654321"},
            ("1137654321", "11987654321", ""),
            "+551137654321 +5511987654321",
        ),
    ],
)
def test_an_update_adds_contacts(
    team: Team, sql: Engine, there: dict[str, Any], cells: tuple[str, ...], contacts: str
) -> None:
    lead = create(team.gestor.api, id_externo="x1", **there)
    csv = f"id_externo;Celular;Fixo;Outros\nx1;{';'.join(cells)}\n"
    report = imported(team.gestor.api, csv, _columns(), duplicados="atualizar")
    assert (report["atualizados"], report["rejeitados"]) == (1, 0), report
    assert _contacts(team, lead) == contacts.split()
    assert team.gestor.api.get(f"/leads/{lead['id']}").data["versao"] == 2
    check_derived(sql, team.equipe_id)
    again = imported(team.gestor.api, csv, _columns(), duplicados="atualizar")
    assert again["atualizados"] == 0
    check_derived(sql, team.equipe_id)


def test_an_update_with_which_there_would_be_too_many_rejects_its_line(team: Team) -> None:
    many = [{"tipo": "email", "valor": f"a{n}@exemplo.com.br"} for n in range(9)]
    create(team.gestor.api, id_externo="x1", telefone="11987654321", contatos=many)
    csv = "id_externo;Fixo\nx1;1137654321\n"
    mapping = {"colunas": {"Fixo": "contatos"}}
    report = imported(team.gestor.api, csv, mapping, duplicados="atualizar")
    assert [error["campo"] for error in report["erros"]] == ["contatos"]
