"""What `python -m bench --against REV` asks of both versions. A new case is a line of CASES."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bench import changes, imports, logins, memory, requests
from bench.people import Team
from bench.requests import Effort
from bench.site import Cost, Site

Measure = Callable[[Site, Sequence[Team], Effort], Cost]
Ask = Callable[[Sequence[Team], Effort], Sequence[bytes]]


@dataclass(frozen=True, slots=True)
class Case:
    """One round of it is a `measure`; `limit` is the most that new / old may be.

    A version whose document lacks the `operation` is not compared. With `full` one tenant is
    asked for, of 500,000 leads among 1,000,000, and the case runs with --full alone.
    """

    operation: str
    measure: Measure
    limit: float = 1.15
    unit: str = "us"
    full: bool = False


def _requests(ask: Ask, *, once: bool = False) -> Measure:
    """CPU of one request of these; with `once` none of them is sent twice."""

    def measure(site: Site, teams: Sequence[Team], effort: Effort) -> Cost:
        return requests.send(site, ask(teams, effort), effort, once=once).cost

    return measure


def _get(path: str) -> Measure:
    return _requests(lambda teams, _: requests.gets(teams, path))


CASES: dict[str, Case] = {
    "list": Case("GET /leads", _get("/leads")),
    "get": Case("GET /leads/{id}", _requests(lambda teams, _: requests.reads(teams))),
    "create": Case("POST /leads", _requests(requests.creates, once=True)),
    "patch": Case("PATCH /leads/{id}", changes.cost_of(changes.fields)),
    "patch-keys": Case("PATCH /leads/{id}", changes.cost_of(changes.keys)),
    "move": Case("POST /leads/{id}/move", changes.cost_of(changes.move)),
    "upsert": Case("PUT /leads", changes.cost_of(changes.upsert)),
    # No lead is lost, so the list is empty: the cost of any authenticated reply.
    "empty": Case("GET /leads", _get("/leads?etapa=perdido")),
    "metrics": Case("GET /metrics", _get("/metrics")),
    "login": Case("POST /auth/login", _requests(lambda teams, _: logins.attempts(teams))),
    "import": Case("POST /leads/import", imports.cost_of_a_line),
    "memory": Case("GET /leads", memory.largest_worker, unit="MiB"),
    "list-1m": Case("GET /leads", _get("/leads"), full=True),
    "metrics-1m": Case("GET /metrics", _get("/metrics"), full=True),
}


@dataclass(frozen=True, slots=True)
class Targets:
    """What a piece of work promised against the commit before it; other comparisons go by Case."""

    commit: str
    limits: Mapping[str, float]


TARGETS: dict[str, Targets] = {
    "ground": Targets(
        "c3285f5",
        {
            "list": 0.8,
            "get": 0.7,
            "create": 0.4,
            "patch": 0.4,
            "patch-keys": 0.4,
            "import": 1.1,
        },
    ),
    "reach": Targets(
        "7423a44", {"list": 0.75, "get": 0.7, "create": 1.05, "patch": 1.05, "patch-keys": 1.05}
    ),
}


def chosen(names: Sequence[str], targets: str | None) -> dict[str, Case]:
    """These cases, each with the limit that the targets set, if they set one."""
    limits = TARGETS[targets].limits if targets else {}
    return {name: replace(CASES[name], limit=limits.get(name, CASES[name].limit)) for name in names}
