"""A timeline and the feed read ranges of their indexes: what a page needs and no more, in large
equipes and small ones, under row-level security and with the application's role."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, NullPool, create_engine, text

from services import eventService
from services.timeline.reading import Position, _query
from tests.support import many
from tests.support.api import Team, open_team
from tests.support.leads import rows, run
from tests.support.plans import TEMPTING, Plan, explain

pytestmark = pytest.mark.xdist_group("plans")
SIZES = {"large": 12_000, "small": 150}
LONG = 300  # events, and activities, of one lead
MOST = 21
OF_LEAD = "ix_{}_equipe_id_lead_id_criado_em_id"
FEED = "ix_eventos_equipe_id_epoca_xid_id"
_EVENTS = (
    "insert into eventos (equipe_id, tipo, lead_id, criado_em, de_etapa, para_etapa) "
    "select :e, 'lead_movido', l.id, timestamptz '2026-01-01' + n * interval '1 minute', 'novo', "
    "'contatado' from leads l, generate_series(1, :n) n where l.equipe_id = :e and {} order by n"
)
_ACTS = (
    "insert into atividades (equipe_id, lead_id, tipo, criado_em, concluida_em) "
    "select :e, l.id, 'ligacao', timestamptz '2026-01-01' + n * interval '90 s', now() "
    "from leads l, generate_series(1, :n) n where l.equipe_id = :e and {} order by n"
)
_LAST_BELOW = (
    "select epoca, xid::text as place, id from eventos where equipe_id = :e "
    "and xid < cast(cast(:x as text) as xid8) order by epoca desc, xid desc, id desc limit 1"
)


@pytest.fixture(scope="module")
def filled(app: Flask, sql: Engine) -> Iterator[dict[str, tuple[Team, int]]]:
    """Equipes, each with a lead of which much is told."""
    found = {}
    for size, count in SIZES.items():
        team = open_team(app)
        ids = many.fill(sql, team, count)
        told = ids[len(ids) // 2]
        for statement in (_EVENTS, _ACTS):
            run(sql, statement.format("true"), e=team.equipe_id, n=3)
            run(sql, statement.format("l.id = :told"), e=team.equipe_id, n=LONG, told=told)
        values = {"e": team.equipe_id, "told": told, "v": team.vendedor.id}
        run(
            sql,
            "update leads set responsavel_id = :v, excluido_em = null "
            "where equipe_id = :e and id = :told",
            **values,
        )
        found[size] = team, told
    many.analyze(sql)
    run(sql, "analyze eventos, atividades")
    with app.app_context():
        yield found


@pytest.mark.parametrize("gestor", [True, False])
@pytest.mark.parametrize("start", ["first", "middle", "last"])
@pytest.mark.parametrize("size", SIZES)
def test_each_half_of_a_timeline_is_a_range_of_its_index(
    filled: dict[str, tuple[Team, int]], sql: Engine, size: str, gestor: bool, start: str
) -> None:
    team, lead_id = filled[size]
    minutes = {"first": None, "middle": 100, "last": 2}[start]
    quando = "infinity" if minutes is None else f"2026-01-01T{minutes // 60:02d}:{minutes % 60}Z"
    position = Position(quando)
    values = {
        "lead_id": lead_id,
        "equipe_id": team.equipe_id,
        "usuario_id": team.vendedor.id,
        "ate": position.quando,
        "ate_evento": position.bound("evento"),
        "ate_atividade": position.bound("atividade"),
        "limite": MOST,
    }
    plan = explain(_query(gestor), values, team.equipe_id, before=TEMPTING)
    shown = brief(plan)
    for table in ("eventos", "atividades"):
        there = (
            f"select count(*) from {table} where equipe_id = :e and lead_id = :l "
            "and criado_em <= cast(:t as timestamptz)"
        )
        ((left,),) = rows(sql, there, e=team.equipe_id, l=lead_id, t=quando)
        scan = plan.scan(table)
        assert scan["Index Name"] == OF_LEAD.format(table), shown
        for part in ("equipe_id = ", "lead_id = ", "ROW(criado_em, id) < "):
            assert part in scan["Index Cond"], shown
        assert scan["Actual Rows"] == min(left, MOST), shown
        assert scan.get("Rows Removed by Filter", 0) == 0, shown
        assert limited(plan, scan), shown
    assert plan.index_of("leads") == "pk_leads", shown
    assert not plan.kinds & {"Seq Scan", "Bitmap Heap Scan", "Gather", "Gather Merge"}, shown
    people = [node for node in plan.nodes if node.get("Relation Name") == "usuarios"]
    assert [node["Index Name"] for node in people] == ["pk_usuarios"] * 2, shown


def brief(plan: Plan) -> str:
    told = ("Node Type", "Relation Name", "Index Name", "Index Cond", "Filter", "Actual Rows")
    return "\n".join(str({n: node[n] for n in told if n in node}) for node in plan.nodes)


def limited(plan: Plan, scan: dict[str, Any]) -> bool:
    """Whether a limit stands above it before anything else is read."""
    above = [node for node in plan.nodes if node.get("Plans") == [scan]]
    while above and above[0]["Node Type"] == "Result":
        above = [node for node in plan.nodes if node.get("Plans") == above]
    return bool(above) and above[0]["Node Type"] == "Limit"


@pytest.mark.parametrize("kinds", [[], ["lead_excluido"], ["lead_movido"]], ids=str)
@pytest.mark.parametrize("start", ["first", "middle", "end"])
@pytest.mark.parametrize("size", SIZES)
def test_a_page_of_the_feed_is_a_range_of_its_index(
    filled: dict[str, tuple[Team, int]], sql: Engine, size: str, start: str, kinds: list[str]
) -> None:
    team, _ = filled[size]
    place = "select epoca, xid::text, id from eventos where equipe_id = :e"
    order = "order by eventos.epoca, eventos.xid, eventos.id"
    all_places = rows(sql, f"{place} {order}", e=team.equipe_id)
    behind = {"first": -1, "middle": len(all_places) // 2, "end": len(all_places) - 1}[start]
    epoca, xid, event_id = all_places[behind] if behind >= 0 else (0, "0", 0)
    values = {"epoca": epoca, "xid": xid, "id": event_id, "limite": 100, "tipos": kinds}
    query = eventService._PAGE_OF_KINDS if kinds else eventService._PAGE
    asked = values | {"equipe_id": team.equipe_id}
    plan = explain(query, asked, team.equipe_id, before=TEMPTING)
    shown = brief(plan)
    scan = plan.scan("eventos")
    assert scan["Index Name"] == FEED, shown
    condition = scan["Index Cond"]
    assert "equipe_id = " in condition, shown
    assert "ROW(epoca, xid, id) > " in condition and "ROW(epoca, xid) < " in condition, shown
    left = len(all_places) - behind - 1
    most = eventService.STRETCH if kinds == ["lead_excluido"] else 110
    assert scan["Actual Rows"] <= min(left, most), shown
    assert scan.get("Rows Removed by Filter", 0) == 0, shown
    assert not plan.kinds & {"Sort", "Seq Scan", "Bitmap Heap Scan", "Gather"}, shown


def test_what_may_not_be_read_yet_is_not_walked(
    filled: dict[str, tuple[Team, int]], sql: Engine
) -> None:
    """An import that is not committed, say, and all that came after it."""
    team, _ = filled["small"]
    engine = create_engine(sql.url, poolclass=NullPool)
    with engine.connect() as late:
        late.execute(text("select pg_current_xact_id()"))
        run(sql, _EVENTS.format("true"), e=team.equipe_id, n=4)
        xid = late.scalar(text("select cast(pg_current_xact_id() as text)"))
        found = rows(sql, _LAST_BELOW, e=team.equipe_id, x=xid)
        epoca, place, event_id = found[0]
        asked = {"epoca": epoca, "xid": place, "id": event_id, "limite": 100}
        plan = explain(eventService._PAGE, asked | {"equipe_id": team.equipe_id}, team.equipe_id)
        late.rollback()
    engine.dispose()
    scan = plan.scan("eventos")
    assert (scan["Actual Rows"], scan.get("Rows Removed by Filter", 0)) == (0, 0), plan
