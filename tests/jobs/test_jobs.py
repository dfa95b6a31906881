"""Jobs over HTTP: who sees which, how far they are, and how one is cancelled."""

import pytest
from flask import Flask
from sqlalchemy import Engine

from models.db import transaction
from services import jobService
from services.jobService import MAX_QUEUED, QueueFull
from tests.support.actors import actor
from tests.support.api import Api, Team
from tests.support.jobs import KIND, ask, kind, note_step, principal, seen, work
from tests.support.leads import create, rows, run
from tests.support.sweeping import sweep

FINAL = ("concluida", "falhou", "cancelada")


def test_a_job_from_the_queue_to_its_end(app: Flask, team: Team, sql: Engine) -> None:
    api = team.gestor.api
    for _ in range(3):
        create(api)
    job_id = ask(api)
    queued = seen(api, job_id)
    assert (queued["tipo"], queued["estado"]) == ("repontuar", "na_fila")
    assert (queued["usuario_id"], queued["chave_id"]) == (team.gestor.id, None)
    nothing_yet = ("progresso", "resultado", "erro", "iniciada_em", "concluida_em")
    assert {name: queued[name] for name in nothing_yet} == dict.fromkeys(nothing_yet)
    work(app)
    ended = seen(api, job_id)
    assert (ended["estado"], ended["erro"]) == ("concluida", None)
    assert ended["progresso"] == {"feitos": 3, "total": 3}
    assert ended["resultado"] == {"repontuados": 3}
    assert ended["criado_em"] < ended["iniciada_em"] <= ended["concluida_em"]


def test_an_ended_job_keeps_nothing_of_what_was_asked(
    app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with kind(monkeypatch, note_step):
        done = ask(team.gestor.api, KIND, passos=1, q="maria")
        work(app)
        cancelled = ask(team.gestor.api, KIND, passos=1, q="maria")
        assert team.gestor.api.post(f"/jobs/{cancelled}/cancel").status == 200
    for job_id in (done, cancelled):
        kept = rows(sql, "select parametros, checkpoint from trabalhos where id = :i", i=job_id)
        assert kept == [({}, None)]


def test_what_was_done_until_now_is_not_shown_as_the_result(
    app: Flask, team: Team, sql: Engine
) -> None:
    job_id = ask(team.gestor.api)
    half = (
        "update trabalhos set estado = 'em_andamento', tomado_por = 'x', progresso = "
        """'{"feitos": 5, "total": 9}', resultado = '{"repontuados": 5}', """
        "tomado_ate = now() + interval '1 hour' where id = :i"
    )
    run(sql, half, i=job_id)
    shown = seen(team.gestor.api, job_id)
    assert (shown["resultado"], shown["progresso"]) == (None, {"feitos": 5, "total": 9})
    run(sql, "delete from trabalhos where id = :i", i=job_id)


def test_a_gestor_sees_all_jobs_and_a_vendedor_their_own(
    app: Flask, team: Team, other_team: Team
) -> None:
    callers = {
        "gestor": team.gestor.api,
        "vendedor": team.vendedor.api,
        "colleague": team.colleague.api,
        "gestor's key": actor(app, team, "gestor's key").api,
        "vendedor's key": actor(app, team, "vendedor's key").api,
        "stranger": other_team.gestor.api,
    }
    ids = {who: ask(api) for who, api in callers.items()}
    own = {who: [ids[who]] for who in callers}
    everyone = sorted((ids[who] for who in callers if who != "stranger"), reverse=True)
    expected = own | {"gestor": everyone, "gestor's key": everyone}
    for who, api in callers.items():
        found = [job["id"] for job in api.get("/jobs").data["itens"]]
        assert found == expected[who], who
        for job_id in ids.values():
            status = 200 if job_id in expected[who] else 404
            assert api.get(f"/jobs/{job_id}").status == status, (who, job_id)
            if status == 404:
                assert api.post(f"/jobs/{job_id}/cancel").status == 404
    assert all(seen(callers[who], ids[who])["estado"] == "na_fila" for who in callers)


def test_pages_and_states(app: Flask, team: Team) -> None:
    api = team.gestor.api
    ids = [ask(api) for _ in range(5)]
    assert api.post(f"/jobs/{ids[2]}/cancel").status == 200
    found, query = [], {"limite": 2}
    while True:
        page = api.get("/jobs", query_string=query).data
        found.append([job["id"] for job in page["itens"]])
        if page["proximo"] is None:
            break
        query = {"limite": 2, "cursor": page["proximo"]}
    newest = ids[::-1]
    assert found == [newest[:2], newest[2:4], newest[4:]]
    assert listed(api, "estado=cancelada") == [ids[2]]
    assert listed(api, "estado=cancelada&estado=na_fila") == newest
    assert listed(api, "estado=concluida&estado=falhou") == []


def listed(api: Api, query: str) -> list[int]:
    return [job["id"] for job in api.get(f"/jobs?{query}").data["itens"]]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("estado=pronta", "estado.0"),
        ("limite=0", "limite"),
        ("limite=101", "limite"),
        ("tipo=repontuar", "tipo"),
        ("estado=na_fila&" * 6, "estado"),
    ],
)
def test_a_bad_parameter_is_named(team: Team, query: str, field: str) -> None:
    reply = team.gestor.api.get(f"/jobs?{query}")
    assert reply.status == 422
    assert list(reply.campos) == [field]


