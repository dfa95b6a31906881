"""`flask scores rescore`: all scores of an equipe once more."""

from flask import Flask
from sqlalchemy import Engine

from tests.support.api import Team
from tests.support.leads import create, rows, run

SCORES = "select lead_id, score, pontos from lead_pontuacao where equipe_id = :e order by 1"


def rescored(app: Flask, *arguments: str) -> None:
    done = app.test_cli_runner().invoke(args=["scores", "rescore", *arguments])
    assert (done.exit_code, done.stdout) == (0, "Scores recalculados.\n")


def test_wrong_and_missing_scores_are_written_again(app: Flask, team: Team, sql: Engine) -> None:
    for origem in ("site", "indicação", "lista fria"):
        create(team.gestor.api, origem=origem)
    deleted = create(team.gestor.api)
    team.gestor.api.delete(f"/leads/{deleted['id']}")
    right = rows(sql, SCORES, e=team.equipe_id)
    assert len(right) == 3
    run(sql, "update lead_pontuacao set score = 1 where equipe_id = :e", e=team.equipe_id)
    run(sql, "delete from lead_pontuacao where lead_id = :l", l=right[0][0])
    rescored(app, "--equipe", str(team.equipe_id))
    assert rows(sql, SCORES, e=team.equipe_id) == right


def test_other_equipes_keep_theirs(app: Flask, team: Team, other_team: Team, sql: Engine) -> None:
    create(other_team.gestor.api)
    wrong = "update lead_pontuacao set score = 1 where equipe_id = :e"
    run(sql, wrong, e=other_team.equipe_id)
    rescored(app, "--equipe", str(team.equipe_id))
    assert rows(sql, SCORES, e=other_team.equipe_id)[0][1] == 1
    rescored(app)
    assert rows(sql, SCORES, e=other_team.equipe_id)[0][1] == 30
