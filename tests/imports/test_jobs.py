"""Imports as jobs: asked for, looked at, cancelled, taken up again; each line becomes one thing."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from commands.worker import Worker
from services import importService
from services.imports import stepping
from services.jobService import MAX_QUEUED
from tests.imports.test_import import COUNTS
from tests.support.api import Reply, Team
from tests.support.jobs import ask, seen, work
from tests.support.leads import all_leads, events, rows, run, upload
from tests.support.undone import undo
from tests.support.workbooks import sheet_of

LATER = {"Prefer": "respond-async"}


def later(team: Team, csv: str, **query: Any) -> dict[str, Any]:
    """An import that waits for a worker."""
    reply = upload(team.gestor.api, csv, headers=LATER, **query)
    assert reply.status == 202, reply.body
    return reply.data


def shown(team: Team, run_id: int) -> dict[str, Any]:
    reply = team.gestor.api.get(f"/imports/{run_id}")
    assert reply.status == 200, reply.body
    return reply.data


def cancel(team: Team, run_id: int) -> Reply:
    return team.gestor.api.post(f"/imports/{run_id}/cancel")


def test_who_would_rather_not_wait_gets_an_import_that_waits(app: Flask, team: Team) -> None:
    reply = upload(team.gestor.api, "nome,uf\nA,SP\nB,XX\n", headers=LATER)
    assert (reply.status, reply.data["estado"]) == (202, "na_fila")
    assert reply.headers["Location"] == f"/imports/{reply.data['id']}"
    assert seen(team.gestor.api, reply.data["trabalho_id"])["tipo"] == "importar"
    assert all_leads(team.gestor.api) == []
    work(app)
    done = shown(team, reply.data["id"])
    assert (done["estado"], [done[name] for name in COUNTS]) == ("concluida", [2, 1, 0, 0, 0, 1])
    assert done["progresso"] == {"feitos": 2, "total": 2}
    assert [error["linha"] for error in done["erros"]] == [3]
    assert [lead["nome"] for lead in all_leads(team.gestor.api)] == ["A"]


@pytest.mark.parametrize("texts", [{"a\0b": "novo"}, {"x": "a\0b"}])
def test_a_mapping_that_no_database_keeps_is_refused(team: Team, texts: dict[str, str]) -> None:
    mapping = {"valores": {"etapa": texts}}
    reply = upload(team.gestor.api, "nome,etapa\nA,x\n", mapping, headers=LATER)
    assert (reply.status, [*reply.campos.values()]) == (422, ["TEXTO_INVALIDO"])


def test_a_large_file_is_a_job_by_itself(app: Flask, team: Team) -> None:
    many = upload(team.gestor.api, "uf\n" + "X\n" * 50_001)
    large = upload(team.gestor.api, "nome,uf\n" + f"{'x' * 1_000},XX\n" * 5_300)
    assert (many.status, large.status) == (202, 202)
    for each in (many, large):
        assert cancel(team, each.data["id"]).status == 200
    small = upload(team.gestor.api, "uf\n" + "X\n" * 49_000)
    assert (small.status, small.data["linhas"]) == (200, 49_000)


def test_a_workbook_of_many_rows_is_one_however_small_it_is_packed(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importService, "MOST_LINES", 3)
    names = [[f"Exemplo {n}"] for n in range(4)]
    assert upload(team.gestor.api, sheet_of(["nome"], *names[:3])).status == 200
    many = sheet_of(["nome"], *names)
    assert upload(team.gestor.api, many, dry_run=1).codigo == "CORPO_MUITO_GRANDE"
    # Of a CSV the lines are counted, whatever its first column is called.
    for file in (many, "PK,nome\n" + "1,A\n" * 4):
        reply = upload(team.gestor.api, file)
        assert reply.status == 202
        assert cancel(team, reply.data["id"]).status == 200


def test_a_full_queue_takes_no_further_import_and_no_undo(team: Team) -> None:
    at_once = upload(team.gestor.api, SIX).data["id"]
    for _ in range(MAX_QUEUED):
        ask(team.gestor.api)
    imports = upload(team.gestor.api, SIX, headers=LATER)
    undoes = undo(team.gestor.api, at_once, headers=LATER)
    for reply in (imports, undoes):
        assert (reply.status, reply.codigo) == (409, "FILA_CHEIA")
        assert int(reply.headers["Retry-After"]) > 0
    assert len(all_leads(team.gestor.api)) == shown(team, at_once)["criados"]


def test_what_does_not_fit_into_a_call_cannot_be_checked_in_one(team: Team) -> None:
    reply = upload(team.gestor.api, "uf\n" + "X\n" * 50_001, dry_run=1)
    assert (reply.status, reply.codigo) == (413, "CORPO_MUITO_GRANDE")
    checked = upload(team.gestor.api, "nome\nA\n", dry_run=1, headers=LATER)
    assert (checked.status, checked.data["criados"]) == (200, 1)
    assert all_leads(team.gestor.api) == []


def test_what_cannot_be_used_at_all_is_said_at_once(team: Team, sql: Engine) -> None:
    for csv, query in (("", {}), ("nome\nA\n", {"mapeamento": '{"colunas": {"x": "nome"}}'})):
        assert upload(team.gestor.api, csv, headers=LATER, **query).status == 422
    for table in ("importacoes", "importacao_arquivos", "trabalhos"):
        counted = f"select count(*) from {table} where equipe_id = :e"
        assert rows(sql, counted, e=team.equipe_id) == [(0,)]


def test_a_column_that_means_two_things_fails_the_import_unwritten(app: Flask, team: Team) -> None:
    run_id = later(team, "nome;valor\nA;1.234,56\nB;1,234.56\n")["id"]
    work(app)
    failed = shown(team, run_id)
    assert (failed["estado"], failed["linhas"]) == ("falhou", 0)
    assert failed["erro"]["codigo"] == "ARQUIVO_INVALIDO"
    assert "linha 2" in failed["erro"]["mensagem"]
    assert "linha 3" in failed["erro"]["mensagem"]
    assert all_leads(team.gestor.api) == []


def test_what_shows_late_how_a_column_is_meant_is_known_from_the_first_batch(
    app: Flask, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stepping, "FIRST", 1)
    later(team, "nome;previsto_para\nA;01/02/2027\nB;12/31/2027\n")
    work(app)
    days = [lead["previsto_para"] for lead in all_leads(team.gestor.api)]
    assert days == ["2027-01-02", "2027-12-31"]


def test_one_that_waits_is_cancelled_at_once_and_leaves_nothing(app: Flask, team: Team) -> None:
    run_id = later(team, "nome\nA\n")["id"]
    for _ in range(2):
        reply = cancel(team, run_id)
        assert (reply.status, reply.data["estado"]) == (200, "cancelada")
    work(app)
    assert shown(team, run_id)["estado"] == "cancelada"
    assert all_leads(team.gestor.api) == []


SIX = "nome,uf\nA,SP\nB,XX\nC,SP\nD,SP\nE,SP\nF,SP\n"


@pytest.fixture
def twos(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of two lines. A large file that another test has left would take an hour so."""
    work(app)
    monkeypatch.setattr(stepping, "FIRST", 2)
    monkeypatch.setattr(stepping, "next_size", lambda size, _: size)


