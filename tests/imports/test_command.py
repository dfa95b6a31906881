"""`flask leads import`: the same import, and a sentence instead of a traceback."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from tests.support.api import Team
from tests.support.leads import all_leads

NOWHERE = "postgresql+psycopg2://x@127.0.0.1:9/x?connect_timeout=1"


class Terminal:
    def __init__(self, app: Flask, team: Team, folder: Path) -> None:
        self.app, self.team, self.folder = app, team, folder
        self.file = folder / "leads.csv"
        self.file.write_text("nome,uf\nA,SP\nB,XX\n", encoding="utf-8")

    def run(self, *options: object, app: Flask | None = None) -> Result:
        arguments = ["leads", "import", self.file, "--usuario", self.team.gestor.email, *options]
        return (app or self.app).test_cli_runner().invoke(args=[str(a) for a in arguments])

    def mapped(self, mapping: bytes) -> Result:
        path = self.folder / "mapping.json"
        path.write_bytes(mapping)
        return self.run("--mapeamento", path)


@pytest.fixture
def terminal(app: Flask, team: Team, tmp_path: Path) -> Terminal:
    return Terminal(app, team, tmp_path)


def refused(terminal: Terminal, result: Result) -> str:
    """The message; nothing was imported."""
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    assert all_leads(terminal.team.gestor.api) == []
    return result.output


def test_a_file_is_imported_as_by_the_api(terminal: Terminal) -> None:
    result = terminal.run("--json")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert (report["linhas"], report["criados"], report["rejeitados"]) == (2, 1, 1)
    assert "linha 3: uf UF inexistente." in terminal.run("--dry-run").stdout
    assert [lead["nome"] for lead in all_leads(terminal.team.gestor.api)] == ["A"]


def test_a_mapping_is_followed(terminal: Terminal) -> None:
    mapping = {"colunas": {"uf": None}, "padroes": {"cidade": "São Paulo"}}
    assert terminal.mapped(json.dumps(mapping).encode()).exit_code == 0
    assert {lead["cidade"] for lead in all_leads(terminal.team.gestor.api)} == {"São Paulo"}


@pytest.mark.parametrize(
    ("mapping", "named"),
    [
        ({"colunas": ["a"]}, "mapeamento.colunas: Deve ser um objeto."),
        ({"colunas": None}, "mapeamento.colunas: Deve ser um objeto."),
        ({"colunas": {"nome": 5}}, "mapeamento.colunas.nome: Deve ser um texto."),
        ({"padroes": {"cidade": 5}}, "mapeamento.padroes.cidade: Deve ser um texto."),
        ({"valores": {"etapa": ["x"]}}, "mapeamento.valores.etapa: Deve ser um objeto."),
        ({"outra": {}}, "mapeamento.outra: Este campo não existe aqui."),
        ([], "mapeamento: Deve ser um objeto."),
        ({"colunas": {"ausente": "nome"}}, "O arquivo não tem esta coluna."),
    ],
)
def test_a_mapping_that_does_not_fit_is_a_sentence(
    terminal: Terminal, mapping: Any, named: str
) -> None:
    assert named in refused(terminal, terminal.mapped(json.dumps(mapping).encode()))


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        (b"", "vazio"),
        (b"{", "JSON"),
        (b'{"colunas": {"nome": "nome", "nome": null}}', "repete uma chave"),
        (b'{"padroes": {"cidade": "S\xe3o"}}', "UTF-8"),
    ],
)
def test_a_mapping_that_is_no_json_is_a_sentence(
    terminal: Terminal, raw: bytes, named: str
) -> None:
    assert named in refused(terminal, terminal.mapped(raw))


def test_a_file_that_cannot_be_opened_is_a_sentence(terminal: Terminal) -> None:
    folder, missing = terminal.folder, terminal.folder / "nada.json"
    assert "é uma pasta" in refused(terminal, terminal.run("--mapeamento", folder))
    assert "não existe" in refused(terminal, terminal.run("--mapeamento", missing))
    terminal.file = folder
    assert "é uma pasta" in refused(terminal, terminal.run())


def test_a_file_in_another_encoding_is_a_sentence(terminal: Terminal) -> None:
    terminal.file.write_bytes(b"nome\n" + b"Ana\n" * 5_000 + b"Jo\x81o\n")
    assert "nem em Windows-1252 (linha 5002)" in refused(terminal, terminal.run())


def test_a_byte_order_mark_is_left_out(terminal: Terminal) -> None:
    terminal.file.write_text("nome,uf\nA,SP\n", encoding="utf-8-sig")
    assert terminal.run().exit_code == 0
    assert [lead["nome"] for lead in all_leads(terminal.team.gestor.api)] == ["A"]


def test_a_database_that_is_away_is_a_sentence(
    terminal: Terminal, make_app: Callable[..., Flask]
) -> None:
    result = terminal.run(app=make_app(database_url=NOWHERE))
    assert "inicie o PostgreSQL ou confira DATABASE_URL" in refused(terminal, result)


def test_a_file_of_any_number_of_lines_is_taken(terminal: Terminal) -> None:
    terminal.file.write_text("uf\n" + "X\n" * 200_001, encoding="utf-8")
    report = json.loads(terminal.run("--json").stdout)
    assert (report["linhas"], report["rejeitados"]) == (200_001, 200_001)


def test_leads_are_given_to_people(terminal: Terminal) -> None:
    people = [terminal.team.vendedor.id, terminal.team.colleague.id]
    terminal.file.write_text("nome\nA\nB\n", encoding="utf-8")
    result = terminal.run("--responsaveis", ",".join(map(str, people)))
    assert result.exit_code == 0, result.output
    leads = all_leads(terminal.team.gestor.api)
    assert sorted(lead["responsavel_id"] for lead in leads) == people


@pytest.mark.parametrize(("said", "code"), [("todos", 2), ("4611686018427387904", 1)])
@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_whom_nobody_is_gets_none(
    terminal: Terminal, said: str, code: int, more: list[str]
) -> None:
    result = terminal.run("--responsaveis", said, *more)
    assert result.exit_code == code, result.output
    assert "responsaveis" in result.output
    assert all_leads(terminal.team.gestor.api) == []
