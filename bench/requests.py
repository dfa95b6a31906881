"""Cases list, get, create and empty: what one request costs, beside pgbench and beside nothing."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, cycle, islice

from bench import load, people, wire, yardstick
from bench.frozen import Yardstick
from bench.people import Team
from bench.report import Figure, of_rounds
from bench.site import Cost, Site

# Lead numbers that no file uses.
_FRESH = count(30_000_000)
_CREATES_PER_SECOND = 3_000  # more than are ever answered
_WARM_UP, _COUNTED = 200, 10


@dataclass(frozen=True, slots=True)
class Effort:
    """How long a bench takes."""

    rounds: int
    seconds: int
    clients: int


@dataclass(frozen=True, slots=True)
class Round:
    """One round of one target: replies per second, CPU microseconds per reply, requests sent."""

    rate: float
    cost: Cost
    sent: int


def bench_list(site: Site, teams: Sequence[Team], effort: Effort) -> Iterator[Figure]:
    raws = gets(teams, "/leads")
    yield from _beside_frozen("list", site, teams, lambda: raws, effort, least=0.36)


def bench_get(site: Site, teams: Sequence[Team], effort: Effort) -> Iterator[Figure]:
    raws = reads(teams)
    yield from _beside_frozen("get", site, teams, lambda: raws, effort, least=0.45)


def bench_create(site: Site, teams: Sequence[Team], effort: Effort) -> Iterator[Figure]:
    def raws() -> list[bytes]:
        return creates(teams, effort)

    yield from _beside_frozen("create", site, teams, raws, effort, least=0.5, once=True)


def bench_empty(site: Site, teams: Sequence[Team], effort: Effort) -> Iterator[Figure]:
    """The list against an authenticated reply without content, on the same server."""
    lists, nothings = gets(teams, "/leads"), gets(teams, yardstick.PATH)
    pairs = [
        (send(site, lists, effort), send(site, nothings, effort)) for _ in range(effort.rounds)
    ]
    yield of_rounds("empty reply: application CPU", [none.cost.app for _, none in pairs], "us")
    yield of_rounds("empty reply: PostgreSQL CPU", [none.cost.pg for _, none in pairs], "us")
    yield of_rounds(
        "list vs empty reply: CPU (empty / list)",
        [none.cost.total / full.cost.total for full, none in pairs],
        least=0.4,
    )
    yield of_rounds(
        "list vs empty reply: throughput",
        [full.rate / none.rate for full, none in pairs],
        least=0.4,
    )


def gets(teams: Sequence[Team], path: str) -> list[bytes]:
    """The same request of each tenant."""
    return [load.request("GET", path, team.token) for team in teams]


def reads(teams: Sequence[Team]) -> list[bytes]:
    """Single leads, spread over each tenant."""
    return [
        _read(team, team.first + n * 7919 % (team.last - team.first + 1))
        for n in range(1_000)
        for team in teams
    ]


def creates(teams: Sequence[Team], effort: Effort) -> list[bytes]:
    """More than are answered in a round; each may be sent once."""
    batch = _CREATES_PER_SECOND * effort.seconds // len(teams)
    return [create(team) for _ in range(batch) for team in teams]


def create(team: Team) -> bytes:
    """A create that finds no duplicate."""
    return _create(team, next(_FRESH))


def send(site: Site, raws: Sequence[bytes], effort: Effort, *, once: bool = False) -> Round:
    """One round over HTTP; with `once` it ends when every request has been sent."""
    before = site.cpu()
    outcome = load.drive(site.port, raws, effort.clients, seconds=effort.seconds, once=once)
    outcome.demand(200, 201)
    spent = site.cpu() - before
    return Round(outcome.replies / outcome.seconds, spent.per(outcome.replies), outcome.sent)


def _beside_frozen(
    case: str,
    site: Site,
    teams: Sequence[Team],
    raws: Callable[[], Sequence[bytes]],
    effort: Effort,
    *,
    least: float,
    once: bool = False,
) -> Iterator[Figure]:
    """Interleaved rounds of HTTP and of the frozen messages over as many connections."""
    yield Figure(f"{case}: messages to PostgreSQL", _messages(site, raws()))
    frozen = Yardstick(site, teams)
    pairs = [
        (send(site, raws(), effort, once=once), _pgbench(site, frozen, case, effort))
        for _ in range(effort.rounds)
    ]
    yield of_rounds(f"{case}: application CPU", [http.cost.app for http, _ in pairs], "us")
    yield of_rounds(f"{case}: PostgreSQL CPU", [http.cost.pg for http, _ in pairs], "us")
    yield of_rounds(
        f"{case}: CPU, frozen SQL / whole request",
        [sql.cost.pg / http.cost.total for http, sql in pairs],
    )
    yield of_rounds(f"{case}: requests per second", [http.rate for http, _ in pairs], "1/s")
    yield of_rounds(
        f"{case}: throughput, HTTP / pgbench -M simple of frozen SQL",
        [http.rate / sql.rate for http, sql in pairs],
        least=least,
    )


def _pgbench(site: Site, frozen: Yardstick, case: str, effort: Effort) -> Round:
    before = site.cpu()
    found = frozen.send(case, effort.clients, effort.seconds)
    spent = site.cpu() - before
    return Round(found.per_second, spent.per(found.transactions), found.transactions)


def _messages(site: Site, raws: Sequence[bytes]) -> float:
    """How many one request sends, once every connection is past its first-time work."""
    turns = cycle(raws)
    for raw in islice(turns, _WARM_UP):
        load.one(site.port, raw)
    counted = list(islice(turns, _COUNTED))
    sent = wire.record(site, lambda: [load.one(site.port, raw) for raw in counted])
    return len(sent) / len(counted)


def _read(team: Team, lead_id: int) -> bytes:
    return load.request("GET", f"/leads/{lead_id}", team.token)


def _create(team: Team, number: int) -> bytes:
    return load.request("POST", "/leads", team.token, json.dumps(people.lead(number)).encode())
