"""The lines that were not imported: as JSON by pages, and as a file that is corrected and sent
again."""

import csv
import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from commands.worker import Worker
from services.imports import stepping
from services.imports.reporting import linesFile
from tests.imports.test_import import COUNTS
from tests.support.api import Team
from tests.support.jobs import work
from tests.support.leads import all_leads, create, imported, new_cpf, rows, run, upload
from tests.support.sweeping import sweep
from tests.support.undone import undone

ASKED = {"formato": "csv"}
TOLD = ("erros", "linhas_puladas")


def errors(team: Team, run_id: int, **query: Any) -> list[dict[str, Any]]:
    """All of them, two a page."""
    found: list[dict[str, Any]] = []
    while True:
        asked = {"limite": 2, **query}
        reply = team.gestor.api.get(f"/imports/{run_id}/errors", query_string=asked)
        assert reply.status == 200, reply.body
        found += reply.data["itens"]
        if reply.data["proximo"] is None:
            return found
        query["cursor"] = reply.data["proximo"]


def file_of(team: Team, run_id: int, **query: Any) -> bytes:
    reply = team.gestor.api.get(f"/imports/{run_id}/errors", query_string=ASKED | query)
    assert reply.status == 200, reply.body
    assert reply.headers["Content-Type"].startswith("text/csv")
    assert f"importacao-{run_id}-" in reply.headers["Content-Disposition"]
    return reply.raw


def table(raw: bytes, delimiter: str = ";") -> list[list[str]]:
    text = raw.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=delimiter))


def test_every_error_of_every_line_comes_in_its_order(team: Team) -> None:
    lead = create(team.gestor.api, documento=(known := new_cpf()))
    text = f"nome;documento;uf;valor\nA;;XX;dez\nB;{known};;\nC;1;;\nD;;SP;\nE;{known};;\n"
    run_id = imported(team.gestor.api, text)["id"]
    told = errors(team, run_id)
    assert [(e["linha"], e["resultado"], e["campo"]) for e in told] == [
        (2, "rejeitada", "uf"),
        (2, "rejeitada", "valor"),
        (3, "pulada", "documento"),
        (4, "rejeitada", "documento"),
        (6, "pulada", "documento"),
    ]
    assert [e.get("lead_id") for e in told] == [None, None, lead["id"], None, lead["id"]]
    assert [e["linha"] for e in errors(team, run_id, resultado="pulada")] == [3, 6]
    assert [e["linha"] for e in errors(team, run_id, resultado="rejeitada")] == [2, 2, 4]


def test_a_cursor_is_good_for_its_list_alone(team: Team) -> None:
    ids = [imported(team.gestor.api, "uf\nXX\nXX\nXX\n")["id"] for _ in range(2)]
    query = {"limite": 1}
    page = team.gestor.api.get(f"/imports/{ids[0]}/errors", query_string=query).data
    query["cursor"] = page["proximo"]
    reply = team.gestor.api.get(f"/imports/{ids[1]}/errors", query_string=query)
    assert (reply.status, reply.codigo) == (400, "CURSOR_INVALIDO")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_lines_come_back_as_they_were_with_the_reasons_beside_them(
    team: Team, delimiter: str
) -> None:
    lines = [
        ["nome", "uf", "nota"],
        ["Ana Fictícia", "XX", 'disse "não"\nhoje'],
        ["Bia Fictícia", "SP", "sim"],
        ["  Caio Fictício ", " YY ", f"um{delimiter}dois"],
    ]
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(lines)
    run_id = imported(team.gestor.api, text.getvalue())["id"]
    header, *found = table(file_of(team, run_id), delimiter)
    assert header == [*lines[0], f"motivo_da_rejeicao_{run_id}"]
    assert [line[:-1] for line in found] == [lines[1], lines[3]]
    assert {line[-1] for line in found} == {"uf: UF inexistente."}


