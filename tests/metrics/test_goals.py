"""The goals of a month, as a gestor sets them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from tests.metrics.goals import kept, put, reached, told
from tests.support.api import Team
from tests.support.leads import rows


def test_a_month_without_goals_has_none(team: Team) -> None:
    data = told(team.gestor, "2026-02")
    assert (data["mes"], data["metas"], data["fuso"]) == ("2026-02", [], "America/Sao_Paulo")


def test_goals_are_kept_and_replaced_as_a_whole(team: Team) -> None:
    all_of_it = {"responsavel_id": None, "produto": None, "valor": "500000.00", "ganhos": 20}
    one = {"responsavel_id": team.vendedor.id, "valor": "120000.5"}
    reply = put(team.gestor, "2026-02", one, all_of_it)
    assert reply.data == {
        "mes": "2026-02",
        "metas": [
            {**one, "produto": None, "valor": "120000.50", "ganhos": None},
            all_of_it,
        ],
    }
    told_now = told(team.gestor, "2026-02")["metas"]
    assert [(goal["responsavel_id"], goal["nome"], goal["valor"]) for goal in told_now] == [
        (None, None, "500000.00"),
        (team.vendedor.id, "Pessoa de Teste", "120000.50"),
    ]
    kept(team.gestor, "2026-02", {"produto": "Seguro", "ganhos": 3})
    (only,) = told(team.gestor, "2026-02")["metas"]
    assert (only["produto"], only["valor"], only["ganhos"]) == ("Seguro", None, 3)
    assert told(team.gestor, "2026-03")["metas"] == []
    kept(team.gestor, "2026-02")
    assert told(team.gestor, "2026-02")["metas"] == []


def test_a_goal_of_nothing_is_one(team: Team) -> None:
    kept(team.gestor, "2026-02", {"valor": "0", "ganhos": 0})
    (goal,) = told(team.gestor, "2026-02")["metas"]
    assert (goal["valor"], goal["ganhos"]) == ("0.00", 0)


def test_a_change_is_an_event_and_a_version(team: Team, sql: Engine) -> None:
    first = put(team.gestor, "2026-02", {"ganhos": 3})
    same = put(team.gestor, "2026-02", {"ganhos": 3})
    other = put(team.gestor, "2026-02", {"ganhos": 4})
    tags = [reply.headers["ETag"] for reply in (first, same, other)]
    assert tags == ['"v1"', '"v1"', '"v2"']
    query = (
        "select usuario_id, dados from eventos "
        "where equipe_id = :e and tipo = 'metas_alteradas' order by id"
    )
    found = rows(sql, query, e=team.equipe_id)
    assert found == [(team.gestor.id, {"ano": 2026, "mes": 2})] * 2


def test_only_what_was_read_is_replaced(team: Team) -> None:
    empty = team.gestor.api.get("/goals/2026-02").headers["ETag"]
    assert put(team.gestor, "2026-02", {"ganhos": 1}, **{"If-Match": empty}).status == 200
    late = put(team.gestor, "2026-02", {"ganhos": 2}, **{"If-Match": empty})
    assert (late.status, late.codigo) == (412, "VERSAO_DESATUALIZADA")
    read = team.gestor.api.get("/goals/2026-02").headers["ETag"]
    # Goals of another month are another document.
    kept(team.gestor, "2026-03", {"ganhos": 9})
    assert put(team.gestor, "2026-02", {"ganhos": 2}, **{"If-Match": read}).status == 200
    assert told(team.gestor, "2026-02")["metas"][0]["ganhos"] == 2


def test_of_many_who_write_at_once_one_does(team: Team) -> None:
    def write(n: int) -> int:
        return put(team.gestor, "2026-02", {"ganhos": n}, **{"If-Match": '"v0"'}).status

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(write, range(8)))
    assert statuses == [200] + [412] * 7
    assert len(told(team.gestor, "2026-02")["metas"]) == 1


def test_what_cannot_be_a_goal_is_refused_and_changes_nothing(
    team: Team, other_team: Team, sql: Engine
) -> None:
    kept(team.gestor, "2026-02", {"ganhos": 3})
    before = rows(sql, "select * from metas where equipe_id = :e", e=team.equipe_id)
    refused = {
        "metas.0.responsavel_id": [{"responsavel_id": other_team.vendedor.id, "ganhos": 1}],
        "metas.1": [{"produto": "Seguro", "ganhos": 1}, {"produto": " SEGURO ", "valor": "1.00"}],
        "metas.0": [{"responsavel_id": team.vendedor.id}],
        "metas.0.valor": [{"valor": "-0.01"}],
        "metas.0.ganhos": [{"ganhos": -1}],
        "metas.0.produto": [{"produto": "", "ganhos": 1}],
        "metas.0.prazo": [{"prazo": 1, "ganhos": 1}],
        "metas": [{"produto": f"produto {n}", "ganhos": 1} for n in range(501)],
    }
    for field, goals in refused.items():
        reply = put(team.gestor, "2026-02", *goals)
        assert (reply.status, list(reply.campos)) == (422, [field]), (field, reply.body)
    for too_much in ({"valor": "1000000000000.00"}, {"valor": "0.001"}, {"ganhos": 1_000_001}):
        assert put(team.gestor, "2026-02", too_much).status == 422
    assert rows(sql, "select * from metas where equipe_id = :e", e=team.equipe_id) == before


@pytest.mark.parametrize(
    "month", ["2026-13", "2026-00", "0000-01", "1899-12", "2201-01", "9999-12", "2026-1", "hoje"]
)
def test_a_month_that_nobody_can_mean_has_no_goals(team: Team, month: str) -> None:
    for reply in (team.gestor.api.get(f"/goals/{month}"), put(team.gestor, month)):
        assert (reply.status, reply.codigo) == (404, "NAO_ENCONTRADO")
        assert "AAAA-MM" in reply.message


@pytest.mark.parametrize("month", ["1900-01", "2200-12"])
def test_the_first_and_the_last_month_there_is(team: Team, month: str) -> None:
    kept(team.gestor, month, {"ganhos": 1})
    assert reached(told(team.gestor, month)) == {(None, None): ("0.00", 0)}
