"""Case memory: what a worker holds after a day's worth of mixed requests."""

from collections.abc import Iterator, Sequence

from bench import load
from bench.people import Team
from bench.report import Figure
from bench.requests import Effort, create
from bench.site import Cost, Site

_REQUESTS = 10_000
_OF_A_ROUND = 2_000


def bench_memory(site: Site, teams: Sequence[Team], effort: Effort) -> Iterator[Figure]:
    replies = _mix(site, teams, effort, _REQUESTS)
    sizes = list(site.workers().values())
    name = f"memory of the largest worker after {replies:,} requests"
    yield Figure(name, max(sizes), "MiB", most=100, rounds=sizes)


def largest_worker(site: Site, teams: Sequence[Team], effort: Effort) -> Cost:
    """MiB, of the application alone."""
    _mix(site, teams, effort, _OF_A_ROUND)
    return Cost(max(site.workers().values()), 0.0)


def _mix(site: Site, teams: Sequence[Team], effort: Effort, requests: int) -> int:
    """Send so many mixed requests; how many were answered."""
    raws = [raw for n in range(requests // 10) for raw in _ten(teams[n % len(teams)], n)]
    outcome = load.drive(site.port, raws, effort.clients, seconds=600, once=True)
    outcome.demand(200, 201, 404, 422)
    return outcome.replies


def _ten(team: Team, number: int) -> list[bytes]:
    """Ten requests as a team sends them: lists of many kinds, reads, a create, mistakes."""
    lead_id = team.first + number % (team.last - team.first + 1)
    paths = [
        "/leads",
        "/leads?limite=100",
        "/leads?ordenar=-score",
        f"/leads?etapa=novo&q=lead%20{number}",
        f"/leads/{lead_id}",
        f"/leads/{lead_id}/score",
        "/auth/me",
        f"/leads/{2**62}",
        "/leads?limite=0",
    ]
    raws = [load.request("GET", path, team.token) for path in paths]
    return [*raws, create(team)]
