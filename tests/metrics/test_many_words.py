"""Origens beyond those that have cells of their own: summed, and counted when asked for."""

import pytest
from sqlalchemy import Engine

from models.derived.figure import NAMED
from services.metrics.reading import cells
from services.metrics.words import LARGEST
from tests.metrics.views import view
from tests.support.api import Team
from tests.support.leads import imported, rows, run

MORE = 5


@pytest.fixture
def crowded(team: Team, sql: Engine) -> Team:
    lines = [f"Lead,origem {n:03},1.00,novo,seguro" for n in range(NAMED + MORE)]
    header = "nome,origem,valor,etapa,produto\n"
    imported(team.gestor.api, header + "\n".join(lines))
    assert rows(sql, "select metricas_dobrar(:e, null)", e=team.equipe_id)
    return team


def _kept(sql: Engine, team: Team) -> list[tuple[bool, int]]:
    statement = "select dentro, count(*) from metricas_nomes where equipe_id = :e "
    return rows(sql, statement + "and campo = 'origem' group by 1 order by 1", e=team.equipe_id)


def test_so_many_have_cells_of_their_own(crowded: Team, sql: Engine) -> None:
    assert _kept(sql, crowded) == [(False, MORE), (True, NAMED)]
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
    assert (data["total"], data["hoje"]["novos"], data["valor_aberto"]) == (1, 1, "1.00")
    assert view(crowded.gestor.api, origem=last, produto="seguro")["total"] == 1
    assert view(crowded.gestor.api, "funnel", origem=last)["etapas"][0]["entraram"] == 1
    assert view(crowded.gestor.api, origem="origem 000")["total"] == 1


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


def test_a_count_that_takes_too_long_is_refused(
    crowded: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As among millions of leads. Of the words of one file any may be among the first."""
    outside = "select chave from metricas_nomes where equipe_id = :e and not dentro limit 1"
    ((origem,),) = rows(sql, outside, e=crowded.equipe_id)
    slow = cells.statement.__wrapped__

    def waits(*asked: object) -> object:
        query = slow(*asked)
        return type(query)("set local statement_timeout = 1; select pg_sleep(1); " + query.sql, {})

    monkeypatch.setattr(cells, "statement", waits)
    reply = crowded.gestor.api.get(f"/metrics?origem={origem}")
    assert (reply.status, reply.codigo) == (422, "FILTRO_NECESSARIO")
