"""A file of rejected lines that comes back means what the file meant that they are from."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from services.imports import stepping
from services.imports.facts import team_facts
from tests.support.api import Team
from tests.support.jobs import work
from tests.support.leads import all_leads, imported, upload
from tests.support.previews import previewed
from tests.support.previews import take as take_preview
from tests.support.workbooks import sheet_of

# Ana's line shows how the columns are written; Bia's may be read in either way.
AMERICAN = (
    "nome;uf;valor;previsto_para;nota\n"
    "Ana;SP;1500.50;12/31/2027;1000.5\n"
    "Bia;XX;1500;03/04/2027;2.000\n"
)
ASKED = {"formato": "csv"}
Import = Callable[[str | bytes], dict[str, Any]]


@pytest.fixture(params=["at once", "as a job"])
def take(request: pytest.FixtureRequest, app: Flask, team: Team) -> Import:
    api = team.gestor.api

    def later(file: str | bytes) -> dict[str, Any]:
        run = upload(api, file, headers={"Prefer": "respond-async"}).data
        work(app)
        found: dict[str, Any] = api.get(f"/imports/{run['id']}").data
        return found

    return later if request.param == "as a job" else lambda file: imported(api, file)


def rejected(team: Team, run: dict[str, Any]) -> bytes:
    return team.gestor.api.get(f"/imports/{run['id']}/errors", query_string=ASKED).raw


def named(team: Team, nome: str) -> dict[str, Any]:
    (found,) = (lead for lead in all_leads(team.gestor.api) if lead["nome"] == nome)
    return found


def test_corrected_lines_are_read_as_their_file_was(team: Team, take: Import) -> None:
    once = take(rejected(team, take(AMERICAN)).replace(b";XX;", b";YY;"))
    assert (once["rejeitados"], once["linhas"]) == (1, 1)
    assert take(rejected(team, once).replace(b";YY;", b";RJ;"))["criados"] == 1
    bia = named(team, "Bia")
    assert (bia["valor"], bia["previsto_para"]) == ("1500.00", "2027-03-04")
    assert bia["atributos"] == {"nota": 2}


def test_so_are_those_of_a_file_that_is_written_as_in_brazil(team: Team, take: Import) -> None:
    """Its corrected line has another cell that would decide otherwise."""
    text = "nome;uf;valor;renda_mensal\nAna;SP;1.500,50;1500.50\nBia;XX;1.500;1700.50\n"
    assert take(rejected(team, take(text)).replace(b";XX;", b";RJ;"))["criados"] == 1
    bia = named(team, "Bia")
    assert (bia["valor"], bia["renda_mensal"]) == ("1500.00", "1700.50")


def test_numbers_of_a_column_of_text_stay_as_they_are_written(team: Team, take: Import) -> None:
    text = "nome;uf;nota\nAna;SP;1.500,5\nCaio;SP;1,500.5\nDora;SP;texto\nBia;XX;12.5\n"
    assert take(rejected(team, take(text)).replace(b";XX;", b";RJ;"))["criados"] == 1
    assert named(team, "Bia")["atributos"] == {"nota": "12.5"}


def test_a_cell_that_was_written_otherwise_is_taken_where_it_is_clear(
    team: Team, take: Import
) -> None:
    raw = rejected(team, take(AMERICAN)).replace(b";XX;", b";RJ;")
    raw = raw.replace(b"03/04/2027", b"31/03/2027").replace(b";1500;", b";1.500,25;")
    assert take(raw)["criados"] == 1
    bia = named(team, "Bia")
    assert (bia["valor"], bia["previsto_para"]) == ("1500.25", "2027-03-31")


def test_beside_one_that_is_not_clear_it_is_refused(team: Team) -> None:
    more = "Caio;XX;1700;05/06/2027;\n"
    raw = rejected(team, imported(team.gestor.api, AMERICAN + more)).replace(b";XX;", b";RJ;")
    reply = upload(team.gestor.api, raw.replace(b"03/04/2027", b"31/03/2027"))
    assert (reply.status, reply.data["erros"][0]["campo"]) == (422, "previsto_para")
    assert "dia/mês na linha 2, mês/dia no arquivo que este corrige" in reply.message
    assert len(all_leads(team.gestor.api)) == 1


@pytest.mark.parametrize("column", ["motivo_da_rejeicao", "motivo_da_rejeicao_{}"])
def test_a_column_of_no_import_of_the_equipe_tells_nothing(
    team: Team, other_team: Team, column: str
) -> None:
    run = imported(other_team.gestor.api, AMERICAN)
    text = f"nome;valor;{column.format(run['id'])}\nBia;1.500;\n"
    assert imported(team.gestor.api, text)["criados"] == 1
    assert (named(team, "Bia")["valor"], named(team, "Bia")["atributos"]) == ("1500.00", {})


def test_what_a_survey_has_seen_outlasts_a_change_of_the_funnel(
    app: Flask, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It looks at a file step by step; between two of them a stage is made."""
    asked = iter(range(1_000_000))

    def changed(caller: Any) -> Any:
        facts = team_facts(caller)
        return replace(facts, stage_names=facts.stage_names | {f"nova{next(asked)}": "novo"})

    monkeypatch.setattr(stepping, "team_facts", changed)
    monkeypatch.setattr(stepping, "_goes_on", lambda go: go(1) == 1)
    upload(team.gestor.api, AMERICAN.replace("XX", "RJ"), headers={"Prefer": "respond-async"})
    work(app)
    assert named(team, "Bia")["previsto_para"] == "2027-03-04"