def test_a_corrected_file_is_sent_again_as_it_is(team: Team) -> None:
    create(team.gestor.api, documento=(known := new_cpf()))
    text = f"nome;documento;uf;cor\nAna;{known};;azul\nBia;;XX;=verde\nCaio;;SP;roxo\n"
    first = imported(team.gestor.api, text)
    raw = file_of(team, first["id"]).replace(b";XX;", b";RJ;").replace(known.encode(), b"")
    again = imported(team.gestor.api, raw)
    assert [again[name] for name in COUNTS] == [2, 2, 0, 0, 0, 0]
    assert {"coluna": f"motivo_da_rejeicao_{first['id']}", "campo": None} in again["colunas"]
    _, caio, ana, bia = all_leads(team.gestor.api, ordenar="criado_em")
    assert [lead["nome"] for lead in (caio, ana, bia)] == ["Caio", "Ana", "Bia"]
    assert bia["atributos"] == {"cor": "=verde"}
    # And what is wrong still comes with one column of reasons, not two.
    worse = imported(team.gestor.api, raw.replace(b";RJ;", b";YY;"))
    header, *_ = table(file_of(team, worse["id"]))
    assert [name for name in header if name.startswith("motivo")] == [header[-1]]


def test_what_a_spreadsheet_would_run_is_marked(team: Team) -> None:
    cells = ["=1+1", "'=1", "@x", "\uff1dx", "\u200b+x", "'\uff1dx"]
    text = "nome;uf\n" + "".join(f"{cell};XX\n" for cell in cells)
    run_id = imported(team.gestor.api, text)["id"]
    told = [line[0] for line in table(file_of(team, run_id))[1:]]
    assert told == ["'=1+1", "'=1", "'@x", "'\uff1dx", "'\u200b+x", "'\uff1dx"]


def test_sent_again_a_marked_file_says_the_same(team: Team) -> None:
    lines = 'Bia;-;-5;="007";="11987654321";XX\nCaio;+x;-1,5;;-;XX\n'
    first = imported(team.gestor.api, f"nome;-extra;nota;=conta;telefone;uf\n{lines}")
    raw = file_of(team, first["id"])
    assert raw.decode().startswith("\ufeffnome;'-extra;nota;'=conta;")
    again = imported(team.gestor.api, raw.replace(b";XX;", b";RJ;"))
    assert again["criados"] == 2
    bia, caio = all_leads(team.gestor.api, ordenar="criado_em")
    assert (bia["telefone"], caio["telefone"]) == ("+5511987654321", None)
    assert bia["atributos"] == {"nota": -5, "=conta": "007"}
    assert caio["atributos"] == {"-extra": "+x", "nota": -1.5}


def test_only_what_a_line_may_end_as_is_asked_for(team: Team) -> None:
    run_id = imported(team.gestor.api, "nome\nA\n")["id"]
    reply = team.gestor.api.get(f"/imports/{run_id}/errors", query_string={"resultado": "criada"})
    assert reply.status == 422
    assert reply.data["erros"][0]["mensagem"] == "Use pulada, rejeitada ou importada."


def test_a_file_is_asked_for_by_its_media_type_too(team: Team) -> None:
    run_id = imported(team.gestor.api, "nome,uf\nA,XX\n")["id"]
    reply = team.gestor.api.get(f"/imports/{run_id}/errors", headers={"Accept": "text/csv"})
    assert reply.headers["Content-Type"].startswith("text/csv")
    assert team.gestor.api.get(f"/imports/{run_id}/errors").data["itens"]


def test_a_line_of_too_many_cells_keeps_them(team: Team) -> None:
    run_id = imported(team.gestor.api, "nome,uf\nA,SP,3,4\nB\n")["id"]
    _, long, short = table(file_of(team, run_id), ",")
    assert (long[:2], long[3:]) == (["A", "SP"], ["3", "4"])
    assert short[:2] == ["B", ""]


def test_a_file_that_is_sent_again_as_it_is_is_rejected_as_before(team: Team) -> None:
    text = "nome,cidade,uf\nA,Lins\nB\nC,Lins,XX\nD,Lins,SP,9\n"
    first = imported(team.gestor.api, text)
    report = first
    for _ in range(3):
        raw = file_of(team, report["id"])
        report = imported(team.gestor.api, raw)
        assert (report["criados"], report["rejeitados"]) == (0, 4)
        assert [(e["linha"], e["campo"], e["codigo"]) for e in report["erros"]] == [
            (e["linha"], e["campo"], e["codigo"]) for e in first["erros"]
        ]
    _, a, *_ = table(raw, ",")
    assert (a[:3], len(a)) == (["A", "Lins", ""], 5)
    corrected = raw.replace(b"A,Lins,,", b"A,Lins,SP,").replace(a[4].encode(), b"", 1)
    assert imported(team.gestor.api, corrected)["criados"] == 1


