"""The first line of a file: its delimiter, its names, and what may stand behind them."""

import json
from io import BytesIO

import pytest

from tests.support.api import Team
from tests.support.leads import all_leads, create, imported, new_cpf, upload
from tests.support.previews import preview
from tests.support.workbooks import sheet_of


def test_headers_are_known_by_their_names_however_they_are_written(team: Team) -> None:
    csv = (
        "Nome;TELEFONE;E-mail;Renda Mensal;id-externo;Próximo contato em;Cidade \n"
        "Ana;(11) 98765-4321;Ana@Exemplo.com.br;1.500;7;01/08/2026;Lins\n"
    )
    assert imported(team.gestor.api, csv)["criados"] == 1
    (lead,) = all_leads(team.gestor.api)
    assert (lead["nome"], lead["telefone"]) == ("Ana", "+5511987654321")
    assert (lead["email"], lead["renda_mensal"]) == ("ana@exemplo.com.br", "1500.00")
    assert (lead["id_externo"], lead["cidade"]) == ("7", "Lins")
    assert lead["proximo_contato_em"].startswith("2026-08-01T03")
    assert lead["atributos"] == {}


def test_a_cell_beneath_such_a_header_is_checked(team: Team) -> None:
    report = imported(team.gestor.api, "Nome;E-mail\nAna;sem-arroba\n")
    assert [(e["campo"], e["codigo"]) for e in report["erros"]] == [("email", "EMAIL_INVALIDO")]


@pytest.mark.parametrize("csv", ["Nome,nome\nOutro,Ana\n", "nome,Nome\nAna,Outro\n"])
def test_the_exact_name_wins(team: Team, csv: str) -> None:
    imported(team.gestor.api, csv)
    (lead,) = all_leads(team.gestor.api)
    assert (lead["nome"], lead["atributos"]) == ("Ana", {"Nome": "Outro"})


def test_a_mapping_wins_over_a_name(team: Team) -> None:
    csv = "quem,Nome,Cidade\nAna,Outro,Lins\n"
    imported(team.gestor.api, csv, {"colunas": {"quem": "nome", "Cidade": None}})
    (lead,) = all_leads(team.gestor.api)
    assert (lead["nome"], lead["cidade"]) == ("Ana", None)
    assert lead["atributos"] == {"Nome": "Outro"}


def test_a_mapping_may_write_a_header_otherwise(team: Team) -> None:
    mapping = {"colunas": {"NOME  completo": "nome", "e-mail": None}}
    csv = "Nome Completo;E-mail;Cidade\nAna;ana@exemplo.com.br;Lins\n"
    report = imported(team.gestor.api, csv, mapping)
    assert report["colunas"] == [
        {"coluna": "Nome Completo", "campo": "nome"},
        {"coluna": "E-mail", "campo": None},
        {"coluna": "Cidade", "campo": "cidade"},
    ]
    # Of two columns that are written alike, the one that is meant is named word for word.
    mapping = {"colunas": {"NOME": "cidade", "nome": "nome"}}
    imported(team.gestor.api, "Nome,nome\nLins,Rui\n", mapping)
    assert [(lead["nome"], lead["cidade"]) for lead in all_leads(team.gestor.api)] == [
        ("Ana", "Lins"),
        ("Rui", "Lins"),
    ]


@pytest.mark.parametrize("name", ["fone", "NÔME 2", ""])
def test_a_mapping_of_a_column_that_is_not_there_is_refused(team: Team, name: str) -> None:
    reply = upload(team.gestor.api, "Nome\nAna\n", {"colunas": {name: "cidade"}})
    assert (reply.status, list(reply.campos)) == (422, [f"mapeamento.colunas.{name}".strip(".")])


def test_two_headers_that_say_the_same_are_refused(team: Team) -> None:
    reply = upload(team.gestor.api, "Nome,NOME\nA,B\n")
    assert (reply.status, list(reply.campos)) == (422, ["mapeamento.colunas"])


def test_there_are_no_synonyms_and_what_the_server_sets_is_no_name(team: Team) -> None:
    imported(team.gestor.api, "Celular,Nome completo,ID,uf\n1,Ana,9,SP\n")
    (lead,) = all_leads(team.gestor.api)
    assert lead["nome"] == "Sem nome"
    assert lead["atributos"] == {"Celular": 1, "Nome completo": "Ana", "ID": 9}


@pytest.mark.parametrize("csv", ["nome;uf;\nA;SP;\n", "nome;uf;;;\nA;SP; ;;\nB;RJ\n"])
def test_unnamed_columns_at_the_end_are_left_out(team: Team, csv: str) -> None:
    report = imported(team.gestor.api, csv)
    assert (report["criados"], report["erros"]) == (csv.count("\n") - 1, [])
    first = all_leads(team.gestor.api)[0]
    assert (first["nome"], first["uf"], first["atributos"]) == ("A", "SP", {})


def test_a_value_beneath_an_unnamed_column_is_the_lines_fault(team: Team) -> None:
    report = imported(team.gestor.api, "nome;uf;;\nA;SP;;x\nB;SP;;\nC\nD;SP;;;x\n")
    assert (report["criados"], report["rejeitados"]) == (1, 3)
    assert [(e["linha"], e["codigo"]) for e in report["erros"]] == [
        (2, "COLUNAS_DEMAIS"),
        (4, "COLUNAS_DEMAIS"),
        (5, "COLUNAS_DEMAIS"),
    ]
    first, second, third = (e["mensagem"] for e in report["erros"])
    assert "coluna 4" in first and "não tem nome" in first
    assert "1 colunas" in second and "5 colunas" in third


