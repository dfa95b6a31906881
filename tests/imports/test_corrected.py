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
