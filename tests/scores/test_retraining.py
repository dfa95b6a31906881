"""The sweep asks for a training when there is something new to learn, and else for none."""

from itertools import islice

import pytest
from flask import Flask
from sqlalchemy import Engine

from services.model import comparing
from tests.support.api import Team
from tests.support.closed import bring, card, leads, train
from tests.support.jobs import work
from tests.support.leads import rows, run
from tests.support.publishing import publish, rule
from tests.support.sweeping import sweep

QUEUED = "select estado from trabalhos where equipe_id = :e and tipo = 'treinar' order by id"


@pytest.fixture(autouse=True)
def nothing_waits(app: Flask) -> None:
    """Jobs that other tests have left would come to their turn here."""
    work(app)


def asked(app: Flask, team: Team, sql: Engine) -> int:
    """For how many trainings a sweep asks."""
    before = len(rows(sql, QUEUED, e=team.equipe_id))
    for _ in range(2):  # one that waits is enough
        sweep(app, team)
    return len(rows(sql, QUEUED, e=team.equipe_id)) - before


def age(sql: Engine, team: Team, days: float) -> None:
    """What was trained and asked for was so many days ago."""
    back = f"interval '{days} days'"
    run(sql, f"update modelos set treinado_em = now() - {back} where equipe_id = {team.equipe_id}")
    run(sql, f"update trabalhos set criado_em = now() - {back} where equipe_id = {team.equipe_id}")


def test_the_first_training_is_of_thirty_closed_leads(app: Flask, team: Team, sql: Engine) -> None:
    closed = leads(60)
    bring(team.gestor.api, list(islice(closed, 29)))
    assert asked(app, team, sql) == 0
    bring(team.gestor.api, list(islice(closed, 1)))
    assert asked(app, team, sql) == 1
    work(app)
    assert card(team.gestor.api)["n"] == 30
    assert asked(app, team, sql) == 0


def test_the_next_one_is_of_a_tenth_more_and_a_day_later(
    app: Flask, team: Team, sql: Engine
) -> None:
    closed = leads(100)
    bring(team.gestor.api, list(islice(closed, 60)))
    train(app, team.gestor.api)
    bring(team.gestor.api, list(islice(closed, 6)))
    assert asked(app, team, sql) == 0
    age(sql, team, 1.1)
    assert asked(app, team, sql) == 1
    work(app)
    age(sql, team, 1.1)
    bring(team.gestor.api, list(islice(closed, 5)))
    assert asked(app, team, sql) == 0


def test_after_thirty_days_there_is_one_in_any_case(app: Flask, team: Team, sql: Engine) -> None:
    bring(team.gestor.api, list(leads(60)))
    train(app, team.gestor.api)
    age(sql, team, 29.9)
    assert asked(app, team, sql) == 0
    age(sql, team, 30.1)
    assert asked(app, team, sql) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"taxa_ganho": 0.3},
        {"campos_permitidos": [{"campo": "atributos.idade", "motivo": "Há limite por lei."}]},
    ],
)
def test_so_there_is_where_it_would_go_by_something_else(
    app: Flask, team: Team, sql: Engine, change: dict[str, object]
) -> None:
    bring(team.gestor.api, list(leads(60)))
    train(app, team.gestor.api)
    age(sql, team, 0.1)
    assert asked(app, team, sql) == 0
    assert team.gestor.api.patch("/equipe", change).status == 200
    assert asked(app, team, sql) == 1
    work(app)
    age(sql, team, 0.1)
    assert asked(app, team, sql) == 0


def test_so_there_is_where_nothing_says_what_the_rules_may_tell_of(
    app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of a model from before that was kept: another takes its place, even a worse one."""
    bring(team.gestor.api, list(leads(60)))
    publish(team.gestor.api, rule("atributos.plano", "igual", "ouro", 20))
    work(app)
    train(app, team.gestor.api)
    age(sql, team, 0.1)
    assert asked(app, team, sql) == 0
    older = "update modelos set cartao = cartao - 'vista' where equipe_id = :e"
    run(sql, older, e=team.equipe_id)
    assert asked(app, team, sql) == 1
    monkeypatch.setattr(comparing, "_is_worse", lambda _: True)
    work(app)
    assert (card(team.gestor.api)["versao"], card(team.gestor.api)["motivo"]) == (2, None)
    age(sql, team, 0.1)
    assert asked(app, team, sql) == 0


def test_it_is_asked_for_as_the_last_one_was(app: Flask, team: Team, sql: Engine) -> None:
    bring(team.gestor.api, list(leads(60)))
    train(app, team.gestor.api, janela=False, guarda_calendario=False)
    age(sql, team, 31)
    assert asked(app, team, sql) == 1
    work(app)
    told = card(team.gestor.api)["parametros"]
    assert (told["janela"], told["guarda_calendario"]) == (False, False)