def test_one_that_is_cancelled_keeps_what_is_written_and_says_so(
    app: Flask, team: Team, twos: None
) -> None:
    run_id = later(team, SIX)["id"]

    def cancelled() -> bool:
        if shown(team, run_id)["linhas"] == 4:
            assert cancel(team, run_id).status == 200
        return False

    with app.app_context():
        while Worker(cancelled).turn():
            pass
    ended = shown(team, run_id)
    assert ended["estado"] == "cancelada"
    assert [ended[name] for name in COUNTS] == [4, 3, 0, 0, 0, 1]
    assert [error["linha"] for error in ended["erros"]] == [3]
    assert [lead["nome"] for lead in all_leads(team.gestor.api)] == ["A", "C", "D"]


def test_one_that_has_ended_is_not_cancelled(app: Flask, team: Team) -> None:
    run_id = later(team, SIX)["id"]
    work(app)
    at_once = upload(team.gestor.api, SIX).data
    for ended in (run_id, at_once["id"]):
        reply = cancel(team, ended)
        assert (reply.status, reply.codigo) == (409, "IMPORTACAO_TERMINADA")


class Killed(BaseException):
    """What no part of the product catches, as nothing does when a process is killed."""


@pytest.mark.parametrize("survives", [True, False])
def test_one_whose_worker_is_killed_goes_on_where_it_was(
    app: Flask, team: Team, sql: Engine, twos: None, monkeypatch: Any, survives: bool
) -> None:
    """`survives`: whether the next worker is the same process, which has read further."""
    run_id = later(team, SIX)["id"]
    with monkeypatch.context() as within:
        real, written = stepping.batches.write, []

        def killed(*arguments: Any) -> None:
            real(*arguments)
            written.append(1)
            if len(written) == 2:
                raise Killed

        within.setattr(stepping.batches, "write", killed)
        with pytest.raises(Killed):
            work(app)
    half = shown(team, run_id)
    assert (half["estado"], half["linhas"], half["progresso"]["total"]) == ("em_andamento", 2, 6)
    if not survives:
        stepping._open.clear()
    run(sql, "update trabalhos set tomado_ate = now() where equipe_id = :e", e=team.equipe_id)
    work(app)
    done = shown(team, run_id)
    assert (done["estado"], [done[name] for name in COUNTS]) == ("concluida", [6, 5, 0, 0, 0, 1])
    leads = all_leads(team.gestor.api)
    assert [lead["nome"] for lead in leads] == ["A", "C", "D", "E", "F"]
    assert all(len(events(sql, lead["id"])) == 1 for lead in leads)


