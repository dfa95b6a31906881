"""Case pages: the 10,000th page of a tenant of 500,000 leads against its first, in every order."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from bench import load, requests
from bench.errors import BenchFailed
from bench.people import Team
from bench.report import Figure, of_rounds
from bench.requests import Effort
from bench.site import Site

ORDERS = ("-criado_em", "-atualizado_em", "proximo_contato_em", "-valor", "-score")
PAGE, _ROWS = 10_000, 20  # rows of a page where nobody asks for another number
_STRIDE = 100  # rows of a step on the way there: a cursor holds no page size
# Where every page reads all rows before it, the way is as long as the square of its length.
_PATIENCE = 60.0
_LISTS = 30  # of each page and round, for the time of one
_MOST = 1.3


@dataclass(frozen=True, slots=True)
class _Deep:
    page: int  # counted in pages of _ROWS
    cursor: str


def bench_pages(site: Site, teams: Sequence[Team], effort: Effort) -> Iterator[Figure]:
    team = teams[0]
    for order in ORDERS:
        deep = _walk(site, team, order)
        ends = [_list(team, order), _list(team, order, deep.cursor)]
        name = f"by {order}: %s, page {deep.page:,} / page 1"
        costs = [_costs(site, ends, effort) for _ in range(effort.rounds)]
        yield of_rounds(name % "CPU", [there / here for here, there in costs], most=_MOST)
        times = [_times(site, ends) for _ in range(effort.rounds)]
        yield of_rounds(name % "time", [there / here for here, there in times], most=_MOST)


def _costs(site: Site, ends: Sequence[bytes], effort: Effort) -> list[float]:
    one = replace(effort, clients=1)
    return [requests.send(site, [raw], one).cost.total for raw in ends]


def _times(site: Site, ends: Sequence[bytes]) -> list[float]:
    taken = load.timed(site.port, list(ends) * _LISTS)
    return [median(taken[at::2]) for at in (0, 1)]


def _walk(site: Site, team: Team, order: str) -> _Deep:
    """Follow the cursors to where page PAGE begins, or as far as patience goes."""
    rows, cursor, began = 0, "", time.monotonic()
    while rows < (PAGE - 1) * _ROWS and time.monotonic() - began < _PATIENCE:
        step = min(_STRIDE, (PAGE - 1) * _ROWS - rows)
        cursor = _next(site, _list(team, order, cursor, step))
        rows += step
    return _Deep(rows // _ROWS + 1, cursor)


def _next(site: Site, raw: bytes) -> str:
    status, body = load.one(site.port, raw)
    found = json.loads(body)["data"] if status == 200 else {}
    if not found.get("proximo"):
        raise BenchFailed(f"no further page: {status} {body[:200].decode(errors='replace')}")
    return str(found["proximo"])


def _list(team: Team, order: str, cursor: str = "", rows: int = _ROWS) -> bytes:
    path = f"/leads?ordenar={order}&limite={rows}" + (f"&cursor={cursor}" if cursor else "")
    return load.request("GET", path, team.token)
