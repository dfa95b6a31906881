"""`python -m bench.backup [--leads 100000]`: what does a backup cost those who work meanwhile?

The application as it is served, with so many leads in four tenants. One client lists and creates
leads, first alone, then while `flask backup create` runs, as a process of its own: printed are the
ratios of its times. Then a backup of the database at rest, restored into an empty one on the same
server; every table must have the rows and the checksum that it had. Prints how long both took, the
size of the file, and what that is per lead. Exit code 1: something is not the same; 2: a step did
not finish.

The client, the server, PostgreSQL and the backup share this machine's cores: with two of them the
ratios say what a small machine pays, not what a backup over the network costs.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench import load, people
from bench.command import ending, parser
from bench.database import Database, free_port, product_environment
from bench.errors import BenchFailed
from bench.people import Team
from bench.requests import create
from bench.site import THIS_TREE, Site, open_site
from config import ROOT

_SECONDS = 8.0  # of the client alone
_BLOCK = 30_000  # lines of a file
_SAME = """
select count(*)::text || ' ' || coalesce(md5(string_agg(j, '' order by j)), '') from (
  select md5((to_jsonb(t) - 'encerrada_em' - 'motivo' - 'codigo_hash' - 'codigo_expira_em')::text) j
  from {table} t) as rows
"""


def main() -> None:
    options = parser("backup", __doc__)
    options.add_argument("--leads", type=int, default=100_000)
    leads = options.parse_args().leads
    with ending("backup"), open_site(THIS_TREE) as site:
        same = _run(site, leads)
    sys.exit(0 if same else 1)


def _run(site: Site, leads: int) -> bool:
    teams = [_team(site, f"equipe{number}", leads // 4) for number in range(4)]
    site.settle()
    alone, beside = _alone(site, teams[0]), _beside(site, teams[0], site.folder / "busy.backup")
    for name in ("list", "create"):
        _print(f"{name}: median, beside a backup / alone", _ratio(beside, alone, name, 50))
        _print(f"{name}: p99, beside a backup / alone", _ratio(beside, alone, name, 99))
    file = site.folder / "quiet.backup"
    _print("create, at rest", _flask(site.database, "create", file), "s")
    _print("file", file.stat().st_size / 2**20, "MiB")
    _print("file, per lead", file.stat().st_size / leads, "bytes")
    empty = Database(site.database.postgres, site.folder, "restaurado")
    empty.create()
    _print("restore", _flask(empty, "restore", file), "s")
    return _same(site.database, empty)


def _team(site: Site, name: str, leads: int) -> Team:
    team = people.open_team(site, name)
    for first in range(1, leads + 1, _BLOCK):
        numbers = range(first, min(first + _BLOCK, leads + 1))
        people.import_csv(site, team, people.csv(numbers))
    return team


def _alone(site: Site, team: Team) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {"list": [], "create": []}
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        _work(site, team, taken)
    return taken


def _beside(site: Site, team: Team, file: Path) -> dict[str, list[float]]:
    """For as long as a backup takes, the start of its process included."""
    taken: dict[str, list[float]] = {"list": [], "create": []}
    with ThreadPoolExecutor(1) as pool:
        backup = pool.submit(_flask, site.database, "create", file)
        while not backup.done():
            _work(site, team, taken)
        _print("create, beside a client", backup.result(), "s")
    return taken


def _work(site: Site, team: Team, taken: dict[str, list[float]]) -> None:
    taken["list"] += load.timed(site.port, [load.request("GET", "/leads", team.token)] * 10)
    taken["create"] += load.timed(site.port, [create(team) for _ in range(10)])


def _ratio(
    beside: dict[str, list[float]], alone: dict[str, list[float]], name: str, percent: int
) -> float:
    return _percentile(beside[name], percent) / _percentile(alone[name], percent)


def _percentile(seconds: Sequence[float], percent: int) -> float:
    return statistics.quantiles(seconds, n=100)[percent - 1]


def _flask(database: Database, action: str, file: Path) -> float:
    """`flask backup ACTION FILE`; how many seconds it took."""
    command = [sys.executable, "-m", "flask", "--app", str(ROOT / "app.py"), "backup", action]
    environment = product_environment(free_port(), **database.addresses)
    began = time.perf_counter()
    done = subprocess.run(
        [*command, str(file)], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise BenchFailed(f"flask backup {action}:\n{(done.stdout + done.stderr)[-2_000:]}")
    return time.perf_counter() - began


def _same(one: Database, other: Database) -> bool:
    tables = one.sql(
        "select relname from pg_class where relnamespace = 'public'::regnamespace "
        "and relkind = 'r' and relpersistence = 'p' order by 1"
    )
    names = [str(name) for (name,) in tables]
    differ = [name for name in names if _sum(one, name) != _sum(other, name)]
    print(f"{len(names) - len(differ)} of {len(names)} tables are the same")
    if differ:
        print(f"  different: {', '.join(differ)}")
    return not differ


def _sum(database: Database, table: str) -> object:
    return database.sql(_SAME.format(table=table))[0][0]


def _print(name: str, value: float, unit: str = "") -> None:
    print(f"{name:<48} {value:>10.2f} {unit}", flush=True)


if __name__ == "__main__":
    main()
