"""Cases list, get, create and empty: what one request costs, beside pgbench and beside nothing."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from bench import load, people, wire, yardstick
from bench.people import Team
from bench.report import Figure, of_rounds
from bench.site import Cost, Site

# Lead numbers that no file uses.
_FRESH = count(30_000_000)
_CREATES_PER_SECOND = 3_000  # more than are ever answered
_MARKED = 987_654_321
_RANDOM_LEAD = """\\set n random(200000000, 999999999)
\\set d random(10000000000, 99999999999)
\\set a random(1, 3000000000)
\\set b random(3000000001, 6000000000)
\\set c random(6000000001, 9000000000)
"""


@dataclass(frozen=True, slots=True)
class Effort:
    """How long a bench takes."""

    rounds: int
    seconds: int
    clients: int


@dataclass(frozen=True, slots=True)
class Round:
    """One round of one target: replies per second, CPU microseconds per reply."""

    rate: float
    cost: Cost


def bench_list(site: Site, teams: Sequence[Team], effort: Effort) -> Iterator[Figure]:
    raws = gets(teams, "/leads")
    scripts = [wire.script(_sent(site, raw)) for raw in raws]
    yield from _beside_pgbench(site, "list of 20", raws, scripts, effort, least=0.15)


def bench_get(site: Site, teams: Sequence[Team], effort: Effort) -> Iterator[Figure]:
    scripts = []
    for team in teams:
        messages = _sent(site, _read(team, team.last))
        variable = [(rf"\bleads\.id = {team.last}\b", "leads.id = :lead")]
        choice = f"\\set lead random({team.first}, {team.last})\n"
        scripts.append(choice + wire.script(messages, variable))
    yield from _beside_pgbench(site, "single read", reads(teams), scripts, effort, least=0.12)


def bench_create(site: Site, teams: Sequence[Team], effort: Effort) -> Iterator[Figure]:
    scripts = [_create_script(site, team) for team in teams]

    def raws() -> list[bytes]:
        return creates(teams, effort)

    yield from _beside_pgbench(site, "create", raws, scripts, effort, least=0.12)


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
    return Round(outcome.replies / outcome.seconds, spent.per(outcome.replies))


def _beside_pgbench(
    site: Site,
    name: str,
    raws: Sequence[bytes] | Callable[[], Sequence[bytes]],
    scripts: Sequence[str],
    effort: Effort,
    *,
    least: float,
) -> Iterator[Figure]:
    """Interleaved rounds of HTTP and of pgbench with the same SQL and as many connections."""
    once = callable(raws)
    pairs = []
    for _ in range(effort.rounds):
        batch = raws() if callable(raws) else raws
        pairs.append((send(site, batch, effort, once=once), _pgbench(site, scripts, effort)))
    yield of_rounds(f"{name}: application CPU", [http.cost.app for http, _ in pairs], "us")
    yield of_rounds(f"{name}: PostgreSQL CPU", [http.cost.pg for http, _ in pairs], "us")
    yield of_rounds(
        f"{name}: CPU, pgbench's PostgreSQL / whole request",
        [sql.cost.pg / http.cost.total for http, sql in pairs],
    )
    yield of_rounds(f"{name}: requests per second", [http.rate for http, _ in pairs], "1/s")
    yield of_rounds(
        f"{name}: throughput, HTTP / pgbench -M simple",
        [http.rate / sql.rate for http, sql in pairs],
        least=least,
    )


def _pgbench(site: Site, scripts: Sequence[str], effort: Effort) -> Round:
    before = site.cpu()
    found = wire.pgbench(site, scripts, effort.clients, effort.seconds)
    spent = site.cpu() - before
    return Round(found.per_second, spent.per(found.transactions))


def _sent(site: Site, raw: bytes) -> list[str]:
    """The SQL of a request, once the server is past its first-time work."""
    for _ in range(20):
        load.one(site.port, raw)
    return wire.record(site, lambda: load.one(site.port, raw))


def _read(team: Team, lead_id: int) -> bytes:
    return load.request("GET", f"/leads/{lead_id}", team.token)


def _create(team: Team, number: int) -> bytes:
    return load.request("POST", "/leads", team.token, json.dumps(people.lead(number)).encode())


def _create_script(site: Site, team: Team) -> str:
    """A whole create, BEGIN to COMMIT, with other keys, other locks and its own new id."""
    for _ in range(20):
        load.one(site.port, create(team))
    replies: list[tuple[int, bytes]] = []
    marked = _create(team, _MARKED + team.equipe_id)
    messages = wire.record(site, lambda: replies.append(load.one(site.port, marked)))
    return _RANDOM_LEAD + wire.script(messages, _variables(json.loads(replies[0][1])["data"]))


def _variables(lead: dict[str, str]) -> list[tuple[str, str]]:
    number = lead["nome"].removeprefix("Lead ")
    return [
        (re.escape(lead["telefone"]), "+55:n"),
        (re.escape(lead["documento"]), ":d"),
        (rf"(?i)(lead ?){number}", r"\1:n"),
        (rf"\b{lead['id']}\b", ":id"),
        # Ascending, as the application takes them: two scripts never wait for each other.
        (r"ARRAY\[[-\d, ]+\] as bigint\[\]", "ARRAY[:a,:b,:c] as bigint[]"),
    ]
