"""The queue is what its settings and the history say, whatever has been done to a lead since."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from services.queue import refitting
from tests.support.activities import act, aged, at, changed, lease
from tests.support.api import Team
from tests.support.jobs import work
from tests.support.leads import create, rows
from tests.support.queue_check import check_queue
from tests.support.queues import attempt, claim, claimed, entry


def said(team: Team, **fila: Any) -> None:
    assert team.gestor.api.patch("/equipe", {"fila": fila}).status == 200


def tried(team: Team, times: int) -> int:
    lead = create(team.vendedor.api)["id"]
    for _ in range(times):
        act(team.vendedor.api, lead, resultado="nao_atendeu")
    return lead


def jobs(sql: Engine, team: Team) -> list[Any]:
    return rows(sql, "select tipo from trabalhos where equipe_id = :e", e=team.equipe_id)


@pytest.mark.parametrize("many", [False, True])
def test_more_attempts_bring_leads_back_and_fewer_take_them_out(
    app: Flask, team: Team, sql: Engine, many: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if many:
        monkeypatch.setattr(refitting, "MOST_AT_ONCE", 1)
    lead, other = tried(team, 6), tried(team, 3)
    assert entry(sql, lead) is None
    for most, there in ((7, True), (6, False), (3, False), (4, False), (50, True)):
        said(team, tentativas=most)
        work(app)
        assert (entry(sql, lead) is not None) is there
        assert (entry(sql, other) is not None) is (most > 3)
        check_queue(sql, team.equipe_id)
    assert bool(jobs(sql, team)) is many
    assert entry(sql, lead)["tentativas"] == 6
    assert entry(sql, lead)["livre_em"] is not None  # it rests as its last attempt says


def test_other_waits_count_for_leads_that_rest(team: Team, sql: Engine) -> None:
    lead = tried(team, 1)
    last = rows(sql, "select concluida_em from atividades where lead_id = :id", id=lead)[0][0]
    for hours in (1, 48):
        said(team, esperas_h={"nao_atendeu": [hours]})
        rest = datetime.fromisoformat(entry(sql, lead)["livre_em"]) - last
        assert rest.total_seconds() == hours * 3600
    said(team, intervalo_min=30)
    pause = datetime.fromisoformat(entry(sql, lead)["nao_antes_de"]) - last
    assert pause.total_seconds() == 1800
    said(team, esperas_h={"nao_atendeu": [0]}, intervalo_min=0)
    assert claimed(team.vendedor.api) == lead


def test_who_holds_a_lead_holds_it_still(team: Team, sql: Engine) -> None:
    create(team.gestor.api)
    lead = claimed(team.vendedor.api)
    attempt(sql, team.vendedor.id, lead, "nao_atendeu", ago=100)
    before = entry(sql, lead)
    said(team, esperas_h={"nao_atendeu": [1]}, tentativas=9, gama=0)
    found = entry(sql, lead)
    assert found["reservado_por"] == team.vendedor.id
    assert found["reservado_ate"] == before["reservado_ate"]


def _deleted(team: Team, lead: int, _: int) -> None:
    assert team.gestor.api.delete(f"/leads/{lead}").status == 200
    assert team.gestor.api.post(f"/leads/{lead}/restore").status == 200


def _corrected(team: Team, _: int, attempt: int) -> None:
    changed(team.gestor.api, attempt, resultado="outro")


def _removed(team: Team, _: int, attempt: int) -> None:
    assert team.gestor.api.delete(f"/activities/{attempt}").status == 200


def _closed(team: Team, lead: int, _: int) -> None:
    for etapa in ("ganho", "novo"):
        path = f"/leads/{lead}/move"
        assert team.gestor.api.post(path, {"etapa": etapa}).status == 200


def _other_settings(team: Team, *_: int) -> None:
    said(team, intervalo_min=1)


DOINGS = [_deleted, _corrected, _removed, _closed, _other_settings]
Doing = Callable[[Team, int, int], None]


def long_ago(team: Team, sql: Engine) -> tuple[int, int]:
    """A lead that was tried long ago, and the attempt."""
    lead = create(team.gestor.api)["id"]
    aged(sql, lead)
    done = act(team.gestor.api, lead, resultado="nao_atendeu", concluida_em=at(days=-60))
    return lead, done["atividade"]["id"]


@pytest.mark.parametrize("do", DOINGS)
def test_the_hour_of_a_skip_lasts(team: Team, sql: Engine, do: Doing) -> None:
    lead, attempt_id = long_ago(team, sql)
    assert claimed(team.vendedor.api) == lead
    skipped = team.vendedor.api.post("/queue/skip", {"motivo": "depois"}).data
    before = entry(sql, lead)
    do(team, lead, attempt_id)
    after = entry(sql, lead)
    for name in ("livre_em", "nao_antes_de"):
        assert after[name] == before[name], name
    assert claim(team.vendedor.api)["tentar_em"] == skipped["livre_em"]
    check_queue(sql, team.equipe_id)


@pytest.mark.parametrize("do", [_deleted, _corrected, _removed, _other_settings])
def test_the_rest_after_a_move_lasts(team: Team, sql: Engine, do: Doing) -> None:
    lead, attempt_id = long_ago(team, sql)
    lease(sql, team.vendedor, lead)
    path = f"/leads/{lead}/move"
    assert team.vendedor.api.post(path, {"etapa": "contatado"}).status == 200
    before = entry(sql, lead)["livre_em"]
    assert before is not None
    do(team, lead, attempt_id)
    assert entry(sql, lead)["livre_em"] == before
    told = "select usuario_id from eventos where lead_id = :id and tipo = 'reserva_encerrada'"
    assert rows(sql, told, id=lead) == [(team.vendedor.id,)]


def test_what_came_of_a_call_counts_more_than_a_skip_before_it(team: Team, sql: Engine) -> None:
    lead = create(team.vendedor.api)["id"]
    assert claimed(team.vendedor.api) == lead
    assert team.vendedor.api.post("/queue/skip", {"motivo": "depois"}).status == 200
    act(team.vendedor.api, lead, resultado="agendou", prevista_para=at(minutes=10))
    assert entry(sql, lead)["nao_antes_de"] is None
