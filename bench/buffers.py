"""Case buffers: how many pages a claim looks at in the queue of the tenant of 500,000 leads."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

import psycopg2

from bench.people import Team
from bench.report import Figure
from bench.requests import Effort
from bench.site import Site
from models.db.messages.prepared import BY_INDEX
from services.queue import ranges

_EXPLAIN = "explain (analyze, buffers, costs off, format json) "


def bench_buffers(site: Site, teams: Sequence[Team], _: Effort) -> Iterator[Figure]:
    """With the application's role; the first claim marks what an import has left behind."""
    site.sql("vacuum analyze fila")
    for _again in range(2):
        plans = _explained(site, teams[0])
    claim = plans[-1]
    named = [node for node in _walk(claim) if "CTE" in node.get("Subplan Name", "")]
    yield Figure("claim: pages of all its statements", sum(map(_pages, plans)), most=60)
    yield Figure("claim: pages of its largest range", max(map(_pages, named[:-1])), most=12)


def _explained(site: Site, team: Team) -> list[dict[str, Any]]:
    values = {
        "equipe_id": team.equipe_id,
        "usuario_id": 0 - team.equipe_id,
        "qualquer_hora": True,
        "fechadas": [],
        "hoje": "2000-01-01",
    }
    with closing(psycopg2.connect(site.database.url.replace("+psycopg2", ""))) as connection:
        with connection.cursor() as cursor:
            cursor.execute(f"{BY_INDEX}set local app.equipe_id = '{team.equipe_id}'")
            plans = []
            for query in (ranges.LOCK, ranges.WAKE, ranges.claim(False)):
                cursor.execute(_EXPLAIN + query.sql, values)
                plans.append(cursor.fetchall()[0][0][0]["Plan"])
        connection.rollback()
    return plans


def _walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for inner in node.get("Plans", ()):
        yield from _walk(inner)


def _pages(node: dict[str, Any]) -> int:
    return int(node["Shared Hit Blocks"]) + int(node["Shared Read Blocks"])
