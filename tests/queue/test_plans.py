"""How PostgreSQL carries out a claim and a page of the queue: the same in a queue of any size."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from bench.buffers import RANGES, own_pages, pages, walk
from models.db.messages.prepared import BY_INDEX
from models.db.messages.queries import Query
from services.queue import ranges
from services.queue.segments import SEGMENTS, page_query
from tests.support.api import Team, open_team
from tests.support.leads import run
from tests.support.plans import Plan, explain
from utils.clock import now

SIZES = (10_000, 100_000)
# Pages that a claim looks at, of the thousands that there are: indexes grow a level with a run.
_FEW = 80
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
BLOCK = """
update fila set dono = :d, retorno_em = now() - cast(:ago as interval),
  livre_em = now() + interval '1 hour', nao_antes_de = now() + interval '1 hour'
where equipe_id = :e
"""
# One person has most of the promises, another one all that are due.
PROMISE = """
update fila set livre_em = null, dono = case when lead_id % 6 = 0 then :c else :v end,
  retorno_em = now() + case when lead_id % 6 = 0 then -interval '3 hours' else interval '1 day' end
    * random()
where equipe_id = :e and dono <> 0
"""
# Equipes with a lead or two: what is expected of one is little then.
SMALL = (
    "insert into equipes (nome, fuso) select 'Pequena', 'America/Sao_Paulo' "
    "from generate_series(1, 1500)",
    "insert into etapas (equipe_id, chave, nome, nome_chave, tipo, ordem) "
    "select id, 'novo', 'Novo', 'novo', 'aberta', 1 from equipes where nome = 'Pequena'",
    "insert into leads (equipe_id, nome, etapa, etapa_desde) "
    "select id, 'L', 'novo', now() from equipes, generate_series(1, 2) where nome = 'Pequena'",
    "insert into fila (equipe_id, lead_id, dono, ordem) select l.equipe_id, l.id, 0, 1 "
    "from leads l join equipes e on e.id = l.equipe_id where e.nome = 'Pequena'",
)
# Others count the equipes.
GONE = tuple(
    f"delete from {table} where {column} in (select id from equipes where nome = 'Pequena')"
    for table, column in (
        *((each, "equipe_id") for each in ("fila", "leads", "etapas")),
        ("equipes", "id"),
    )
)
SETTLE = "vacuum analyze fila, leads, reservas, configuracao"


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
    # The first ones mark what vacuum has left, which it leaves wherever others look at the moment.
    claims = [_claimed(crowd, asked, filtered) for _ in range(4)]
    plans = min(claims, key=_looked_at)
    claim = plans[-1]
    for name in RANGES:
        assert own_pages(part(claim, name)) <= 12, (name, part(claim, name))
    assert _looked_at(plans) <= _FEW, [
        (node["Node Type"], node.get("Subplan Name"), pages(node)) for node in claim.nodes
    ]
    check_ranges(claim)
    assert part(claim, "dado")["Actual Rows"] == 1


def test_a_claim_in_a_large_equipe_among_many_small_ones_reads_as_few(
    app: Flask, sql: Engine
) -> None:
    team = open_team(app)
    people = {"v": team.vendedor.id, "c": team.colleague.id}
    for statement in SMALL:
        run(sql, statement)
    run(sql, FILL, e=team.equipe_id, count=10_000, due=False, **people)
    run(sql, SETTLE)
    with app.app_context():
        claims = [_claimed(team, values(team), False) for _ in range(4)]
    for statement in GONE:
        run(sql, statement)
    assert min(map(_looked_at, claims)) <= _FEW


def _claimed(team: Team, asked: dict[str, Any], filtered: bool) -> list[Plan]:
    """How a claim is carried out; what it leases is free again."""
    steps = (ranges.LOCK, ranges.WAKE, ranges.claim(filtered))
    plans = [explain(query, asked, team.equipe_id) for query in steps]
    release(team)
    return plans


def _looked_at(plans: list[Plan]) -> int:
    return sum(pages(plan.nodes[0]) for plan in plans)


def release(team: Team) -> None:
    undo = Query(
        "update fila set reservado_por = null, reservado_ate = null "
        "where equipe_id = %(equipe_id)s and reservado_por = %(usuario_id)s",
        {},
    )
    explain(undo, values(team), team.equipe_id)


@pytest.fixture(params=["minhas_de_hoje", "minhas_antigas", "livres_de_hoje", "perdidas"])
def blocked(request: pytest.FixtureRequest, app: Flask, sql: Engine) -> Iterator[tuple[Team, str]]:
    """Promises of one range that are all due, none of which may be called yet."""
    team, name = open_team(app), str(request.param)
    people = {"v": team.vendedor.id, "c": team.colleague.id}
    run(sql, FILL, e=team.equipe_id, count=3_000, due=False, **people)
    owner = {"livres": 0, "perdidas": team.colleague.id}.get(name.removesuffix("_de_hoje"))
    held = {"e": team.equipe_id, "d": team.vendedor.id if owner is None else owner}
    run(sql, BLOCK, ago="3 days" if name in ("minhas_antigas", "perdidas") else "1 hour", **held)
    run(sql, SETTLE)
    with app.app_context():
        yield team, name


def test_promises_that_may_not_be_called_yet_are_passed_over_in_their_index(
    blocked: tuple[Team, str],
) -> None:
    """Or each of them would be another page."""
    team, name = blocked
    claim = explain(ranges.claim(False), values(team), team.equipe_id)
    looked_in = part(claim, name)
    assert looked_in["Actual Rows"] == 0
    assert [node.get("Rows Removed by Filter", 0) for node in scans_of(looked_in)] == [0]
    assert own_pages(looked_in) <= _FEW, looked_in


@pytest.mark.parametrize("prepared", [False, True], ids=["behind a pooler", "prepared"])
def test_own_promises_are_not_looked_for_among_all_peoples(
    app: Flask, sql: Engine, prepared: bool
) -> None:
    """Planned for one person's id PostgreSQL knows that it is not nobody's."""
    team = open_team(app)
    people = {"v": team.vendedor.id, "c": team.colleague.id}
    run(sql, FILL, e=team.equipe_id, count=10_000, due=False, **people)
    run(sql, PROMISE, e=team.equipe_id, **people)
    run(sql, SETTLE)
    with app.app_context():
        query = replace(ranges.claim(False), hot=prepared)
        claim = explain(query, values(team), team.equipe_id, before="" if prepared else BY_INDEX)
    for name in ("minhas_de_hoje", "minhas_antigas"):
        (scan,) = scans_of(part(claim, name))
        assert "(dono = " in scan["Index Cond"], scan
        assert own_pages(part(claim, name)) <= 12, scan


def scans_of(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in walk(node) if each.get("Relation Name") == "fila"]


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
