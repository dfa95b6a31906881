"""`flask scores train` and `card`."""

import re

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.support.api import Team
from tests.support.closed import bring, leads
from tests.support.leads import rows


def told(app: Flask, *arguments: str) -> tuple[int, str, str]:
    done = app.test_cli_runner().invoke(args=["scores", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_train_learns_and_says_what_came_of_it(app: Flask, team: Team) -> None:
    bring(team.gestor.api, list(leads(120)))
    equipe = str(team.equipe_id)
    won = team.gestor.api.get("/leads", query_string={"etapa": "ganho", "total": 1}).data["total"]
    learned = f"Equipe {equipe}: modelo 1, 120 leads fechados, {won} ganhos, em uso.\n"
    assert told(app, "train", "--equipe", equipe)[:2] == (0, learned)


def test_card_shows_how_good_the_model_is(app: Flask, team: Team) -> None:
    equipe = str(team.equipe_id)
    assert "A equipe ainda não treinou um modelo." in told(app, "card", "--equipe", equipe)[1]
    closed = leads(120, more=lambda _, won: {"contrato": "x" if won else "", "uf": "SP"})
    bring(team.gestor.api, list(closed))
    assert told(app, "train", "--equipe", equipe)[0] == 0
    code, shown, _ = told(app, "card", "--equipe", equipe)
    assert code == 0
    for line in ("Modelo 1: em_aprendizado", "Leads fechados: 120", "AUC: 0.", "Fora: atributos"):
        assert line in shown
    assert re.search(r"^Últimos 120: \d+ ganhos, \d+\.\d esperados; Há até 300", shown, re.M)
    assert re.search(r"^  uf SP: 0\.\d{3} [+-]\d+\.\d% \(\d+ de 120\)$", shown, re.M)


@pytest.mark.parametrize("command", ["train", "card", "rescore"])
def test_an_equipe_that_is_not_there_is_named(app: Flask, command: str) -> None:
    code, shown, error = told(app, command, "--equipe", "999999999")
    assert (code, shown) == (1, "")
    assert "Não há equipe com o número 999999999." in error


def test_the_number_nought_is_no_equipe_and_not_all(app: Flask, team: Team, sql: Engine) -> None:
    for command in ("train", "rescore"):
        code, _, error = told(app, command, "--equipe", "0")
        assert (code, "Não há equipe com o número 0." in error) == (1, True)
    asked = "select count(*) from trabalhos where equipe_id = :e"
    assert rows(sql, asked, e=team.equipe_id) == [(0,)]
