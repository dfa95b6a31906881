"""Case bulk: one call for a thousand leads, against the thousand calls that say the same of them.

Every lead changes each time: who changes nothing writes nothing.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import count

from bench import changes, load, requests
from bench.changes import Change
from bench.errors import BenchFailed
from bench.people import Team
from bench.report import Figure, of_rounds
from bench.requests import Effort
from bench.site import Site

_LEADS = 1_000  # of one call
_CALLS = 20  # in one round
_turns = count(1)

Body = Callable[[int], dict[str, object]]


def _fields(turn: int) -> dict[str, object]:
    campos = {"cidade": f"Lote {turn}", "valor": f"{turn}.75"}
    return {"acao": "set", "campos": campos}


def _move(turn: int) -> dict[str, object]:
    """To stages that no lead begins in and single moves do not go to."""
    return {"acao": "move", "etapa": ("proposta", "ganho")[turn % 2]}


# What a bulk says, and the single call that says it.
_PAIRS: dict[str, tuple[Body, Change]] = {
    "set": (_fields, changes.fields),
    "move": (_move, changes.move),
}


def bench_bulk(site: Site, teams: Sequence[Team], effort: Effort) -> Iterator[Figure]:
    """CPU of application and PostgreSQL, on the first tenant."""
    team = teams[:1]
    for name, (body, change) in _PAIRS.items():
        single = changes.cost_of(change)
        _send(site, team[0], body, effort)
        rounds = [
            (_send(site, team[0], body, effort), single(site, team, effort).total * _LEADS)
            for _ in range(effort.rounds)
        ]
        yield of_rounds(f"bulk {name}: CPU of one call", [many / 1e3 for many, _ in rounds], "ms")
        ratios = [many / singles for many, singles in rounds]
        yield of_rounds(f"bulk {name} of 1,000 / 1,000 single calls: CPU", ratios, most=0.05)


def _send(site: Site, team: Team, body: Body, effort: Effort) -> float:
    """Microseconds of CPU of one call; each of a round has leads of its own."""
    turn = next(_turns)
    calls = [_call(team, n, body(turn)) for n in range(min(_CALLS, _blocks(team)))]
    status, reply = load.one(site.port, calls[0])
    if status != 200 or json.loads(reply)["data"]["alterados"] != _LEADS:
        raise BenchFailed(f"bulk: {status} {reply[:300]!r}")
    return requests.send(site, calls[1:], effort, once=True).cost.total


def _blocks(team: Team) -> int:
    return (team.last - team.first + 1) // _LEADS


def _call(team: Team, block: int, body: dict[str, object]) -> bytes:
    first = team.first + block * _LEADS
    sent = json.dumps({**body, "ids": list(range(first, first + _LEADS))}).encode()
    return load.request("POST", "/leads/bulk", team.token, sent)
