"""How PostgreSQL carries out a claim and a page of the queue: the same in a queue of any size."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from models.db.messages.queries import Query
from services.queue import ranges
from services.queue.segments import SEGMENTS, page_query
from tests.support.api import Team, open_team
from tests.support.leads import run
from tests.support.plans import Plan, explain, walk
from utils.clock import now

SIZES = (10_000, 100_000)
# Of every ten leads three are the vendedor's, two a colleague's, five nobody's; some rest, and some
# have a promise. Without `due` all of these are still to come.
FILL = """
with l as (
  insert into leads (equipe_id, nome, etapa, etapa_desde, uf)
  select :e, 'L', 'novo', now(), 'SP' from generate_series(1, :count) returning id
)
insert into fila (equipe_id, lead_id, dono, ordem, retorno_em, livre_em)
select :e, id, case when n % 10 < 3 then :v when n % 10 < 5 then :c else 0 end,
  2900 + n::bigint * 7919 % 1000003 / 1e4,
  case when n % 11 = 0 then now() + interval '1 hour'
    + case when :due then -interval '40 days' * random() else interval '1 day' * random() end end,
  case when n % 7 = 0 then now() + interval '1 hour' * (1 + n % 70) end
from (select id, row_number() over (order by id) as n from l) numbered
"""
SETTLE = "vacuum analyze fila, leads"
RANGES = {*ranges.PROMISES, "meu", "melhor_livre", "proprio", "livre"}


@pytest.fixture(scope="module", params=SIZES)
def count(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(scope="module", params=[False, True], ids=["none due", "many due"])
def crowd(app: Flask, sql: Engine, count: int, request: pytest.FixtureRequest) -> Iterator[Team]:
    team = open_team(app)
    people = {"v": team.vendedor.id, "c": team.colleague.id}
    run(sql, FILL, e=team.equipe_id, count=count, due=request.param, **people)
    run(sql, SETTLE)
    with app.app_context():
        yield team
    for table in ("fila", "leads"):
        run(sql, f"delete from {table} where equipe_id = :e", e=team.equipe_id)


def values(team: Team, **more: Any) -> dict[str, Any]:
    moment = now()
    asked = {"equipe_id": team.equipe_id, "usuario_id": team.vendedor.id, "qualquer_hora": False}
    today = moment - timedelta(hours=9)
    return asked | {"hoje": today, "agora": moment, "limite": 21, "fechadas": [], **more}


def buffers(node: dict[str, Any]) -> int:
    return int(node["Shared Hit Blocks"]) + int(node["Shared Read Blocks"])


def own_buffers(name: str, plan: Plan) -> int:
    """Without those of other parts that it asked for first."""
    found = part(plan, name)
    asked = [node for node in walk(found) if node["Node Type"] == "CTE Scan"]
    return buffers(found) - sum(map(buffers, asked))


def part(plan: Plan, name: str) -> dict[str, Any]:
    (found,) = (node for node in plan.nodes if node.get("Subplan Name") == f"CTE {name}")
    return found


def check_ranges(plan: Plan) -> None:
    """Every look at the queue is by an index, within the equipe."""
    looked_at = [node for node in plan.nodes if node.get("Relation Name") == "fila"]
    scans = [node for node in looked_at if node["Node Type"] != "ModifyTable"]
    assert scans
    for scan in scans:
        assert scan["Node Type"] in ("Index Scan", "Index Only Scan"), scan
        assert scan["Index Cond"].startswith("((equipe_id = "), scan
    assert "Sort" not in plan.kinds, plan


@pytest.mark.parametrize("filtered", [False, True])
def test_a_claim_reads_a_few_pages(crowd: Team, filtered: bool) -> None:
    asked = values(crowd, fechadas=["AC"] if filtered else [])
    # The first one marks what vacuum has left.
    for _ in range(2):
        plans = [
            explain(query, asked, crowd.equipe_id)
            for query in (ranges.LOCK, ranges.WAKE, ranges.claim(filtered))
        ]
        claim = plans[-1]
        for name in RANGES:
            assert own_buffers(name, claim) <= 12, (name, part(claim, name))
        assert sum(buffers(plan.nodes[0]) for plan in plans) <= 60, [
            (node["Node Type"], node.get("Subplan Name"), buffers(node)) for node in claim.nodes
        ]
        check_ranges(claim)
        assert part(claim, "dado")["Actual Rows"] == 1
        release(crowd)


def release(team: Team) -> None:
    undo = Query(
        "update fila set reservado_por = null, reservado_ate = null "
        "where equipe_id = %(equipe_id)s and reservado_por = %(usuario_id)s",
        {},
    )
    explain(undo, values(team), team.equipe_id)


@pytest.mark.parametrize("gestor", [False, True])
def test_a_page_is_walked_along_its_indexes(crowd: Team, gestor: bool) -> None:
    for start in range(len(SEGMENTS[gestor])):
        for continues in (False, True):
            apos = "2900.5" if SEGMENTS[gestor][start].column == "ordem" else now().isoformat()
            asked = values(crowd, apos=apos if continues else None, apos_id=-5)
            query = page_query(gestor, start, continues)
            plan = explain(query, asked, crowd.equipe_id)
            for scan in (node for node in plan.nodes if node.get("Relation Name") == "fila"):
                assert scan["Node Type"] == "Index Scan", scan
                assert scan["Index Cond"].startswith("((equipe_id = "), scan
            rows = sum(
                node["Actual Rows"] * node["Actual Loops"]
                for node in plan.nodes
                if node.get("Relation Name") == "fila"
            )
            assert rows <= 2_000, (start, continues, rows)
