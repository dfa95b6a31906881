"""An undo as a job: in steps, taken up again after whatever was killed, beside other writers."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from commands.worker import Worker
from services import undoService
from services.imports import stepping
from services.imports.undoing import undoing
from tests.imports.test_jobs import Killed, cancel, later, shown
from tests.support.api import Team
from tests.support.derived import check
from tests.support.jobs import seen, work
from tests.support.leads import all_leads, create, imported, new_cpf, rows, run
from tests.support.undone import state, undo
from tests.support.waiting import WAITING

LATER = {"Prefer": "respond-async"}
FREE = "update trabalhos set tomado_ate = now() where equipe_id = :e"


@pytest.fixture
def twos(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps of two leads. What another test has left would take long so."""
    work(app)
    monkeypatch.setattr(undoService, "_FIRST", 2)
    monkeypatch.setattr(stepping, "next_size", lambda size, _: size)


def mixed(team: Team, known: int, new: int) -> tuple[list[dict[str, Any]], int]:
    """Leads, and an import that changes them and makes others."""
    documents = [new_cpf() for _ in range(known + new)]
    for document in documents[:known]:
        create(team.gestor.api, documento=document, nome="Antes", valor="10")
    leads = all_leads(team.gestor.api)
    csv = "documento,nome,valor\n" + "".join(f"{d},Depois,20\n" for d in documents)
    report = imported(team.gestor.api, csv, duplicados="atualizar")
    assert (report["atualizados"], report["criados"]) == (known, new)
    return leads, report["id"]


def put_off(team: Team, run_id: int) -> int:
    """Ask for an undo that waits for a worker; the job."""
    reply = undo(team.gestor.api, run_id, headers=LATER)
    assert reply.status == 202, reply.body
    assert reply.headers["Location"] == f"/imports/{run_id}"
    assert (reply.data["estado"], reply.data["excluidos"]) == ("concluida", 0)
    return reply.data["trabalho_id"]


@pytest.mark.usefixtures("twos")
def test_it_is_done_in_steps(app: Flask, team: Team, sql: Engine) -> None:
    leads, run_id = mixed(team, 5, 5)
    before = [(lead["id"], lead["nome"], lead["valor"]) for lead in leads]
    touched = all_leads(team.gestor.api)[-1]["id"]
    assert team.gestor.api.patch(f"/leads/{touched}", {"cidade": "Lins"}).status == 200
    job_id = put_off(team, run_id)
    work(app)
    job = seen(team.gestor.api, job_id)
    assert (job["estado"], job["tipo"]) == ("concluida", "desfazer")
    assert job["progresso"] == {"feitos": 10, "total": 10}
    counts = {"excluidos": 4, "restaurados": 5, "mantidos_total": 1}
    assert job["resultado"] == {"importacao_id": run_id, **counts}
    kept = [{"lead_id": touched, "motivo": "alterado"}]
    done = shown(team, run_id)
    assert (done["estado"], done["desfeito"]) == ("desfeita", {**counts, "mantidos": kept})
    after = [(lead["id"], lead["nome"], lead["valor"]) for lead in all_leads(team.gestor.api)]
    assert after[:5] == before
    assert [lead_id for lead_id, *_ in after[5:]] == [touched]
    check(sql, team.equipe_id)


def test_a_large_one_is_a_job_by_itself(app: Flask, team: Team, sql: Engine) -> None:
    csv = "nome\n" + "".join(f"Lead {n}\n" for n in range(1_001))
    run_id = imported(team.gestor.api, csv)["id"]
    assert undo(team.gestor.api, run_id).status == 202
    work(app)
    assert shown(team, run_id)["desfeito"]["excluidos"] == 1_001
    assert all_leads(team.gestor.api) == []


