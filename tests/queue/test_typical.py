"""A lead without a value is worth what is typical of its product, or of all."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine

from services.queue import typical
from tests.support.api import Team
from tests.support.jobs import work
from tests.support.leads import create, imported, rows
from tests.support.queue_check import check_queue
from tests.support.sweeping import sweep


def medians(sql: Engine, team: Team) -> dict[str, int]:
    query = "select produto_chave, valor_centavos from valores_tipicos where equipe_id = :e"
    return dict(rows(sql, query, e=team.equipe_id))


def test_an_import_tells_what_is_typical(team: Team, sql: Engine) -> None:
    create(team.gestor.api, produto="Seguro")
    check_queue(sql, team.equipe_id)
    lines = ["L,Seguro,100", "L,seguro,300", "L,SEGURO,900", "L,,50", "L,Consórcio,"]
    imported(team.gestor.api, "\n".join(["nome,produto,valor", *lines]))
    assert medians(sql, team) == {"": 100_00, "seguro": 300_00}
    check_queue(sql, team.equipe_id)


def test_small_changes_move_nothing(team: Team, sql: Engine) -> None:
    imported(team.gestor.api, "nome,valor\n" + "L,1000\n" * 3)
    imported(team.gestor.api, "nome,valor\n" + "L,1099\n" * 5)
    assert medians(sql, team) == {"": 1_000_00}
    imported(team.gestor.api, "nome,valor\n" + "L,1101\n" * 10)
    assert medians(sql, team) == {"": 1_101_00}
    check_queue(sql, team.equipe_id)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(typical, "MOST_PLACED", 3)
    yield


@pytest.mark.usefixtures("few")
def test_many_leads_are_placed_by_a_job(app: Flask, team: Team, sql: Engine) -> None:
    for _ in range(4):
        create(team.gestor.api)
    imported(team.gestor.api, "nome,valor\nL,5000\n")
    queued = "select tipo, estado from trabalhos where equipe_id = :e"
    assert rows(sql, queued, e=team.equipe_id) == [("repontuar", "na_fila")]
    work(app)
    check_queue(sql, team.equipe_id)


def test_the_sweep_tells_it_of_leads_that_were_typed(app: Flask, team: Team, sql: Engine) -> None:
    create(team.gestor.api)
    create(team.gestor.api, valor="700.00")
    assert medians(sql, team) == {}
    sweep(app, team)
    assert medians(sql, team) == {"": 700_00}
    check_queue(sql, team.equipe_id)
    create(team.gestor.api, valor="100.00")
    sweep(app, team)
    assert medians(sql, team) == {"": 100_00}
    check_queue(sql, team.equipe_id)
