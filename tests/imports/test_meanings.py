"""1.500 and 01/02/2025 have two meanings each: their column has one."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.support.api import Team
from tests.support.leads import all_leads, imported, upload


def column(team: Team, field: str, *cells: str) -> tuple[list[Any], list[tuple[int, str, str]]]:
    """What became of cells of one column: the leads' values, and the lines with errors."""
    lines = "".join(f'L{n},"{cell}"\n' for n, cell in enumerate(cells))
    report = imported(team.gestor.api, f"nome,{field}\n{lines}")
    leads = all_leads(team.gestor.api)
    values = [lead["atributos"].get(field[10:], lead.get(field)) for lead in leads]
    return values, [(e["linha"], e["campo"], e["codigo"]) for e in report["erros"]]


@pytest.mark.parametrize(
    ("cells", "values", "errors"),
    [
        (["1.500", "2.300"], ["1500.00", "2300.00"], []),
        (["1.500", "12,50"], ["1500.00", "12.50"], []),
        (["12,50", "1.500"], ["12.50", "1500.00"], []),
        # Points are decimals here, and of three of them reais have one too many.
        (["1.500", "12.50"], ["12.50"], [(2, "valor", "FORA_DA_FAIXA")]),
        (["12.50", "1.500"], ["12.50"], [(3, "valor", "FORA_DA_FAIXA")]),
        (["1.500", "7", "1234.56"], ["7.00", "1234.56"], [(2, "valor", "FORA_DA_FAIXA")]),
        # American thousands are refused, but say what the points of the others are.
        (
            ["1.500", "1,500.00", "2"],
            ["2.00"],
            [(2, "valor", "FORA_DA_FAIXA"), (3, "valor", "VALOR_INVALIDO")],
        ),
        (["1,500", "2"], ["2.00"], [(2, "valor", "FORA_DA_FAIXA")]),
        (["dez", "1.500"], ["1500.00"], [(2, "valor", "VALOR_INVALIDO")]),
        (["-1.5", "1.500"], [], [(2, "valor", "FORA_DA_FAIXA"), (3, "valor", "FORA_DA_FAIXA")]),
    ],
)
def test_money_has_one_meaning_in_a_column(
    team: Team, cells: list[str], values: list[str], errors: list[Any]
) -> None:
    assert column(team, "valor", *cells) == (values, errors)


@pytest.mark.parametrize(
    ("cells", "days", "errors"),
    [
        (["12/01/2025", "05/05/2025"], ["2025-01-12", "2025-05-05"], []),
        (["12/01/2025", "31/12/2025"], ["2025-01-12", "2025-12-31"], []),
        (["12/31/2025", "12/01/2025"], ["2025-12-31", "2025-12-01"], []),
        (["12/01/2025", "12/31/2025"], ["2025-12-01", "2025-12-31"], []),
        (["12/01/2025", "2025-12-31"], ["2025-01-12", "2025-12-31"], []),
        (["31/02/2025", "12/01/2025"], ["2025-01-12"], [(2, "DATA_INVALIDA")]),
        (["1/31/2025", "12/01/2025"], ["2025-01-31", "2025-12-01"], []),
        (["31.1.25", "12/01/2025"], ["2025-01-31", "2025-01-12"], []),
        # No way in which a day is taken, but it shows which one the other is meant in.
        (["31-1-25", "12/01/2025"], ["2025-01-12"], [(2, "DATA_INVALIDA")]),
        (["99/99/2025", "12/31/2025"], ["2025-12-31"], [(2, "DATA_INVALIDA")]),
    ],
)
def test_days_have_one_meaning_in_a_column(
    team: Team, cells: list[str], days: list[str], errors: list[Any]
) -> None:
    values, found = column(team, "proximo_contato_em", *cells)
    assert [value[:10] for value in values] == days
    assert [(linha, codigo) for linha, _, codigo in found] == errors


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1.500", "2.300"], [1500, 2300]),
        (["1.500", "1.500,75"], [1500, 1500.75]),
        (["1.500", "0.75"], [1.5, 0.75]),
        (["0.75", "1.500"], [0.75, 1.5]),
        (["0,75", "12"], [0.75, 12]),
        (["-1.234.567", "3"], [-1234567, 3]),
        (["1.500", "a combinar"], [1500, "a combinar"]),
        # Thousands to some, decimals to others: as written.
        (["1,500", "2"], ["1,500", 2]),
        (["1,500", "12,5"], ["1,500", 12.5]),
        # Text that looks like numbers of two kinds is text.
        (["1,5", "1.5", "2.0-beta", "3"], ["1,5", "1.5", "2.0-beta", 3]),
        (["1.500", "1,5", "1.5", "v2"], ["1.500", "1,5", "1.5", "v2"]),
    ],
)
def test_numbers_among_attributes_have_one_meaning_in_a_column(
    team: Team, cells: list[str], values: list[Any]
) -> None:
    assert column(team, "atributos.x", *cells) == (values, [])


