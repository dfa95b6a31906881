"""Case search: words in the names of a tenant of 500,000 leads, against an unindexed ILIKE and
against the walk of the list in its order, both as plain SQL under row-level security."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from statistics import median
from typing import Any

import psycopg2

from bench import load, million, requests, yardstick
from bench.people import Team
from bench.report import Figure, of_rounds
from bench.requests import Effort
from bench.site import Site
from services.leads.reading.shapes import Shape, page_query

_LIMIT = 1 / 15
_MOST_OF_WALK = 1.5
_TIMES = 15  # searches of a round, for the time of one
_ILIKE = """
select id, nome, empresa from leads where equipe_id = %(equipe_id)s and excluido_em is null
and (nome ilike %(word)s or empresa ilike %(word)s) order by criado_em desc, id desc limit 21
"""
_AROUND = "set local app.equipe_id = '{}'; "


def bench_search(site: Site, teams: Sequence[Team], effort: Effort) -> Iterator[Figure]:
    team = teams[0]
    plain = _Plain(site, team)
    common, seldom, rare, old = (
        word for word, _ in (million.COMMON, million.SELDOM, million.RARE, million.OLD)
    )
    for kind, word, most in (
        ("absent word", million.ABSENT, _LIMIT),
        ("rare word", rare, _LIMIT),
        # Enough for a page: the ILIKE ends as soon as that is full.
        ("word of one lead in 1,000", seldom, None),
    ):
        asked = _search(team, word)
        costs = [(_whole(site, asked, effort), plain.ilike(word)) for _ in range(effort.rounds)]
        yield of_rounds(f"search, {kind}: CPU / ILIKE", _ratios(costs), most=most)
    costs = [
        (_own(site, _search(team, common), team, effort), plain.walk(common))
        for _ in range(effort.rounds)
    ]
    name = "search, common word: PostgreSQL CPU / the walk"
    yield of_rounds(name, _ratios(costs), most=_MOST_OF_WALK)
    yield from _worst(site, team, plain, old, effort)


def _worst(site: Site, team: Team, plain: "_Plain", word: str, effort: Effort) -> Iterator[Figure]:
    """A word that is common, but among older leads alone; and one too short for the index."""
    for name, asked in (("common among old leads alone", word), ("two letters, absent", "zz")):
        raw = _search(team, asked)
        costs = [(_whole(site, raw, effort), plain.ilike(asked)) for _ in range(effort.rounds)]
        yield of_rounds(f"search, {name}: CPU / ILIKE", _ratios(costs))
        times = [median(load.timed(site.port, [raw] * _TIMES)) * 1e3 for _ in range(effort.rounds)]
        yield of_rounds(f"search, {name}: time", times, "ms")


def _search(team: Team, word: str) -> bytes:
    return load.request("GET", f"/leads?q={word}", team.token)


def _whole(site: Site, raw: bytes, effort: Effort) -> float:
    """CPU of the request, of the application and of PostgreSQL."""
    return requests.send(site, [raw], replace(effort, clients=1)).cost.total


def _own(site: Site, raw: bytes, team: Team, effort: Effort) -> float:
    """PostgreSQL's part, without that of any request to a known caller."""
    one = replace(effort, clients=1)
    empty = load.request("GET", yardstick.PATH, team.token)
    return requests.send(site, [raw], one).cost.pg - requests.send(site, [empty], one).cost.pg


def _ratios(costs: Sequence[tuple[float, float]]) -> list[float]:
    return [ours / theirs for ours, theirs in costs]


class _Plain:
    """Statements on one connection of the application's role, their CPU in microseconds."""

    def __init__(self, site: Site, team: Team) -> None:
        self._site = site
        self._values = {"equipe_id": team.equipe_id, "usuario_id": 0}

    def ilike(self, word: str) -> float:
        return self._cost(_ILIKE, {"word": f"%{word}%"}, seconds=2)

    def walk(self, word: str) -> float:
        """The statement that the list is without an index of words."""
        shape = Shape(("q",), "-criado_em", gestor=True, usual=True)
        return self._cost(page_query(shape).sql, {"q": [f"%{word}%"]}, seconds=2)

    def _cost(self, sql: str, values: dict[str, Any], *, seconds: float) -> float:
        url = self._site.database.url.replace("+psycopg2", "")
        with closing(psycopg2.connect(url)) as connection:
            connection.autocommit = True
            with closing(connection.cursor()) as cursor:
                text = _AROUND.format(self._values["equipe_id"]) + sql
                cursor.execute(text, self._values | values)
                before, began, count = self._site.cpu(), time.monotonic(), 0
                while time.monotonic() - began < seconds or not count:
                    cursor.execute(text, self._values | values)
                    cursor.fetchall()
                    count += 1
                return (self._site.cpu() - before).per(count).pg