def test_a_cursor_of_another_list_is_refused(app: Flask, team: Team) -> None:
    api = team.gestor.api
    for _ in range(2):
        ask(api)
    cursor = api.get("/jobs?limite=1").data["proximo"]
    assert api.get(f"/jobs?limite=1&cursor={cursor}").status == 200
    for path in ("/jobs?estado=na_fila&", "/leads?"):
        reply = api.get(f"{path}cursor={cursor}")
        assert (reply.status, reply.codigo) == (400, "CURSOR_INVALIDO")
    assert team.vendedor.api.get(f"/jobs?cursor={cursor}").status == 400


def test_a_queued_job_is_cancelled_at_once_and_never_done(
    app: Flask, team: Team, sql: Engine
) -> None:
    api = team.gestor.api
    job_id = ask(api)
    cancelled = api.post(f"/jobs/{job_id}/cancel")
    assert (cancelled.status, cancelled.data["estado"]) == (200, "cancelada")
    assert cancelled.data["concluida_em"] and cancelled.data["resultado"] is None
    work(app)
    again = api.post(f"/jobs/{job_id}/cancel")
    assert (again.status, again.data) == (200, cancelled.data)


@pytest.mark.parametrize("estado", ["concluida", "falhou"])
def test_an_ended_job_cannot_be_cancelled(app: Flask, team: Team, sql: Engine, estado: str) -> None:
    api = team.gestor.api
    job_id = ask(api)
    work(app)
    run(sql, "update trabalhos set estado = :s where id = :i", s=estado, i=job_id)
    before = seen(api, job_id)
    reply = api.post(f"/jobs/{job_id}/cancel")
    assert (reply.status, reply.codigo) == (409, "TRABALHO_TERMINADO")
    assert seen(api, job_id) == before


def test_a_vendedor_cancels_their_own(team: Team) -> None:
    job_id = ask(team.vendedor.api)
    assert team.vendedor.api.post(f"/jobs/{job_id}/cancel").data["estado"] == "cancelada"


def test_an_equipe_cannot_fill_the_queue(app: Flask, team: Team, other_team: Team) -> None:
    for _ in range(MAX_QUEUED):
        ask(team.gestor.api)
    with pytest.raises(QueueFull) as caught:
        ask(team.gestor.api)
    assert (caught.value.status, caught.value.code) == (409, "FILA_CHEIA")
    assert caught.value.retry_after
    ask(other_team.gestor.api)
    work(app)
    ask(team.gestor.api)


def test_the_operator_may_ask_for_any_equipe(app: Flask, team: Team) -> None:
    create(team.gestor.api)
    done = app.test_cli_runner().invoke(args=["scores", "rescore", "--equipe", str(2**40)])
    assert (done.exit_code, "Não há equipe" in done.output) == (1, True)
    done = app.test_cli_runner().invoke(args=["scores", "rescore", "--equipe", str(team.equipe_id)])
    assert done.exit_code == 0
    (job,) = team.gestor.api.get("/jobs").data["itens"]
    assert (job["usuario_id"], job["estado"]) == (None, "concluida")
    assert job["resultado"] == {"repontuados": 1}
    assert team.vendedor.api.get("/jobs").data["itens"] == []


def test_old_jobs_are_swept(app: Flask, team: Team, sql: Engine) -> None:
    ids = [ask(team.gestor.api) for _ in range(3)]
    work(app)
    aged = "update trabalhos set concluida_em = now() - cast(:age as interval) where id = :i"
    run(sql, aged, age="91 days", i=ids[0])
    run(sql, aged, age="89 days", i=ids[1])
    sweep(app, team)
    assert {job["id"] for job in team.gestor.api.get("/jobs").data["itens"]} == set(ids[1:])


def test_a_job_belongs_to_the_request_that_asked(app: Flask, team: Team, sql: Engine) -> None:
    """What is rolled back was not asked for."""
    caller = principal(team.gestor.api)
    with app.app_context(), pytest.raises(ZeroDivisionError), transaction():
        jobService.enqueue(caller, "repontuar", {})
        raise ZeroDivisionError
    assert team.gestor.api.get("/jobs").data["itens"] == []