@pytest.mark.usefixtures("twos")
@pytest.mark.parametrize("step", range(1, 6))
def test_killed_in_any_step_it_goes_on(
    app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    _, run_id = mixed(team, 4, 4)
    put_off(team, run_id)
    with monkeypatch.context() as within:
        real, done = undoing._undo, []

        def killed(*arguments: Any) -> None:
            real(*arguments)
            done.append(1)
            if len(done) == step:
                raise Killed

        within.setattr(undoing, "_undo", killed)
        with pytest.raises(Killed):
            work(app)
    run(sql, FREE, e=team.equipe_id)
    work(app)
    desfeito = shown(team, run_id)["desfeito"]
    assert [desfeito[name] for name in ("excluidos", "restaurados", "mantidos_total")] == [4, 4, 0]
    assert [lead["nome"] for lead in all_leads(team.gestor.api)] == ["Antes"] * 4
    check(sql, team.equipe_id)


@pytest.mark.usefixtures("twos")
def test_one_that_was_cancelled_is_asked_for_again(app: Flask, team: Team, sql: Engine) -> None:
    _, run_id = mixed(team, 3, 3)
    job_id = put_off(team, run_id)
    twice = undo(team.gestor.api, run_id)
    assert (twice.status, twice.codigo) == (409, "IMPORTACAO_DESFEITA")

    def cancelled() -> bool:
        assert team.gestor.api.post(f"/jobs/{job_id}/cancel").status == 200
        return False

    with app.app_context():
        while Worker(cancelled).turn():
            pass
    half = shown(team, run_id)
    assert (half["estado"], half["desfeito"]["restaurados"]) == ("concluida", 2)
    reply = undo(team.gestor.api, run_id, headers=LATER)
    assert (reply.status, reply.data["restaurados"]) == (202, 2)
    work(app)
    whole = shown(team, run_id)["desfeito"]
    assert [whole[name] for name in ("excluidos", "restaurados", "mantidos_total")] == [3, 3, 0]
    check(sql, team.equipe_id)


SIX = "nome\nA\nB\nC\nD\nE\nF\n"


@pytest.fixture
def halved(app: Flask, team: Team, monkeypatch: pytest.MonkeyPatch) -> int:
    """An import that was cancelled after four of six lines."""
    monkeypatch.setattr(stepping, "FIRST", 2)
    monkeypatch.setattr(stepping, "next_size", lambda size, _: size)
    run_id = later(team, SIX)["id"]

    def cancelled() -> bool:
        if shown(team, run_id)["linhas"] == 4:
            cancel(team, run_id)
        return False

    with app.app_context():
        while Worker(cancelled).turn():
            pass
    assert shown(team, run_id)["estado"] == "cancelada"
    return run_id


def test_an_import_that_was_cancelled_is_undone_too(team: Team, halved: int) -> None:
    reply = undo(team.gestor.api, halved)
    assert (reply.status, reply.data["excluidos"]) == (200, 4)
    assert shown(team, halved)["estado"] == "desfeita"
    assert all_leads(team.gestor.api) == []


def test_after_a_cancelled_import_another_one_may_begin(team: Team, halved: int) -> None:
    assert imported(team.gestor.api, SIX)["criados"] == 6


def test_an_import_that_has_not_ended_is_not_undone(app: Flask, team: Team) -> None:
    run_id = later(team, SIX)["id"]
    reply = undo(team.gestor.api, run_id)
    assert (reply.status, reply.codigo) == (409, "IMPORTACAO_EM_ANDAMENTO")
    assert "cancele" in reply.message
    work(app)
    assert undo(team.gestor.api, run_id).status == 200


def test_nothing_is_undone_while_a_worker_is_at_an_import(
    app: Flask, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stepping, "FIRST", 2)
    monkeypatch.setattr(stepping, "next_size", lambda size, _: size)
    before = imported(team.gestor.api, "nome\nZ\n")["id"]
    run_id, replies = later(team, SIX)["id"], []

    def beside() -> bool:
        if shown(team, run_id)["linhas"] == 2:
            replies.append(undo(team.gestor.api, before))
        return False

    with app.app_context():
        while Worker(beside).turn():
            pass
    assert {(reply.status, reply.codigo) for reply in replies} == {(409, "IMPORTACAO_EM_ANDAMENTO")}
    assert undo(team.gestor.api, before).status == 200


@pytest.mark.parametrize("what", ["patch", "claim", "activity", "delete"])
def test_a_writer_who_came_first_is_waited_for_and_seen(
    app: Flask, team: Team, sql: Engine, what: str
) -> None:
    """Whatever holds the lead when the undo comes: the lead stays."""
    run_id = imported(team.gestor.api, "nome\nAna\n")["id"]
    (lead,) = all_leads(team.gestor.api)
    writes = {
        "patch": "update leads set cidade = 'Lins', versao = versao + 1 where id = :id",
        "claim": "update fila set reservado_por = :u, reservado_ate = now() + interval '1 hour' "
        "where lead_id = :id",
        "activity": "with l as (select id, equipe_id from leads where id = :id for no key update) "
        "insert into eventos (equipe_id, tipo, lead_id) select equipe_id, 'atividade_criada', id "
        "from l",
        "delete": "update leads set excluido_em = now(), versao = versao + 1 where id = :id",
    }
    with (
        ThreadPoolExecutor(1) as pool,
        sql.execution_options(isolation_level="READ COMMITTED").connect() as writer,
    ):
        writer.execute(text(writes[what]), {"id": lead["id"], "u": team.vendedor.id})
        undoing_it = pool.submit(undo, team.gestor.api, run_id)
        while rows(sql, WAITING) == [(0,)]:
            assert not undoing_it.done()
        writer.commit()
        reply = undoing_it.result()
    assert (reply.data["excluidos"], reply.data["mantidos_total"]) == (0, 1)
    assert rows(sql, "select 1 from leads where id = :id", id=lead["id"]) == [(1,)]


def test_a_writer_who_comes_later_finds_nothing(
    app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = imported(team.gestor.api, "nome\nAna\n")["id"]
    (lead,) = all_leads(team.gestor.api)
    real = undoing._undo
    with ThreadPoolExecutor(2) as pool:
        futures: list[Any] = []

        def meeting(*arguments: Any) -> None:
            real(*arguments)
            api = team.vendedor.api
            path = f"/leads/{lead['id']}"
            futures.append(pool.submit(team.gestor.api.patch, path, {"cidade": "Lins"}))
            while rows(sql, WAITING) == [(0,)]:
                assert not futures[0].done()
            futures.append(pool.submit(api.post, "/queue/next", {}))
            futures[1].result()

        monkeypatch.setattr(undoing, "_undo", meeting)
        assert undo(team.gestor.api, run_id).data["excluidos"] == 1
        assert futures[0].result().status == 404
        assert futures[1].result().data["situacao"] != "lead"
    before = state(sql, team.equipe_id)
    assert before["leads"] == before["fila"] == []
