"""N/A, -, (11) 99999-9999: cells in which something stands and nothing is said."""

from typing import Any

import pytest

from tests.support.api import Team
from tests.support.leads import all_leads, create, imported, new_cpf

SAID_OF_NOTHING = ["N/A", "n/a", "NA", "NULL", "null", "-", "--", "–", ".", "#N/D", "#N/A", "#REF!"]
SAID_OF_NOBODY = [
    *SAID_OF_NOTHING,
    "0",
    "x",
    "XXX",
    "S/N",
    "nan",
    "Não informado",
    "NAO INFORMADA",
    "(não tem)",
    "sem cadastro",
    "desconhecido",
]
FILLERS = {
    "telefone": [
        "(11) 99999-9999",
        "11999999999",
        "+55 11 99999-9999",
        "(00) 0000-0000",
        "00000000000",
        "11111111111",
        "(21) 98888-8888",
        "sem telefone",
    ],
    "documento": [
        "000.000.000-00",
        "00000000000",
        "111.111.111-11",
        "99999999999",
        "00.000.000/0000-00",
        "123.456.789-09",
        "sem CPF",
    ],
    "email": [
        "teste@teste.com",
        "nao@tem.com.br",
        "naotem@gmail.com",
        "sem-email@gmail.com",
        "x@x.com",
        "não tem",
        "sem e-mail",
    ],
}
CASES = [
    *((field, cell) for field in ("id_externo", "cidade", "empresa") for cell in SAID_OF_NOBODY),
    *((field, cell) for field in FILLERS for cell in [*SAID_OF_NOTHING, *FILLERS[field]]),
    *((field, cell) for field in ("uf", "origem", "valor", "fechado_em") for cell in ("-", "N/A")),
]


@pytest.mark.parametrize(("field", "cell"), CASES)
def test_what_says_nothing_is_no_value_and_no_key(team: Team, field: str, cell: str) -> None:
    csv = f'nome,{field}\nUm,"{cell}"\nDois,"{cell}"\n'
    report = imported(team.gestor.api, csv, duplicados="erro")
    assert (report["criados"], report["erros"]) == (2, [])
    assert [lead[field] for lead in all_leads(team.gestor.api)] == [None, None]


@pytest.mark.parametrize("cell", SAID_OF_NOBODY)
def test_what_names_nobody_is_no_name(team: Team, cell: str) -> None:
    imported(team.gestor.api, f'nome,uf\n"{cell}",SP\n')
    assert [lead["nome"] for lead in all_leads(team.gestor.api)] == ["Sem nome"]


def test_what_says_nothing_overwrites_nothing(team: Team) -> None:
    lead = create(
        team.gestor.api,
        nome="Ana",
        documento=(document := new_cpf()),
        telefone="(11) 98765-4321",
        email="ana@exemplo.com.br",
        cidade="Lins",
        id_externo="crm-1",
        valor="10.00",
        etiquetas=["vip"],
        atributos={"cor": "azul"},
    )
    csv = (
        "documento,nome,telefone,email,cidade,id_externo,valor,etiquetas,cor\n"
        f"{document},Sem nome,(11) 99999-9999,nao@tem.com.br,N/A,NULL,-,--,#N/D\n"
    )
    report = imported(team.gestor.api, csv, duplicados="atualizar")
    assert (report["atualizados"], report["iguais"]) == (0, 1)
    assert team.gestor.api.get(f"/leads/{lead['id']}").data == lead


def test_a_default_and_the_mapping_say_what_such_a_cell_means(team: Team) -> None:
    mapping: dict[str, Any] = {
        "padroes": {"cidade": "Bauru", "empresa": "N/A"},
        "valores": {"origem": {"-": "lista"}, "produto": {"x": "N/A"}},
    }
    imported(team.gestor.api, "nome,cidade,origem,produto\nAna,N/A,-,x\n", mapping)
    (lead,) = all_leads(team.gestor.api)
    assert (lead["cidade"], lead["origem"]) == ("Bauru", "lista")
    assert (lead["empresa"], lead["produto"]) == ("N/A", "N/A")


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("nome", "Xavier"),
        ("nome", "Ana 0"),
        ("cidade", "Não-Me-Toque"),
        ("id_externo", "1"),
        ("id_externo", "99999999"),
        ("email", "joao@joao.com.br"),
        ("email", "nao@exemplo.com.br"),
        ("telefone", "(11) 98765-4321"),
        ("motivo_perda", "não informado"),
        ("origem", "X"),
        ("atributos.filhos", "nenhum"),
        ("atributos.casado", "x"),
        ("atributos.nota", "+"),
    ],
)
def test_what_somebody_may_mean_is_kept(team: Team, field: str, cell: str) -> None:
    etapa = "perdido" if field == "motivo_perda" else "novo"
    imported(team.gestor.api, f"uf,etapa,{field}\nSP,{etapa},{cell}\n")
    (lead,) = all_leads(team.gestor.api)
    kept = lead["atributos"][field[10:]] if field.startswith("atributos") else lead[field]
    assert kept == ("+5511987654321" if field == "telefone" else cell)


def test_zero_is_an_amount(team: Team) -> None:
    imported(team.gestor.api, "nome,valor,filhos\nA,0,0\n")
    (lead,) = all_leads(team.gestor.api)
    assert (lead["valor"], lead["atributos"]) == ("0.00", {"filhos": 0})


def test_a_name_that_nobody_sees_is_none(team: Team) -> None:
    imported(team.gestor.api, "nome,empresa,x\n\u200b\u2060,\u200b,\u200b\n")
    (lead,) = all_leads(team.gestor.api)
    assert (lead["nome"], lead["empresa"], lead["atributos"]) == ("Sem nome", None, {})
