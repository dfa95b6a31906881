"""Case history: the timeline of a lead, the tasks of a tenant and pages of the feed, of a tenant of
500,000 leads against one of 10,000 in the same database; and a lead given to whoever has the
fewest."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bench import load, million, requests
from bench.errors import BenchFailed
from bench.people import Team
from bench.report import Figure, of_rounds
from bench.requests import Effort
from bench.site import Site

SMALL = 10_000
_CHANGES = 60  # of the lead whose timeline is read
_PAGE, _FAR = 1_000, 100  # events of a page, pages to a place far on
_MOST = 1.3


def bench_history(site: Site, teams: Sequence[Team], effort: Effort) -> Iterator[Figure]:
    small, large = million.open_team(site, "pequena", SMALL), teams[0]
    pairs = {
        "timeline": [_timeline(site, team) for team in (small, large)],
        "tasks": [_tasks(site, team) for team in (small, large)],
        "feed, first page": [_feed(team, "") for team in (small, large)],
        "feed, its end": [_feed(team, _walk(site, team, 2**62)) for team in (small, large)],
        "feed, a rare kind": [_feed(team, "", "&tipo=lead_excluido") for team in (small, large)],
        "assign auto": [_assign(team) for team in (small, large)],
    }
    for name, ends in pairs.items():
        yield _ratio(site, f"{name}: CPU, {million.LARGEST:,} leads / {SMALL:,}", ends, effort)
    deep = [_feed(large, ""), _feed(large, _walk(site, large, _FAR))]
    yield _ratio(site, f"feed: CPU, page {_FAR} of {_PAGE} / first page", deep, effort)


def _ratio(site: Site, name: str, ends: Sequence[bytes], effort: Effort) -> Figure:
    one = replace(effort, clients=1)
    found = []
    for _ in range(effort.rounds):
        here, there = (requests.send(site, [raw], one).cost.total for raw in ends)
        found.append(there / here)
    return of_rounds(name, found, most=_MOST)


def _timeline(site: Site, team: Team) -> bytes:
    """Of a lead of which more is told than a page holds."""
    path = f"/leads/{(team.first + team.last) // 2}"
    for number in range(_CHANGES):
        body = json.dumps({"cidade": f"Cidade {number}"}).encode()
        _data(site, load.request("PATCH", path, team.token, body))
    return load.request("GET", f"{path}/timeline", team.token)


def _tasks(site: Site, team: Team) -> bytes:
    """As many promises for each tenant, more than a page holds."""
    body = json.dumps({"tipo": "tarefa", "prevista_para": "2031-01-02T12:00:00Z"}).encode()
    for number in range(_CHANGES):
        path = f"/leads/{team.first + number}/activities"
        _data(site, load.request("POST", path, team.token, body))
    return load.request("GET", "/tasks?responsavel_id=todos", team.token)


def _feed(team: Team, after: str, more: str = "") -> bytes:
    place = f"&depois={after}" if after else ""
    return load.request("GET", f"/events?limite=100{place}{more}", team.token)


def _walk(site: Site, team: Team, pages: int) -> str:
    """Where the feed goes on after so many full pages, or at its end."""
    place = ""
    for _ in range(pages):
        path = f"/events?limite={_PAGE}" + (f"&depois={place}" if place else "")
        found = _data(site, load.request("GET", path, team.token))
        place = str(found["proximo"])
        if len(found["itens"]) < _PAGE:
            break
    return place


def _assign(team: Team) -> bytes:
    path = f"/leads/{(team.first + team.last) // 2}/assign"
    return load.request("POST", path, team.token, b'{"responsavel_id": "auto"}')


def _data(site: Site, raw: bytes) -> dict[str, object]:
    status, body = load.one(site.port, raw)
    if status not in (200, 201):
        raise BenchFailed(f"{status}: {body[:300].decode(errors='replace')}")
    found: dict[str, object] = json.loads(body)["data"]
    return found
