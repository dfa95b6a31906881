"""Origens beyond those that have cells of their own: summed, and counted when asked for."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from models.db.messages.queries import Query
from models.derived.figure import NAMED
from services import sweepService
from services.metrics.reading import cells
from services.metrics.words import LARGEST
from tests.metrics.goals import kept
from tests.metrics.test_polling import ALL_VIEWS
from tests.metrics.test_walk import recount
from tests.metrics.test_zones import HERE
from tests.metrics.views import view
from tests.support.api import Team
from tests.support.leads import all_leads, create, imported, rows, run
from tests.support.sweeping import sweep

MORE = 5


@pytest.fixture
def crowded(team: Team, sql: Engine) -> Team:
    lines = [f"Lead,origem {n:03},1.00,novo,seguro" for n in range(NAMED + MORE)]
    header = "nome,origem,valor,etapa,produto\n"
    imported(team.gestor.api, header + "\n".join(lines))
    assert rows(sql, "select metricas_dobrar(:e, null)", e=team.equipe_id)
    return team


def _words(sql: Engine, team: Team) -> list[tuple[bool, int]]:
    statement = "select dentro, count(*) from metricas_nomes where equipe_id = :e "
    return rows(sql, statement + "and campo = 'origem' group by 1 order by 1", e=team.equipe_id)


def test_so_many_have_cells_of_their_own(crowded: Team, sql: Engine) -> None:
    assert _words(sql, crowded) == [(False, MORE), (True, NAMED)]
    data = view(crowded.gestor.api)
    others = data["por_origem_outros"]
    assert len(data["por_origem"]) == LARGEST
    assert (others["grupos"], others["quantidade"]) == (NAMED + MORE - LARGEST,) * 2
    sources = view(crowded.gestor.api, "sources")
    assert sources["outros"]["grupos"] == NAMED + MORE - LARGEST
    assert sources["outros"]["novos"] == NAMED + MORE - LARGEST


def test_one_of_the_others_is_counted_from_its_leads(crowded: Team) -> None:
    last = f"origem {NAMED + MORE - 1:03}"
    data = view(crowded.gestor.api, origem=last)
    assert [(each["origem"], each["quantidade"]) for each in data["por_origem"]] == [(last, 1)]
    assert data["por_origem_outros"] is None
    sources = view(crowded.gestor.api, "sources", origem=last)
    assert [each["origem"] for each in sources["itens"]] == [last] and sources["outros"] is None
    assert (data["total"], data["hoje"]["novos"], data["valor_aberto"]) == (1, 1, "1.00")
    assert view(crowded.gestor.api, origem=last, produto="seguro")["total"] == 1
    assert view(crowded.gestor.api, "funnel", origem=last)["etapas"][0]["entraram"] == 1
    assert view(crowded.gestor.api, origem="origem 000")["total"] == 1


def test_of_some_leads_nobody_knows_how_many_groups_the_rest_are(crowded: Team) -> None:
    last = f"origem {NAMED + MORE - 1:03}"
    create(crowded.gestor.api, origem=last, responsavel_id=crowded.vendedor.id)
    for data in (view(crowded.vendedor.api), view(crowded.gestor.api, produto="seguro")):
        assert data["por_origem_outros"]["grupos"] is None
    assert view(crowded.vendedor.api)["por_origem_outros"]["quantidade"] == 1


def test_words_that_are_left_and_come_again_are_counted(crowded: Team, sql: Engine) -> None:
    def groups() -> int:
        found: int = view(crowded.gestor.api)["por_origem_outros"]["grupos"]
        return found

    many = NAMED + MORE - LARGEST
    for key, name, expected in (
        ("origem 204", "origem 203", many - 1),
        ("origem 203", "nunca vista", many - 1),
        ("nunca vista", "origem 203", many - 1),
    ):
        change = "update leads set origem = :n, origem_chave = :n where equipe_id = :e "
        run(sql, change + "and origem_chave = :k", n=name, k=key, e=crowded.equipe_id)
        assert groups() == expected
        rows(sql, "select metricas_dobrar(:e, null)", e=crowded.equipe_id)
        assert groups() == expected


def test_words_that_nobody_says_any_more_make_room_for_others(
    app: Flask, crowded: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a file whose names were taken for origens."""
    api = crowded.gestor.api
    ids = [lead["id"] for lead in all_leads(api)]
    assert api.post("/leads/bulk", {"acao": "delete", "ids": ids}).status == 200
    create(api, origem="origem 007")
    for _ in range(2):  # the first one finds changes that are not folded
        monkeypatch.setattr(sweepService, "_kept", {})
        sweep(app, crowded)
    assert _words(sql, crowded) == [(True, 1)]
    assert api.post("/leads/bulk", {"acao": "restore", "ids": ids[:2]}).status == 200
    create(api, origem="nunca vista")
    named = {each["origem"]: each["quantidade"] for each in view(api)["por_origem"]}
    assert sum(named.values()) == 4
    assert (named["origem 007"], named["nunca vista"]) == (1, 1)
    assert recount(sql, crowded.equipe_id, HERE) == 0


