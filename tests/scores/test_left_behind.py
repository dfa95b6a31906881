"""A version that is in force is what all leads are scored by in the end, whatever becomes of the
job and of whoever asked for it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine

from commands.worker import Worker
from services import scoreService
from services.scores import behind
from tests.support.actors import actor
from tests.support.api import Team
from tests.support.closed import bring, leads
from tests.support.jobs import seen, work
from tests.support.leads import imported, rows, run
from tests.support.publishing import EVENT, check_current, publish, versions
from tests.support.sweeping import sweep

MODELS = "select distinct modelo_versao from lead_pontuacao where equipe_id = :e"
ASKED = "select count(*) from trabalhos where equipe_id = :e and tipo = 'repontuar'"
TAKEN = "update usuarios set ativo = false where id = :u"
LOSSES = {
    "deactivated": ("gestor", TAKEN),
    "demoted": ("gestor", "update usuarios set role = 'vendedor' where id = :u"),
    "key revoked": ("gestor's key", "update chaves set revogada_em = now() where equipe_id = :e"),
}


@pytest.fixture(autouse=True)
def small_steps(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Of three leads; and jobs that other tests have left would come to their turn here."""
    work(app)
    monkeypatch.setattr(scoreService, "MOST", 3)
    monkeypatch.setattr(scoreService, "_FEWEST", 1)
    monkeypatch.setattr(behind, "MOST", 4)
    yield


def bring_ten(team: Team) -> None:
    imported(team.gestor.api, "nome,origem\n" + "".join(f"L{n},evento\n" for n in range(10)))


def begin(app: Flask) -> None:
    with app.app_context():
        Worker(stopped=lambda: True).turn()


@pytest.mark.parametrize(("who", "change"), LOSSES.values(), ids=LOSSES)
def test_a_publication_is_carried_out_though_whoever_asked_may_no_longer(
    app: Flask, team: Team, sql: Engine, who: str, change: str
) -> None:
    equipe_id = team.equipe_id
    bring_ten(team)
    caller = actor(app, team, who)
    n, job = publish(caller.api, EVENT)
    begin(app)
    assert versions(sql, equipe_id) == {0, n}
    run(sql, change.replace(":u", str(caller.person.id)).replace(":e", str(equipe_id)))
    work(app)
    assert rows(sql, "select estado from trabalhos where id = :i", i=job) == [("concluida",)]
    assert versions(sql, equipe_id) == {n}


def test_an_adopted_model_is_carried_out_too(app: Flask, team: Team, sql: Engine) -> None:
    equipe_id = team.equipe_id
    bring(team.gestor.api, list(leads(60)))
    asked = team.gestor.api.post("/scores/model/train", {}).data["id"]
    for _ in range(20):
        begin(app)
        if rows(sql, "select from modelos where equipe_id = :e", e=equipe_id):
            break
    run(sql, TAKEN.replace(":u", str(team.gestor.id)))
    work(app)
    assert rows(sql, "select estado from trabalhos where id = :i", i=asked) == [("concluida",)]
    assert rows(sql, MODELS, e=equipe_id) == [(1,)]


def test_a_training_that_has_decided_nothing_ends_with_the_power(
    app: Flask, team: Team, sql: Engine
) -> None:
    equipe_id = team.equipe_id
    bring(team.gestor.api, list(leads(60)))
    asked = team.gestor.api.post("/scores/model/train", {}).data["id"]
    run(sql, TAKEN.replace(":u", str(team.gestor.id)))
    work(app)
    assert rows(sql, "select estado from trabalhos where id = :i", i=asked) == [("falhou",)]
    assert rows(sql, MODELS, e=equipe_id) == [(0,)]


@pytest.mark.parametrize("begun", [False, True])
def test_what_a_cancelled_publication_has_left_is_scored_all_the_same(
    app: Flask, team: Team, other_team: Team, sql: Engine, begun: bool
) -> None:
    bring_ten(team)
    bring_ten(other_team)
    n, job = publish(team.gestor.api, EVENT)
    if begun:
        begin(app)
    sweep(app, team)  # while it waits or is being done, nothing is left behind
    assert rows(sql, ASKED, e=team.equipe_id) == [(0,)]
    assert team.gestor.api.post(f"/jobs/{job}/cancel").status == 200
    work(app)
    assert 0 in versions(sql, team.equipe_id)
    for _ in range(2):
        sweep(app, team, other_team)
    assert [rows(sql, ASKED, e=e) for e in (team.equipe_id, other_team.equipe_id)] == [
        [(1,)],
        [(0,)],
    ]
    work(app)
    assert versions(sql, team.equipe_id) == {n}
    assert seen(team.gestor.api, job)["estado"] == "cancelada"
    check_current(app, sql, team)


def test_where_all_are_in_line_nobody_looks_again(
    app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until other versions come into force."""
    bring_ten(team)
    publish(team.gestor.api, EVENT)
    work(app)
    sweep(app, team)
    looked: list[int] = []
    look = behind.look
    monkeypatch.setattr(behind, "look", lambda e: (looked.append(e), look(e))[1])
    sweep(app, team)
    assert team.equipe_id not in looked
    _, job = publish(team.gestor.api, EVENT, base=1)
    team.gestor.api.post(f"/jobs/{job}/cancel")
    sweep(app, team)
    assert team.equipe_id in looked
    assert rows(sql, ASKED, e=team.equipe_id) == [(1,)]
