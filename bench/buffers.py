"""Case buffers: how many pages a claim looks at in the queue of the tenant of 500,000 leads."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

import psycopg2

from bench import people
from bench.people import Team
from bench.report import Figure
from bench.requests import Effort
from bench.site import Site
from models.db.messages.prepared import BY_INDEX, prepared
from services.queue import ranges

_EXPLAIN = "explain (analyze, buffers, costs off, format json) "
_CLAIM = (ranges.LOCK, ranges.WAKE, ranges.claim(False))
# The parts of its last statement that look for a lead.
RANGES = {*ranges.PROMISES, "meu", "melhor_livre", "proprio", "livre"}


def bench_buffers(site: Site, teams: Sequence[Team], _: Effort) -> Iterator[Figure]:
    """With the application's role, for a vendedor who has asked before: the first claim marks what
    an import has left behind, and a new connection reads what PostgreSQL knows of its tables."""
    site.sql("vacuum analyze fila")
    team = teams[0]
    plans = _explained(site, team.equipe_id, people.user_id(site, team.colleague))
    looked_in = [own_pages(part) for part in walk(plans[-1]) if _name(part) in RANGES]
    yield Figure("claim: pages of all its statements", sum(map(pages, plans)), most=60)
    yield Figure("claim: pages of its largest range", max(looked_in), most=12)


def own_pages(part: Mapping[str, Any]) -> int:
    """Without those of other parts that it asked for first, which count for them."""
    asked = [node for node in walk(part) if node["Node Type"] == "CTE Scan"]
    return pages(part) - sum(map(pages, asked))


def pages(node: Mapping[str, Any]) -> int:
    return int(node["Shared Hit Blocks"]) + int(node["Shared Read Blocks"])


def walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for inner in node.get("Plans", ()):
        yield from walk(inner)


def _name(node: Mapping[str, Any]) -> str:
    return str(node.get("Subplan Name", "")).removeprefix("CTE ")


def _explained(site: Site, equipe_id: int, usuario_id: int) -> list[dict[str, Any]]:
    """The plans of the second claim on a connection, as it is sent: planned for unknown values."""
    values = {
        "equipe_id": equipe_id,
        "usuario_id": usuario_id,
        "qualquer_hora": True,
        "fechadas": [],
        "hoje": "2000-01-01",
    }
    with closing(psycopg2.connect(site.database.url.replace("+psycopg2", ""))) as connection:
        with connection.cursor() as cursor:
            cursor.execute("set plan_cache_mode = force_generic_plan")
            for query in _CLAIM:
                cursor.execute(prepared(query.sql).preparation)
            connection.commit()
            for _again in range(2):
                connection.rollback()
                cursor.execute(f"{BY_INDEX}set local app.equipe_id = '{equipe_id}'")
                plans = [_plan(cursor, prepared(query.sql).execution, values) for query in _CLAIM]
        connection.rollback()
    return plans


def _plan(cursor: Any, execution: str, values: Mapping[str, Any]) -> dict[str, Any]:
    cursor.execute(_EXPLAIN + execution, values)
    plan: dict[str, Any] = cursor.fetchall()[0][0][0]["Plan"]
    return plan