def test_rows_that_are_done_are_passed_over_in_steps_of_their_own(
    app: Flask, team: Team, twos: None, monkeypatch: Any
) -> None:
    run_id = later(team, SIX)["id"]
    with app.app_context():
        Worker(lambda: shown(team, run_id)["linhas"] == 4).turn()
    stepping._open.clear()
    real, stretches = stepping._goes_on, []

    def one_row(go: Any) -> bool:
        stretches.append(go(1))
        return len(stretches) < 5 or real(go)

    monkeypatch.setattr(stepping, "_goes_on", one_row)
    work(app)
    assert sum(stretches[:4]) == 4
    assert shown(team, run_id)["criados"] == 5


def test_its_file_goes_with_it(app: Flask, team: Team, sql: Engine) -> None:
    blocks = "select count(*) from importacao_blocos where equipe_id = :e"
    later(team, SIX)
    assert rows(sql, blocks, e=team.equipe_id) == [(1,)]
    work(app)
    assert rows(sql, blocks, e=team.equipe_id) == [(0,)]


def test_a_call_does_not_import_beside_a_job(app: Flask, team: Team, twos: None) -> None:
    run_id, replies = later(team, SIX)["id"], []

    def beside() -> bool:
        if shown(team, run_id)["linhas"] == 2:
            replies.append(upload(team.gestor.api, "nome\nZ\n"))
        return False

    with app.app_context():
        while Worker(beside).turn():
            pass
    assert {(reply.status, reply.codigo) for reply in replies} == {(409, "IMPORTACAO_EM_ANDAMENTO")}
    assert upload(team.gestor.api, "nome\nZ\n").status == 200


def test_imports_are_listed_the_newest_first(app: Flask, team: Team, other_team: Team) -> None:
    upload(other_team.gestor.api, SIX)
    ids = [upload(team.gestor.api, SIX).data["id"] for _ in range(3)]
    ids.append(later(team, SIX)["id"])
    cancel(team, ids[-1])
    found, cursor = [], None
    while cursor or not found:
        query = {"limite": 3} | ({"cursor": cursor} if cursor else {})
        page = team.gestor.api.get("/imports", query_string=query).data
        found += [(each["id"], each["estado"], each["linhas"]) for each in page["itens"]]
        cursor = page["proximo"]
    done = [(run_id, "concluida", 6) for run_id in ids[-2::-1]]
    assert found == [(ids[-1], "cancelada", 0), *done]


def test_who_lost_the_power_to_import_does_not_go_on(app: Flask, team: Team, sql: Engine) -> None:
    run_id = later(team, SIX)["id"]
    role = "update usuarios set role = :r where id = :id"
    run(sql, role, r="vendedor", id=team.gestor.id)
    work(app)
    run(sql, role, r="gestor", id=team.gestor.id)
    failed = shown(team, run_id)
    assert (failed["estado"], failed["linhas"]) == ("falhou", 0)
    assert failed["erro"]["codigo"] == "PROIBIDO"