def corrected(team: Team, file: str | bytes, mapping: Any = None) -> bytes:
    """What is sent again of a file: its lines with the UF that there is not, each with RJ."""
    return rejected(team, imported(team.gestor.api, file, mapping)).replace(b"XX", b"RJ")


def test_another_delimiter_in_a_name_is_not_taken_for_the_file_s(team: Team) -> None:
    name = "Prefer\u00eancias: bairro, cidade | tipo, vagas"
    rows = [["nome", "uf", name], ["Ana", "SP", "a, b"], ["Bia", "XX", "c, d, e"]]
    text = f'nome;uf;"{name}"\nAna;SP;"a, b"\nBia;XX;"c, d, e"\n'
    for file in (sheet_of(*rows), text):
        assert imported(team.gestor.api, corrected(team, file))["criados"] == 1
    for bia in (lead for lead in all_leads(team.gestor.api) if lead["nome"] == "Bia"):
        assert (bia["uf"], bia["atributos"]) == ("RJ", {name: "c, d, e"})


@pytest.mark.parametrize(
    ("column", "cells", "expected"),
    [
        ("nota", ["1.500", 12.5, "1.500"], [12.5, 1500]),
        ("nota", ["x", 1.375, 2.5], [1.375, 2.5]),
        ("nota", ["12.75", 12.5, "1.500"], [12.5, 1.5]),
        ("valor", ["1.500,75", 1234.5, "1.500"], ["1234.50", "1500.00"]),
        ("valor", ["1500.75", 1234.5, "700.25"], ["1234.50", "700.25"]),
        ("empresa", ["x", 12.5, 1.375], ["12.5", "1.3750"]),
        ("id_externo", [7.5, 12.5, "1.500"], ["12.5", "1.500"]),
    ],
)
def test_numbers_of_a_workbook_stay_what_they_are(
    team: Team, column: str, cells: list[Any], expected: list[Any]
) -> None:
    """They are written among texts that mean what those of their column mean."""
    rows = [
        [name, uf, cell] for name, uf, cell in zip("ABC", ["SP", "XX", "XX"], cells, strict=True)
    ]
    run = imported(team.gestor.api, corrected(team, sheet_of(["nome", "uf", column], *rows)))
    assert (run["criados"], run["erros"]) == (2, [])
    leads = [named(team, name) for name in "BC"]
    assert [lead.get(column, lead["atributos"].get(column)) for lead in leads] == expected


def test_what_no_cell_had_shown_another_column_does_not_show_later(team: Team) -> None:
    text = "nome;uf;valor;nota\nAna;SP;900;1.500\nBia;XX;1500;1.500\n"
    raw = corrected(team, text).replace(b";1500;", b";1500.50;")
    assert imported(team.gestor.api, raw)["criados"] == 1
    bia = named(team, "Bia")
    assert (bia["valor"], bia["atributos"]) == ("1500.50", {"nota": 1500})


def test_columns_are_what_they_were(team: Team) -> None:
    """Cells that do not fit are why the lines come again, and fewer tell less."""
    good = "".join(f"Pessoa {n};SP;1199999000{n}\n" for n in range(5))
    lines = "Bia;SP;123\nCaio;SP;12345\n"
    found = previewed(team.gestor.api, f"nome;uf;Celular\n{good}{lines}")
    run = take_preview(team.gestor.api, found["previa"]).data
    assert run["rejeitados"] == 2
    again = previewed(team.gestor.api, rejected(team, run))
    (column,) = (each for each in again["colunas"] if each["coluna"] == "Celular")
    assert (column["campo"], again["rejeitariam"]) == ("telefone", 2)
    assert "corrige" in column["motivo"]
    assert take_preview(team.gestor.api, again["previa"]).data["rejeitados"] == 2


@pytest.mark.parametrize("later", [False, True])
def test_so_are_those_that_a_mapping_had_said(app: Flask, team: Team, later: bool) -> None:
    mapping = {"colunas": {"Quanto": "valor", "Extra": None, "Quando": "previsto_para"}}
    text = "nome;uf;Quanto;Extra;Quando\nAna;SP;1.500,50;x;12/31/2027\nBia;XX;1.700;y;03/04/2027\n"
    raw = corrected(team, text, mapping)
    headers = {"Prefer": "respond-async"} if later else None
    assert upload(team.gestor.api, raw, headers=headers).status == (202 if later else 200)
    work(app)
    bia = named(team, "Bia")
    assert (bia["valor"], bia["previsto_para"]) == ("1700.00", "2027-03-04")
    assert bia["atributos"] == {}


def test_what_is_asked_of_a_column_goes_before_what_it_was(team: Team) -> None:
    mapping = {"colunas": {"Quanto": "valor"}}
    raw = corrected(team, "nome;uf;Quanto;Outro\nBia;XX;1.700;2.500\n", mapping)
    imported(team.gestor.api, raw, {"colunas": {"Outro": "valor"}})
    assert named(team, "Bia")["valor"] == "2500.00"
