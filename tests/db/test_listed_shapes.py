"""The listed shapes are ranges of one index each: a page reads its own rows and no others, wherever
it begins. Of a small equipe it reads that equipe's rows."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy import Engine

from models.db.messages.queries import Query
from models.lead import CENTS
from services.leads.locking import lead_lock
from services.leads.reading.shapes import NEAR, Shape, near_query, page_query
from services.leads.reading.singles import _one_query
from services.scoreService import _score_query
from tests.support import many
from tests.support.api import Team, open_team
from tests.support.leads import rows
from tests.support.plans import TEMPTING, Plan, explain

pytestmark = pytest.mark.xdist_group("plans")
SIZES = {"large": 12_000, "small": 150, "tiny": 4}
ORDERS = ("criado_em", "atualizado_em", "proximo_contato_em", "valor", "score")
# Each with who asks, and the filters; `condition` is the same in SQL.
BY: dict[str, tuple[bool, tuple[str, ...], str]] = {
    "alone": (True, (), "true"),
    "a vendedor's own": (False, (), "l.responsavel_id = :v"),
    "by person": (True, ("responsavel_id",), "l.responsavel_id = :v"),
    "of nobody": (True, ("responsavel_nenhum",), "l.responsavel_id is null"),
    "by stage": (True, ("etapa_igual",), "l.etapa = 'proposta'"),
}
LISTED = [
    (by, order)
    for by in BY
    for order in ORDERS
    if by != "by stage" or order in ("criado_em", "score")
]
TABLES = "leads l left join lead_pontuacao p on p.equipe_id = l.equipe_id and p.lead_id = l.id"
FORBIDDEN = {
    "Sort",
    "Incremental Sort",
    "Seq Scan",
    "Bitmap Heap Scan",
    "Hash",
    "Materialize",
    "Gather",
    "Gather Merge",
}


class Segment(NamedTuple):
    """Rows of a list in their order, as (sort value, id)."""

    rows: list[tuple[Any, int]]
    values: dict[str, Any]


@pytest.fixture(scope="module")
def teams(app: Flask, sql: Engine) -> Iterator[dict[str, Team]]:
    teams = {size: open_team(app) for size in SIZES}
    for size, count in SIZES.items():
        many.fill(sql, teams[size], count)
    many.analyze(sql)
    with app.app_context():
        yield teams


def segment(sql: Engine, team: Team, by: str, order: str, way: str, nulls: bool) -> Segment:
    condition = BY[by][2]
    key = "p.score" if order == "score" else f"l.{CENTS.get(order, order)}"
    found = rows(
        sql,
        f"select {key}, l.id from {TABLES} where l.equipe_id = :e and l.excluido_em is null "
        f"and {key} is {'' if nulls else 'not '}null and {condition} and :v = :v "
        f"order by {key} {way}, l.id {way}",
        e=team.equipe_id,
        v=team.vendedor.id,
    )
    values = {
        "equipe_id": team.equipe_id,
        "usuario_id": team.vendedor.id,
        "responsavel_id": team.vendedor.id,
        "etapa_igual": "proposta",
    }
    return Segment(found, values)


@pytest.mark.parametrize("most", [21, 101])
@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize(("by", "order"), LISTED)
def test_a_listed_page_reads_its_own_rows_alone(
    teams: dict[str, Team], sql: Engine, by: str, order: str, sign: str, most: int
) -> None:
    gestor, filters, _ = BY[by]
    nullable = order in ("proximo_contato_em", "valor")
    for size, team in teams.items():
        for nulls in (False, True) if nullable else (False,):
            found = segment(sql, team, by, order, "desc" if sign else "asc", nulls)
            for start in {None, 0, len(found.rows) // 2, len(found.rows) - 3}:
                if start is not None and not 0 <= start < len(found.rows):
                    continue
                shape = Shape(
                    filters, sign + order, gestor, False, start is not None, nulls, most == 21
                )
                assert shape.listed
                after = (None, None) if start is None else found.rows[start]
                bound = {"apos": after[0], "apos_id": after[1], "limite": most}
                values = found.values | bound
                plan = explain(page_query(shape), values, team.equipe_id, before=TEMPTING)
                left = len(found.rows) - (0 if start is None else start + 1)
                assert not plan.kinds & FORBIDDEN, plan
                if size == "large" and left > 3:
                    hold(plan, by, order, min(left, most))
                else:
                    hold_few(plan)


def hold_few(plan: Plan) -> None:
    """Where an equipe has only a few rows, or the list has only a few left, all of its indexes cost
    the same."""
    shown = "\n".join(map(str, plan.nodes))
    scans = [plan.scan(table) for table in ("leads", "lead_pontuacao")]
    assert all("(equipe_id = " in scan["Index Cond"] for scan in scans), shown
    read = [node["Actual Rows"] + node.get("Rows Removed by Filter", 0) for node in scans]
    assert max(read) <= SIZES["small"], shown


def hold(plan: Plan, by: str, order: str, count: int) -> None:
    """The index of the shape, from the equipe on, and no row beyond those of the page."""
    shown = "\n".join(map(str, plan.nodes))
    driving, other = (
        ("lead_pontuacao", "leads") if order == "score" else ("leads", "lead_pontuacao")
    )
    first = {"alone": "", "by stage": "etapa_"}.get(by, "responsavel_id_")
    closing = "lead_id" if order == "score" else "id"
    index = f"ix_{driving}_equipe_id_{first}{CENTS.get(order, order)}_{closing}"
    assert plan.index_of(driving) == index, shown
    assert plan.index_of(other) == f"pk_{other}", shown
    scan = plan.scan(driving)
    assert "(equipe_id = " in scan["Index Cond"], shown
    assert scan["Actual Rows"] == count, shown
    assert all(node.get("Rows Removed by Filter", 0) == 0 for node in plan.nodes), shown


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize(("by", "order"), LISTED)
def test_the_first_rows_are_walked_in_their_order_and_no_further(
    teams: dict[str, Team], sql: Engine, by: str, order: str, sign: str
) -> None:
    gestor, filters, _ = BY[by]
    for more in ((), ("uf_igual",)):
        for team in teams.values():
            found = segment(sql, team, by, order, "desc" if sign else "asc", nulls=False)
            values = found.values | {"q": ["%nobody%"], "uf_igual": "SP"}
            shape = Shape(tuple(sorted([*filters, "q", *more])), sign + order, gestor, usual=True)
            plan = explain(near_query(shape), values, team.equipe_id, before=TEMPTING)
            shown = "\n".join(map(str, plan.nodes))
            assert not plan.kinds & FORBIDDEN, shown
            driving = "lead_pontuacao" if order == "score" else "leads"
            # PostgreSQL 15 reads one more, to see whether the window goes on.
            assert plan.scan(driving)["Actual Rows"] <= NEAR + 2, shown


@pytest.mark.parametrize("gestor", [True, False])
@pytest.mark.parametrize(
    "query", [_one_query, lambda gestor: lead_lock(gestor, False), _score_query]
)
def test_one_lead_is_found_by_its_id(
    teams: dict[str, Team], sql: Engine, query: Callable[[bool], Query], gestor: bool
) -> None:
    """A person may have a hundred thousand leads, and an index of them begins with the person."""
    team = teams["large"]
    (_, lead_id), values = (
        segment(sql, team, "a vendedor's own", "criado_em", "asc", False).rows[7],
        {"equipe_id": team.equipe_id, "usuario_id": team.vendedor.id},
    )
    plan = explain(query(gestor), values | {"id": lead_id}, team.equipe_id)
    assert plan.index_of("leads") == "pk_leads", plan
    assert plan.scan("leads")["Actual Rows"] == 1
