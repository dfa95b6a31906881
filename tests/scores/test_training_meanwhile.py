"""What happens while a training learns: it fails, or what it goes by is changed."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from services import modelService, workService
from services.model import material
from tests.support.api import Api, Team
from tests.support.closed import bring, card, leads
from tests.support.jobs import ask, seen, work
from tests.support.leads import rows
from tests.support.publishing import EVENT, publish

TRAINED = "select count(*) from modelos where equipe_id = :e"
FIELD = "atributos.contrato"
Meanwhile = Callable[[], Any]


@pytest.fixture(autouse=True)
def nothing_waits(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs that other tests have left would come to their turn here; and there are no pauses."""
    work(app)
    monkeypatch.setattr(workService, "pause_after", lambda _: 0.0)


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Meanwhile) -> None:
    """Whenever a training has learned, this happens before the model is kept."""
    train = material.train

    def trained(read: material.Material) -> material.Trained:
        found = train(read)
        happens()
        return found

    monkeypatch.setattr(material, "train", trained)


def allow(api: Api, *names: str) -> None:
    asked = [{"campo": name, "motivo": "Já se sabe no primeiro contato."} for name in names]
    assert api.patch("/equipe", {"campos_permitidos": asked}).status == 200


def test_one_that_cannot_learn_ends_and_lets_the_next_job_go(
    app: Flask, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(team.gestor.api, list(leads(60)))
    tried: list[int] = []

    def fails() -> None:
        tried.append(1)
        raise RuntimeError

    meanwhile(monkeypatch, fails)
    training, behind = ask(team.gestor.api, "treinar"), ask(team.gestor.api, "repontuar")
    work(app)
    job = seen(team.gestor.api, training)
    assert (job["estado"], job["erro"]["codigo"]) == ("falhou", "ERRO_INTERNO")
    assert len(tried) == workService.TRIES
    assert seen(team.gestor.api, behind)["estado"] == "concluida"


def test_a_permission_that_is_withdrawn_meanwhile_counts(
    app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = leads(400, more=lambda n, won: {"contrato": "x" if won else ""})
    bring(team.gestor.api, list(told))
    allow(team.gestor.api, FIELD)
    meanwhile(monkeypatch, lambda: allow(team.gestor.api))
    training = ask(team.gestor.api, "treinar")
    work(app)
    assert seen(team.gestor.api, training)["resultado"]["adotado"] is True
    shown = card(team.gestor.api)
    assert (shown["versao"], FIELD in {each["campo"] for each in shown["campos"]}) == (1, False)
    assert rows(sql, TRAINED, e=team.equipe_id) == [(1,)]


def test_rules_that_are_published_meanwhile_count(
    app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(team.gestor.api, list(leads(60)))
    published: list[int] = []

    def once() -> None:
        if not published:
            published.append(publish(team.gestor.api, EVENT)[0])

    meanwhile(monkeypatch, once)
    ask(team.gestor.api, "treinar")
    work(app)
    learned = "select (parametros->>'regras_versao')::int from modelos where equipe_id = :e"
    assert rows(sql, learned, e=team.equipe_id) == [(published[0],)]


def test_what_changes_each_time_is_not_gone_after_for_ever(
    app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(team.gestor.api, list(leads(60)))
    rates: list[float] = []

    def other_rate() -> None:
        rates.append(0.2 + len(rates) / 100)
        assert team.gestor.api.patch("/equipe", {"taxa_ganho": rates[-1]}).status == 200

    meanwhile(monkeypatch, other_rate)
    training = ask(team.gestor.api, "treinar")
    work(app)
    job = seen(team.gestor.api, training)
    assert (job["estado"], job["erro"]["codigo"]) == ("falhou", "CONFLITO")
    assert len(rates) == modelService.ANEW + 1
    assert rows(sql, TRAINED, e=team.equipe_id) == [(0,)]
