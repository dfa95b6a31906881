"""A file is understood by its columns, or refused; every reply says which field each one is."""

from typing import Any

import pytest

from tests.support.api import Team
from tests.support.leads import all_leads, imported, upload


@pytest.mark.parametrize(
    ("csv", "named"),
    [
        ("Nome completo;Celular;Estado\nAna;11 98765-4321;SP\n", "Nome completo, Celular, Estado"),
        ("Ana Souza;11 98765-4321;SP\nBia Souza;11 98765-4322;RJ\n", "Ana Souza"),
        ("col1,col2\n1,2\n", "col1, col2"),
        ("id,score\n1,2\n", "id, score"),
        ("Clientes\nAna\n", "Clientes"),
    ],
)
@pytest.mark.parametrize("dry_run", [0, 1])
def test_a_file_of_which_no_column_is_known_is_refused(
    team: Team, csv: str, named: str, dry_run: int
) -> None:
    reply = upload(team.gestor.api, csv, dry_run=dry_run)
    assert (reply.status, reply.codigo) == (422, "ARQUIVO_INVALIDO")
    assert named in reply.message
    assert reply.campos == {"arquivo": "CAMPO_DESCONHECIDO"}
    assert all_leads(team.gestor.api) == []


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Leads de outubro;;\n", 2),
        ("Leads de outubro\n", 2),
        ("Relatório;01/10/2025;\n\n;;\n", 4),
        ('"Leads, outubro";;\n', 2),
    ],
)
def test_a_title_above_the_header_is_told(team: Team, title: str, line: int) -> None:
    reply = upload(team.gestor.api, title + "Nome;E-mail;UF\nAna;ana@exemplo.com.br;SP\n")
    assert reply.status == 422
    assert f"linha {line}" in reply.message or "uma só célula" in reply.message
    assert all_leads(team.gestor.api) == []


@pytest.mark.parametrize(
    "csv",
    [
        '"nome;telefone;uf"\n"Ana;11 98765-4321;SP"\n',
        '"nome,telefone,uf"\n"Ana,11 98765-4321,SP"\n',
        '"nome,""telefone"",uf"\n"Ana,""11 98765-4321"",SP"\n',
        '"nome,telefone,uf";;\n"Ana,11 98765-4321,SP";;\n',
        "sep=,\nnome;telefone;uf\nAna;11 98765-4321;SP\n",
    ],
)
def test_whole_lines_in_one_cell_are_refused(team: Team, csv: str) -> None:
    reply = upload(team.gestor.api, csv)
    assert (reply.status, reply.codigo) == (422, "ARQUIVO_INVALIDO")
    assert "uma só célula" in reply.message
    assert all_leads(team.gestor.api) == []


def test_lines_in_quotes_below_a_header_without_are_told(team: Team) -> None:
    report = imported(team.gestor.api, 'nome;telefone;uf\n"Ana;11 98765-4321;SP"\n')
    assert [(e["linha"], e["codigo"]) for e in report["erros"]] == [(2, "COLUNAS_DEMAIS")]


def test_one_known_column_is_enough(team: Team) -> None:
    for csv, mapping in (
        ("Nome completo;UF\nAna;SP\n", None),
        ("Nome completo\nAna\n", {"colunas": {"Nome completo": "nome"}}),
        ("Profissão\nAna\n", {"colunas": {"Profissão": "atributos.profissao"}}),
    ):
        assert imported(team.gestor.api, csv, mapping)["criados"] == 1


@pytest.mark.parametrize("dry_run", [0, 1])
def test_every_reply_says_what_became_of_each_column(team: Team, dry_run: int) -> None:
    csv = "Nome;Celular;id;foto;y;\nAna;1;2;3;SP;\n"
    mapping: dict[str, Any] = {"colunas": {"foto": None, "y": "uf"}}
    assert imported(team.gestor.api, csv, mapping, dry_run=dry_run)["colunas"] == [
        {"coluna": "Nome", "campo": "nome"},
        {"coluna": "Celular", "campo": "atributos.Celular"},
        {"coluna": "id", "campo": None},
        {"coluna": "foto", "campo": None},
        {"coluna": "y", "campo": "uf"},
    ]


def test_defaults_count_among_the_attributes(team: Team) -> None:
    """A line without a cell has them all."""
    columns = ",".join(f"c{n}" for n in range(60))
    for more, status in ((40, 200), (41, 422)):
        padroes = {f"atributos.p{n}": "1" for n in range(more)}
        reply = upload(team.gestor.api, f"nome,{columns}\nA{',1' * 60}\n", {"padroes": padroes})
        assert reply.status == status
    assert reply.campos == {"arquivo": "VALOR_INVALIDO"}
    (lead,) = all_leads(team.gestor.api)
    assert len(lead["atributos"]) == 100


def test_defaults_count_among_the_bytes(team: Team) -> None:
    padroes = {f"atributos.p{n}": "x" * 500 for n in range(9)}
    names = ",".join(f"c{n}" for n in range(8))
    csv = f"nome,{names}\nA{',' * 8}\nB{(',' + 'y' * 1_900) * 8}\n"
    report = imported(team.gestor.api, csv, {"padroes": padroes})
    assert [(e["linha"], e["campo"], e["codigo"]) for e in report["erros"]] == [
        (3, "atributos", "LONGO_DEMAIS")
    ]
