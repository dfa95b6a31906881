"""Case shares: what another tenant's lists cost while one tenant does all that it can at once."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from bench import load, logins, people
from bench.people import Team
from bench.report import Figure, of_rounds
from bench.requests import Effort, create
from bench.site import Site

_CLIENTS = 10
_LINES = 35_000  # about 3.5 MB
_LISTS = 100


def bench_shares(site: Site, teams: Sequence[Team], effort: Effort) -> Iterator[Figure]:
    busy, stranger = teams[0], teams[1]
    lists = [load.request("GET", "/leads", stranger.token)] * _LISTS
    load.timed(site.port, lists)
    ratios, worst = [], []
    for _ in range(effort.rounds):
        site.settle()
        idle = load.timed(site.port, lists)
        beside = _beside(site, busy, lists, seconds=3 * effort.seconds)
        ratios.append(median(beside) / median(idle))
        worst.append(max(beside) * 1e3)
    yield of_rounds("stranger's list: time, beside ten clients / idle", ratios, most=3)
    yield of_rounds("stranger's list: the slowest of a round", worst, "ms", most=2_000)


def _beside(site: Site, busy: Team, lists: Sequence[bytes], *, seconds: float) -> list[float]:
    """Seconds of each list, for as long as the other tenant's clients are at it."""
    taken: list[float] = []
    with ThreadPoolExecutor(1) as pool:
        others = pool.submit(load.drive, site.port, _all(busy), _CLIENTS, seconds=seconds)
        while not others.done():
            taken += load.timed(site.port, lists[:10])
        others.result().demand(200, 201, 409, 503)
    return taken


def _all(team: Team) -> list[bytes]:
    """An import that is tried again and again, leads with keys, and logins."""
    file = people.csv(range(1, _LINES + 1), bad_every=100)
    upload = load.request("POST", "/leads/import?dry_run=1", team.token, file, "text/csv")
    rest = [create(team) for _ in range(30)] + logins.attempts([team]) * 15
    return [raw for pair in zip([upload] * len(rest), rest, strict=True) for raw in pair]
