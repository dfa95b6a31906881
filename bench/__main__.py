"""`python -m bench [--quick] [case ...]`: measure what the documentation promises.

Cases, in the order they run: list, get, create, empty, login, timing, memory, import.

How to read it. Everything is measured on this machine in this run: the application as it is
served (granian, one worker a core) on a fresh durable PostgreSQL, and beside it the yardstick on
the same PostgreSQL, in turns. Trust ratios of CPU time first: other programs hardly move them.
Ratios of throughput come next, absolute figures last. A figure is the median of its rounds, whose
range stands beside it; a difference of less than a quarter between two runs says nothing.

- "application" and "PostgreSQL" CPU: user + system of all their processes, microseconds a request.
- list, get, create: pgbench -M simple sends the same SQL, as logged by PostgreSQL from a real
  request: session look-up, tenant, query; for a create BEGIN to COMMIT. Same number of connections.
- empty: an authenticated reply without content or query, the least this server can say.
- import: POST /leads/import of 45,000 lines against psql's \\copy of the rows it left, into `leads`
  with all its indexes and foreign keys. The import also writes an event and a score a lead.
- login: logins of one core; timing: an unknown e-mail must take as long as a known one.
- memory: of the largest worker, after 10,000 mixed requests and all cases before it.

Everything it starts it stops, on Ctrl-C too; its database is removed. The exit code is 0 whatever
the figures are: they are for people to read.
"""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence

from bench import imports, logins, memory, people, report, requests
from bench.people import Team
from bench.report import Figure
from bench.requests import Effort
from bench.site import Site, open_site

Case = Callable[[Site, Sequence[Team], Effort], Iterator[Figure]]
CASES: dict[str, Case] = {
    "list": requests.bench_list,
    "get": requests.bench_get,
    "create": requests.bench_create,
    "empty": requests.bench_empty,
    "login": logins.bench_login,
    "timing": logins.bench_timing,
    "memory": memory.bench_memory,
    "import": imports.bench_import,
}
_SIZES = (20_000, 3_000, 3_000, 3_000)  # leads of each equipe


def main() -> None:
    asked = _arguments()
    cores = os.cpu_count() or 1
    effort = Effort(rounds=3, seconds=1 if asked.quick else 4, clients=4 * cores)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with open_site() as site:
            _run(site, asked.cases or list(CASES), effort)
    except KeyboardInterrupt:
        sys.exit(130)


def _run(site: Site, names: Sequence[str], effort: Effort) -> None:
    teams = [
        people.open_team(site, f"equipe{number}", range(1, size + 1))
        for number, size in enumerate(_SIZES)
    ]
    print(f"{effort.rounds} rounds of {effort.seconds} s, {effort.clients} connections")
    print(report.header(), flush=True)
    for name in names:
        site.settle()
        for figure in CASES[name](site, teams, effort):
            print(figure.line(), flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("cases", nargs="*", metavar="case", help=", ".join(CASES))
    parser.add_argument("--quick", action="store_true", help="short rounds, for a first look")
    asked = parser.parse_args()
    if unknown := set(asked.cases) - set(CASES):
        parser.error(f"no such case: {', '.join(sorted(unknown))}")
    return asked


if __name__ == "__main__":
    main()
