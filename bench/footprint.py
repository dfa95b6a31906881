"""`python -m bench.footprint`: the memory of the server with its worker, started as on Render.

The settings are those of render.yaml, the database is one of this bench. Requests of every kind,
logins, and an import as large as one may be come first; then jobs, while they run. Printed are the
largest sums of all processes of the server: what each holds for itself with its part of what it
shares (PSS, which a container is charged), and all that each one maps (RSS, where shared pages
count again and again). Exit code 1 above the limit.
"""

import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

import psutil
import yaml

from bench import load, logins, memory, people, report
from bench.command import ending
from bench.people import Team
from bench.report import Figure
from bench.requests import Effort
from bench.site import THIS_TREE, Site, open_site
from config import ROOT

_MOST = 450  # MiB
_LINES = 45_000  # about five megabytes
_LEADS = (20_000, 3_000)
_ASK = "insert into trabalhos (equipe_id, role, tipo) values (:equipe_id, 'gestor', 'repontuar')"
_LEFT = "select count(*) from trabalhos where concluida_em is null"
_EFFORT = Effort(rounds=1, seconds=1, clients=8)
# Set apart: where the bench's own server and database are, and a key that is long enough.
_OWN = {"PYTHON_VERSION", "DATABASE_URL", "SECRET_KEY", "HOST", "CORS_ORIGENS"}


def main() -> None:
    print(report.header(value="largest"), flush=True)
    sound = True
    with ending("footprint"), open_site(THIS_TREE, _settings()) as site:
        for figure in _measure(site):
            print(figure.line(), flush=True)
            sound = sound and figure.verdict != "over"
    sys.exit(0 if sound else 1)


def _settings() -> dict[str, str]:
    service = yaml.safe_load((ROOT / "render.yaml").read_text("utf-8"))["services"][0]
    written = {entry["key"]: entry.get("value", "") for entry in service["envVars"]}
    kept = {name: value for name, value in written.items() if name not in _OWN}
    secret = "a key of this bench, which signs nothing anywhere else"
    return kept | {"SECRET_KEY": secret, "TRABALHOS_SEGUNDOS": ""}


def _measure(site: Site) -> Iterator[Figure]:
    teams = [
        people.open_team(site, f"equipe{n}", range(1, size + 1)) for n, size in enumerate(_LEADS)
    ]
    yield from _largest("idle", site, lambda: time.sleep(1))
    yield from _largest("requests of every kind", site, lambda: _requests(site, teams))
    yield from _largest("an import of 45,000 lines", site, lambda: _import(site, teams[1]))
    yield from _largest("jobs beside requests", site, lambda: _jobs(site, teams), most=_MOST)


def _requests(site: Site, teams: Sequence[Team]) -> None:
    memory.largest_worker(site, teams, _EFFORT)
    load.drive(site.port, logins.attempts(teams) * 10, 8, seconds=60, once=True).demand(200, 429)


def _import(site: Site, team: Team) -> None:
    people.import_csv(site, team, people.csv(range(50_001, 50_001 + _LINES)), "?dry_run=1")


def _jobs(site: Site, teams: Sequence[Team]) -> None:
    for _ in range(10):
        for team in teams:
            site.sql(_ASK, equipe_id=team.equipe_id)
    while int(str(site.sql(_LEFT)[0][0])):
        memory.largest_worker(site, teams, _EFFORT)


def _largest(
    name: str, site: Site, work: Callable[[], object], *, most: float | None = None
) -> Iterator[Figure]:
    with _watched(site) as seen:
        work()
    processes, pss, rss = (max(column) for column in zip(*seen, strict=True))
    yield Figure(f"{name}: processes", processes)
    yield Figure(f"{name}: memory, shared pages once (PSS)", pss, "MiB", most=most)
    yield Figure(f"{name}: memory, sum of RSS", rss, "MiB", most=most)


@contextmanager
def _watched(site: Site) -> Iterator[list[tuple[int, float, float]]]:
    """How many processes there are at each look, with their PSS and RSS, in MiB."""
    over, seen = threading.Event(), [_look(site)]

    def look() -> None:
        while not over.wait(0.1):
            seen.append(_look(site))

    watcher = threading.Thread(target=look)
    watcher.start()
    yield seen
    over.set()
    watcher.join()


def _look(site: Site) -> tuple[int, float, float]:
    count, pss, rss = 0, 0.0, 0.0
    for process in site.family():
        with suppress(psutil.NoSuchProcess):
            found = process.memory_full_info()
            count, pss, rss = count + 1, pss + found.pss / 2**20, rss + found.rss / 2**20
    return count, pss, rss


if __name__ == "__main__":
    main()
