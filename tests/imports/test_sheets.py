"""A workbook with several sheets: one is read, and the others are named, so that nobody takes them
for imported."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from xlsxwriter import Workbook

from tests.imports.test_command import Terminal
from tests.support.api import Team
from tests.support.jobs import work
from tests.support.leads import all_leads, imported, upload
from tests.support.previews import XLSX, previewed, take
from tests.support.workbooks import fill, part_of, with_part, workbook


def build(book: Workbook) -> None:
    for name in ("Oculta", "Leads", "Vazia", "De antes", "Só formato", "Gráfico"):
        sheet = book.add_worksheet(name) if name != "Gráfico" else book.add_chartsheet(name)
        if name in ("Oculta", "Leads", "De antes"):
            fill(book, sheet, [["nome", "uf"], [name, "SP"]])
    book.worksheets()[0].hide()
    book.worksheets()[1].activate()
    book.worksheets()[4].set_column(0, 3, 20, book.add_format({"bold": True}))
    book.worksheets()[4].write_blank(0, 0, None, book.add_format({"bold": True}))
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Leads!$A$1:$A$2"})
    book.worksheets()[5].set_chart(chart)


FILE = workbook(build)
NAMES = ("planilha", "outras_planilhas")


def told(found: dict[str, Any]) -> list[Any]:
    return [found[name] for name in NAMES]


def test_those_that_are_not_read_are_named_where_they_have_cells(team: Team) -> None:
    run = imported(team.gestor.api, FILE)
    assert told(run) == ["Leads", ["De antes"]]
    assert told(team.gestor.api.get(f"/imports/{run['id']}").data) == told(run)
    assert told(team.gestor.api.get("/imports").data["itens"][0]) == told(run)
    other = imported(team.gestor.api, FILE, planilha="De antes")
    assert told(other) == ["De antes", ["Leads"]]
    assert {lead["nome"] for lead in all_leads(team.gestor.api)} == {"Leads", "De antes"}


def test_a_job_and_a_preview_name_them_too(app: Flask, team: Team) -> None:
    api = team.gestor.api
    reply = upload(api, FILE, headers={"Prefer": "respond-async"}, planilha="Oculta")
    assert told(reply.data) == ["Oculta", ["Leads", "De antes"]]
    work(app)
    assert told(api.get(f"/imports/{reply.data['id']}").data) == told(reply.data)
    found = previewed(api, FILE, XLSX)
    assert told(found) == ["Leads", ["De antes"]]
    assert told(take(api, found["previa"]).data) == told(found)
    assert told(previewed(api, FILE, XLSX, planilha="De antes")) == ["De antes", ["Leads"]]


def test_a_csv_has_none(team: Team) -> None:
    assert told(imported(team.gestor.api, "nome\nAna\n")) == [None, []]
    assert told(previewed(team.gestor.api, "nome\nAna\n")) == [None, []]


def test_no_more_than_fifty_are_listed(team: Team) -> None:
    def many(book: Workbook) -> None:
        for n in range(60):
            fill(book, book.add_worksheet(f"Mês {n}"), [["nome"], [f"Lead {n}"]])

    planilha, others = told(imported(team.gestor.api, workbook(many)))
    assert (planilha, len(others), others[-1]) == ("Mês 0", 50, "Mês 50")


def test_of_a_name_that_no_program_gives_only_a_part_is_kept(team: Team) -> None:
    parts = "xl/workbook.xml"
    file = with_part(FILE, parts, part_of(FILE, parts).replace(b"De antes", b"x" * 100_000))
    assert told(imported(team.gestor.api, file)) == ["Leads", ["x" * 100]]


@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_the_command_names_them(app: Flask, team: Team, tmp_path: Path, dry: list[str]) -> None:
    terminal = Terminal(app, team, tmp_path)
    terminal.file.write_bytes(FILE)
    said = "Só a aba Leads foi lida; outras com células: De antes."
    assert said in terminal.run(*dry).stdout
    report = json.loads(terminal.run("--json", "--planilha", "De antes", *dry).stdout)
    assert told(report) == ["De antes", ["Leads"]]
