"""A rescoring looks first: what is right is neither held nor written, the rest is put right."""

import pytest
from flask import Flask
from sqlalchemy import Engine

from services import scoreService
from tests.support.api import Team
from tests.support.jobs import ask, seen, work
from tests.support.leads import all_leads, create, imported, rows, run
from tests.support.publishing import EVENT, publish

# Where a row stands, who wrote it and who has held it last.
MARKS = "select '{0}', ctid::text, xmin::text, xmax::text from {0} where equipe_id = :e"
TABLES = ("leads", "lead_pontuacao", "fila")
_OF = "- '{0}' from {1} t where equipe_id = :e order by lead_id"
QUEUE = "select lead_id, to_jsonb(t) " + _OF.format("reservado_ate", "fila")
SCORES = "select lead_id, to_jsonb(t) " + _OF.format("calculado_em", "lead_pontuacao")
WRONG = {
    "order": "update fila set ordem = 0 where lead_id = :i",
    "owner": "update fila set dono = 0 where lead_id = :i",
    "promise": "update fila set retorno_em = now() where lead_id = :i",
    "rest": "update fila set livre_em = now() + interval '1 day' where lead_id = :i",
    "pause": "update fila set nao_antes_de = now() + interval '1 day' where lead_id = :i",
    "attempts": "update fila set tentativas = 9 where lead_id = :i",
    "rest forgotten": "update fila set livre_em = null, nao_antes_de = null where lead_id = :i",
    "not queued": "delete from fila where lead_id = :i",
    "score": "update lead_pontuacao set score = 1 where lead_id = :i",
    "points": "update lead_pontuacao set pontos = '{}' where lead_id = :i",
    "version": "update lead_pontuacao set versao = 0 where lead_id = :i",
    "no score": "delete from lead_pontuacao where lead_id = :i",
}


@pytest.fixture(autouse=True)
def small_steps(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs that other tests have left would come to their turn here."""
    work(app)
    monkeypatch.setattr(scoreService, "MOST", 4)
    monkeypatch.setattr(scoreService, "_FEWEST", 2)


def busy(app: Flask, team: Team) -> None:
    """An equipe with leads of all kinds: tried, skipped, promised, closed, deleted, owned."""
    api = team.gestor.api
    imported(api, "nome,origem,valor\n" + "".join(f"L{n},evento,{n}00.00\n" for n in range(8)))
    mine = [create(api, responsavel_id=team.vendedor.id)["id"] for _ in range(5)]
    tried = {"tipo": "ligacao", "resultado": "nao_atendeu"}
    assert api.post(f"/leads/{mine[0]}/activities", tried).status == 201
    assert team.vendedor.api.post("/queue/next").status == 200
    assert team.vendedor.api.post("/queue/skip", {"motivo": "Está em férias."}).status == 200
    later = {"proximo_contato_em": "2030-01-01T12:00:00Z"}
    assert api.patch(f"/leads/{mine[2]}", later).status == 200
    assert api.patch(f"/leads/{mine[3]}", {"etapa": "ganho"}).status == 200
    assert api.delete(f"/leads/{mine[4]}").status == 200
    publish(api, EVENT)
    work(app)


def rescored(app: Flask, team: Team) -> None:
    job = ask(team.gestor.api)
    work(app)
    done = seen(team.gestor.api, job)
    total = len(all_leads(team.gestor.api))
    assert (done["estado"], done["resultado"]) == ("concluida", {"repontuados": total})


def test_what_is_right_is_neither_held_nor_written(app: Flask, team: Team, sql: Engine) -> None:
    busy(app, team)
    rescored(app, team)
    marks = " union all ".join(MARKS.format(table) for table in TABLES)
    before = rows(sql, marks, e=team.equipe_id)
    rescored(app, team)
    assert rows(sql, marks, e=team.equipe_id) == before


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_put_right(app: Flask, team: Team, sql: Engine, wrong: str) -> None:
    """Of every lead by itself, and of all at once."""
    busy(app, team)
    rescored(app, team)
    right = [rows(sql, found, e=team.equipe_id) for found in (QUEUE, SCORES)]
    ids = [lead_id for lead_id, _ in right[1]]
    for some in (*([each] for each in ids[-6:]), ids):
        for each in some:
            run(sql, wrong, i=each)
        rescored(app, team)
        assert [rows(sql, found, e=team.equipe_id) for found in (QUEUE, SCORES)] == right


def test_who_may_not_be_offered_leaves_the_queue(app: Flask, team: Team, sql: Engine) -> None:
    busy(app, team)
    right = rows(sql, QUEUE, e=team.equipe_id)
    closed = all_leads(team.gestor.api, etapa="ganho")[0]["id"]
    run(
        sql,
        "insert into fila (equipe_id, lead_id, ordem) values (:e, :i, 1)",
        e=team.equipe_id,
        i=closed,
    )
    rescored(app, team)
    assert rows(sql, QUEUE, e=team.equipe_id) == right