def test_many_lines_come_in_blocks(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = imported(team.gestor.api, "nome,uf,valor\n" + "A,XX,dez\n" * 25)["id"]
    query = linesFile._CELLS
    monkeypatch.setattr(linesFile, "_CELLS", type(query)(query.sql, {"limite": 10}))
    assert len(table(file_of(team, run_id), ",")) == 26


def test_a_job_tells_its_lines_like_a_call(
    app: Flask, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "nome,uf\nA,XX\nB,SP\nC,YY\n"
    at_once = imported(team.gestor.api, text)["id"]
    monkeypatch.setattr(stepping, "FIRST", 1)
    later = upload(team.gestor.api, text, headers={"Prefer": "respond-async"}).data["id"]
    work(app)
    assert errors(team, later) == errors(team, at_once)
    told = [table(file_of(team, run_id), ",")[1:] for run_id in (later, at_once)]
    assert told[0] == told[1] != []


def test_lines_are_kept_for_a_week(app: Flask, team: Team, sql: Engine) -> None:
    old, young = (imported(team.gestor.api, "uf\nXX\n") for _ in range(2))
    aged = "update importacoes set concluida_em = now() - :i * interval '1 day' where id = :id"
    run(sql, aged, i=8, id=old["id"])
    run(sql, aged, i=6, id=young["id"])
    sweep(app, team)
    assert errors(team, old["id"]) == []
    assert len(errors(team, young["id"])) == 1
    assert team.gestor.api.get(f"/imports/{old['id']}").data["erros"] == old["erros"]


def test_what_is_told_of_the_first_lines_stays(
    app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also of an import that was undone, and of one that was cancelled half way."""
    create(team.gestor.api, id_externo="x1")
    text = "nome,uf,id_externo\nA,SP,\nB,XX,\nC,SP,x1\nD,SP,\nE,SP,\nF,SP,\n"
    ended = [imported(team.gestor.api, text)["id"]]
    undone(team.gestor.api, ended[0])
    monkeypatch.setattr(stepping, "FIRST", 3)
    ended.append(upload(team.gestor.api, text, headers={"Prefer": "respond-async"}).data["id"])

    def shown(run_id: int) -> dict[str, Any]:
        return team.gestor.api.get(f"/imports/{run_id}").data

    with app.app_context():
        Worker(lambda: shown(ended[1])["linhas"] == 3).turn()
    assert team.gestor.api.post(f"/imports/{ended[1]}/cancel").status == 200
    sweep(app, team)
    before = [shown(run_id) for run_id in ended]
    assert [each["estado"] for each in before] == ["desfeita", "cancelada"]
    for each in before:
        assert [e["linha"] for e in each["erros"]] == [3]
        assert [e["linha"] for e in each["linhas_puladas"]] == [4]
    aged = "update importacoes set concluida_em = now() - interval '8 days' where equipe_id = :e"
    run(sql, aged, e=team.equipe_id)
    sweep(app, team)
    for each in before:
        assert errors(team, each["id"]) == []
        kept = shown(each["id"])
        assert [kept[name] for name in TOLD] == [each[name] for name in TOLD]


def test_a_file_that_nobody_imports_goes_after_a_day(app: Flask, team: Team, sql: Engine) -> None:
    reply = upload(team.gestor.api, "nome\nA\n", headers={"Prefer": "respond-async"})
    files = "select count(*) from importacao_blocos where equipe_id = :e"
    aged = "update importacao_arquivos set criado_em = now() - interval '25 hours'"
    run(sql, f"{aged} where equipe_id = :e", e=team.equipe_id)
    sweep(app, team)
    assert rows(sql, files, e=team.equipe_id) == [(1,)]  # an import waits for it
    assert team.gestor.api.post(f"/imports/{reply.data['id']}/cancel").status == 200
    sweep(app, team)
    assert rows(sql, files, e=team.equipe_id) == [(0,)]
    ended = team.gestor.api.get(f"/imports/{reply.data['id']}").data
    assert (ended["estado"], ended["concluida_em"] is None) == ("cancelada", False)