def test_blank_cells_beyond_the_header_are_nothing(team: Team) -> None:
    report = imported(team.gestor.api, "nome;uf\nA;SP;\nB;RJ; ;;\nC;\nD\n;\n")
    assert (report["criados"], [e["linha"] for e in report["erros"]]) == (3, [5])


@pytest.mark.parametrize("lines", ["\n", "\n\n", "\n" * 9])
def test_a_name_may_have_several_lines(team: Team, lines: str) -> None:
    csv = f'"Nome{lines}completo";Telefone\n"Ana, a ""Bia""";11987654321\n"Rui;Dias";1\n'
    report = imported(team.gestor.api, csv)
    assert report["delimitador"] == ";"
    assert report["colunas"][1] == {"coluna": "Telefone", "campo": "telefone"}
    assert [error["linha"] for error in report["erros"]] == [3 + len(lines)]
    assert [lead["telefone"] for lead in all_leads(team.gestor.api)] == ["+5511987654321"]


def test_a_quote_that_closes_nowhere_in_a_header_says_nothing_of_the_delimiter(team: Team) -> None:
    reply = upload(team.gestor.api, '"nome;uf\nA,B,C,D;SP\n')
    assert (reply.status, "linha 1" in reply.message) == (422, True)


@pytest.mark.parametrize("char", [";", "\t", "|"])
def test_a_header_of_one_name_does_not_swallow_the_table(team: Team, char: str) -> None:
    rows = [["Ana", "11987654321", "ana@exemplo.com.br"], ["Rui, Dias", "", ""], ["Só um"]]
    csv = "nome\n\n" + "".join(f"{char.join(row)}\n" for row in rows)
    for reply in (upload(team.gestor.api, csv), preview(team.gestor.api, csv)):
        assert (reply.status, reply.codigo) == (422, "ARQUIVO_INVALIDO")
        assert "linha 3" in reply.message and "há 3" in reply.message
    assert all_leads(team.gestor.api) == []


def test_one_column_may_have_cells_of_several_things(team: Team) -> None:
    csv = "email\na@exemplo.com.br;b@exemplo.com.br\nc@exemplo.com.br\nd@exemplo.com.br\n"
    assert imported(team.gestor.api, csv)["criados"] == 3
    file = sheet_of(["email"], *(["e@exemplo.com.br;f@exemplo.com.br"],))
    assert imported(team.gestor.api, file)["criados"] == 1


def test_an_unnamed_column_elsewhere_is_refused_once(team: Team) -> None:
    reply = upload(team.gestor.api, "nome;;uf\nA;x;SP\n")
    assert (reply.status, list(reply.campos)) == (422, ["arquivo"])
    assert len(reply.data["erros"]) == 1


@pytest.mark.parametrize(
    "csv",
    [
        "sep=;\nnome;uf\nA, B;SP\n",
        "\ufeffsep=;\r\nnome;uf\r\nA, B;SP\r\n",
        'SEP=,\nnome,uf\n"A, B",SP\n',
        '"sep=;"\nnome,inteiro;uf\nA, B;SP\n',
    ],
)
def test_the_line_that_names_the_delimiter_is_no_header(team: Team, csv: str) -> None:
    assert imported(team.gestor.api, csv)["criados"] == 1
    (lead,) = all_leads(team.gestor.api)
    assert "A, B" in (lead["nome"], lead["atributos"].get("nome,inteiro"))
    assert lead["uf"] == "SP"


def test_lines_are_numbered_behind_the_line_that_names_the_delimiter(team: Team) -> None:
    report = imported(team.gestor.api, "sep=;\nnome;uf\nA;SP\nB;XX\n")
    assert [e["linha"] for e in report["erros"]] == [4]


@pytest.mark.parametrize("char", [",", ";", "\t", "|"])
def test_a_header_of_delimiters_is_refused_before_anything_is_made_of_it(
    team: Team, char: str
) -> None:
    for header in (char * 5_000_000, "nome" + char * 500, char.join(f"c{n}" for n in range(501))):
        reply = upload(team.gestor.api, header + "\nA\n")
        assert (reply.status, reply.codigo) == (422, "ARQUIVO_INVALIDO")
        assert "500" in reply.message


def test_five_hundred_columns_are_taken(team: Team) -> None:
    names = ["nome", *(f"c{n}" for n in range(499))]
    mapping = {"colunas": {name: None for name in names[1:]}}
    reply = team.gestor.api.call(
        "POST",
        "/leads/import",
        data={
            "arquivo": (BytesIO((",".join(names) + "\nA" + "," * 499 + "\n").encode()), "a.csv"),
            "mapeamento": json.dumps(mapping),
        },
        content_type="multipart/form-data",
    )
    assert (reply.status, reply.data["criados"]) == (200, 1)


def test_blank_rows_are_no_lines(team: Team) -> None:
    create(team.gestor.api, documento=(document := new_cpf()))
    csv = f"nome;documento;uf\n;;\n  ; ;\u00a0\n;\n  \nA;{document};\n;;\n"
    report = imported(team.gestor.api, csv, {"padroes": {"cidade": "Lins"}}, duplicados="erro")
    assert (report["linhas"], report["criados"], report["rejeitados"]) == (1, 0, 1)
    assert [e["linha"] for e in report["erros"]] == [6]
