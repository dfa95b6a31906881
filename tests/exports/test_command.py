"""`flask leads export`: the same file, and a sentence instead of a traceback."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests.support.api import Team
from tests.support.exports import FORMATS, export, sheet, table
from tests.support.leads import create, rows


class Terminal:
    def __init__(self, app: Flask, team: Team, folder: Path) -> None:
        self.app, self.team, self.file = app, team, folder / "leads.csv"

    def run(self, *options: object, file: object = None) -> Result:
        asked = ["leads", "export", file or self.file, "--usuario", self.team.gestor.email]
        return self.app.test_cli_runner().invoke(args=[str(a) for a in (*asked, *options)])


@pytest.fixture
def terminal(app: Flask, team: Team, tmp_path: Path) -> Terminal:
    for n in range(3):
        create(team.gestor.api, nome=f"Lead {n}", uf=("SP", "RJ", "SP")[n])
    return Terminal(app, team, tmp_path)


@pytest.mark.parametrize("formato", FORMATS)
def test_a_file_is_that_of_the_api(terminal: Terminal, formato: str) -> None:
    done = terminal.run("--formato", formato)
    assert (done.exit_code, done.stdout) == (0, ""), done.output
    assert "3 leads exportados." in done.stderr
    sent, written = export(terminal.team.gestor.api, formato).raw, terminal.file.read_bytes()
    assert sheet(written) == sheet(sent) if formato == "xlsx" else written == sent
    assert terminal.file.stat().st_mode & 0o777 == 0o600


def test_it_has_the_lists_filters(terminal: Terminal) -> None:
    found = terminal.run("--uf", "SP", "--ordenar", "criado_em", "--responsavel", "nenhum")
    assert found.exit_code == 0, found.output
    assert [row["nome"] for row in table(terminal.file.read_bytes())] == ["Lead 0", "Lead 2"]
    nobody = terminal.run("--criado-ate", "2020-01-01", file=terminal.file.with_name("b.csv"))
    assert "0 leads exportados." in nobody.stderr


def test_it_may_go_to_another_program(terminal: Terminal, sql) -> None:
    done = terminal.run("--q", "lead 1", file="-")
    assert [row["nome"] for row in table(done.stdout_bytes)] == ["Lead 1"]
    said = "select count(*) from eventos where equipe_id = :e and tipo = 'leads_exportados'"
    assert rows(sql, said, e=terminal.team.equipe_id) == [(1,)]


def test_what_is_refused_is_a_sentence(terminal: Terminal) -> None:
    terminal.file.write_text("mine")
    assert f"{terminal.file}: já existe." in terminal.run().output
    assert terminal.file.read_text() == "mine"
    elsewhere = terminal.file.with_name("b.csv")
    assert "Esta etapa não existe" in terminal.run("--etapa", "x", file=elsewhere).output
    seller = terminal.run("--usuario", terminal.team.vendedor.email, file=elsewhere)
    assert (seller.exit_code, "Traceback" in seller.output) == (1, False)
    assert not elsewhere.exists()