def test_a_file_has_one_meaning_where_a_column_shows_none(team: Team) -> None:
    csv = "valor;renda_mensal;Parcela\n1.500;2.000;1.500\n"
    imported(team.gestor.api, csv)
    (lead,) = all_leads(team.gestor.api)
    assert (lead["valor"], lead["renda_mensal"]) == ("1500.00", "2000.00")
    assert lead["atributos"] == {"Parcela": 1500}


def test_money_says_what_the_other_numbers_are_and_dates_what_the_other_dates_are(
    team: Team,
) -> None:
    csv = (
        "valor;renda_mensal;Parcela;ultimo_contato_em;proximo_contato_em\n"
        "7;1.500;1.500;03/04/2025;03/04/2025\n"
        "12.50;8;2;12/31/2025;04/05/2025\n"
    )
    report = imported(team.gestor.api, csv)
    assert [(e["linha"], e["campo"]) for e in report["erros"]] == [(2, "renda_mensal")]
    (lead,) = all_leads(team.gestor.api)
    assert (lead["ultimo_contato_em"][:10], lead["proximo_contato_em"][:10]) == (
        "2025-12-31",
        "2025-04-05",
    )
    imported(team.gestor.api, csv.replace("7;1.500;", "7;1;"))
    assert all_leads(team.gestor.api)[1]["atributos"] == {"Parcela": 1.5}


def test_an_attribute_says_nothing_about_money(team: Team) -> None:
    imported(team.gestor.api, "valor;latitude\n1.500;-23.5505\n")
    (lead,) = all_leads(team.gestor.api)
    assert (lead["valor"], lead["atributos"]) == ("1500.00", {"latitude": -23.5505})


@pytest.mark.parametrize(
    ("csv", "campo", "lines"),
    [
        ("nome;valor\nA;1\nB;1.234,56\nC;2\nD;1234.56\n", "valor", (3, 5)),
        ('nome;valor\nA;"1,500.00"\nB;12,5\n', "valor", (2, 3)),
        (
            "nome;ultimo_contato_em\nA;31/12/2024\nB;12/31/2024\n",
            "ultimo_contato_em",
            (2, 3),
        ),
        ("nome;Parcela\nA;1.500\nB;0,5\nC;0.5\n", "atributos.Parcela", (3, 4)),
    ],
)
@pytest.mark.parametrize("dry_run", [0, 1])
def test_a_column_that_means_two_things_is_refused_with_both_lines(
    team: Team, csv: str, campo: str, lines: tuple[int, int], dry_run: int
) -> None:
    reply = upload(team.gestor.api, csv, dry_run=dry_run)
    assert (reply.status, reply.codigo) == (422, "ARQUIVO_INVALIDO")
    assert list(reply.campos) == [campo]
    assert all(f"linha {linha}" in reply.message for linha in lines)
    assert all_leads(team.gestor.api) == []


def test_a_mapping_speaks_for_itself(team: Team) -> None:
    """Its texts are not cells of the file: neither do they show anything nor are they shown."""
    mapping = {"valores": {"valor": {"alto": "1.500,00"}}, "padroes": {"valor": "2.000"}}
    imported(team.gestor.api, "nome,valor\nA,12.50\nB,alto\nC,\n", mapping)
    assert [lead["valor"] for lead in all_leads(team.gestor.api)] == ["12.50", "1500.00", "2000.00"]


def test_a_file_that_was_read_twice_is_told_once(team: Team) -> None:
    lines = "".join(f"L{n},1.500,{n}\n" for n in range(300))
    csv = f"nome,valor,x\n{lines}Ruim,dez,1\nFim,12.50,1\n"
    report = imported(team.gestor.api, csv)
    assert (report["linhas"], report["criados"], report["rejeitados"]) == (302, 1, 301)
    assert len(report["erros"]) == 100
    assert [lead["nome"] for lead in all_leads(team.gestor.api)] == ["Fim"]


def test_the_command_reads_twice_too(app: Flask, team: Team, tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    file.write_text("nome,fechado_em,etapa\nA,12/01/2024,ganho\nB,12/31/2024,ganho\n", "utf-8")
    arguments = ["leads", "import", str(file), "--usuario", team.gestor.email]
    assert app.test_cli_runner().invoke(args=arguments).exit_code == 0
    closed = [lead["fechado_em"][:10] for lead in all_leads(team.gestor.api)]
    assert closed == ["2024-12-01", "2024-12-31"]


@pytest.mark.parametrize(
    ("cell", "taken"),
    [
        ("31/12/1899", False),
        ("01/02/1900", True),
        ("31/12/2200", True),
        ("2201-06-01", False),
        ("9999-12-31", False),
        ("0001-01-02T00:00:00Z", False),
    ],
)
def test_a_next_contact_is_of_our_time_as_in_a_request(team: Team, cell: str, taken: bool) -> None:
    found = imported(team.gestor.api, f"nome,proximo_contato_em\nAna,{cell}\n")
    assert found["criados"] == taken
    told = [(each["campo"], each["codigo"]) for each in found["erros"]]
    assert told == ([] if taken else [("proximo_contato_em", "DATA_INVALIDA")])