def test_a_goal_of_a_word_that_once_was_outside_is_counted(
    app: Flask, crowded: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stays outside while it is there, although others have made room."""
    api, last = crowded.gestor.api, f"produto {NAMED + MORE - 1}"
    lines = [f"Lead,produto {n}" for n in range(NAMED + MORE)]
    imported(api, "nome,produto\n" + "\n".join(lines))
    rows(sql, "select metricas_dobrar(:e, null)", e=crowded.equipe_id)
    change = "update leads set excluido_em = now() where equipe_id = :e and produto <> :p"
    run(sql, change, e=crowded.equipe_id, p=last)
    for _ in range(2):
        monkeypatch.setattr(sweepService, "_kept", {})
        sweep(app, crowded)
    month = view(api)["serie"][-1]["dia"][:7]
    create(api, produto=last, etapa="ganho", valor="7.00")
    rows(sql, "select metricas_dobrar(:e, null)", e=crowded.equipe_id)
    kept(crowded.gestor, month, {"produto": last, "ganhos": 1})
    (goal,) = api.get(f"/goals/{month}").data["metas"]
    assert goal["realizado"] == {"valor": "7.00", "ganhos": 1}


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted from leads takes as long as among millions of them."""
    real = cells.statement.__wrapped__

    def statement(parts: Any, bound: Any, counted: bool) -> Query:
        query = real(parts, bound, counted)
        waits = "set local statement_timeout = 1; select pg_sleep(1); " if counted else ""
        return Query(waits + query.sql, {})

    monkeypatch.setattr(cells, "statement", statement)


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize("path", [f"/metrics{name}" for name in ALL_VIEWS])
def test_a_count_that_takes_too_long_is_refused(crowded: Team, sql: Engine, path: str) -> None:
    reply = crowded.gestor.api.get(f"{path}?origem={_outside(sql, crowded, 'origem')}")
    assert (reply.status, reply.codigo) == (422, "FILTRO_NECESSARIO")


@pytest.mark.usefixtures("slow")
def test_so_is_what_was_won_towards_a_goal(crowded: Team, sql: Engine) -> None:
    lines = "\n".join(f"Lead,produto {n:03}" for n in range(NAMED + MORE))
    imported(crowded.gestor.api, "nome,produto\n" + lines)
    assert rows(sql, "select metricas_dobrar(:e, null)", e=crowded.equipe_id)
    kept(crowded.gestor, "2026-08", {"produto": _outside(sql, crowded, "produto"), "ganhos": 1})
    reply = crowded.gestor.api.get("/goals/2026-08")
    assert (reply.status, reply.codigo) == (422, "FILTRO_NECESSARIO")


def _outside(sql: Engine, team: Team, campo: str) -> str:
    """Of the words of one file any may be among the first."""
    found = "select chave from metricas_nomes where equipe_id = :e and campo = :c and not dentro"
    word: str = rows(sql, found, e=team.equipe_id, c=campo)[0][0]
    return word
