"""`python -m bench [--quick] [--full] [case ...]`: measure what the documentation promises.
`python -m bench --against REV [--full] [case ...]`: is this tree dearer than that revision?
`python -m bench --targets ground [--full] [case ...]`: is it as much cheaper as was promised?

Cases, in the order they run: list, get, create, derived, claim, cycle, empty, bulk, login, timing,
shares, memory, import, export; with --full also pages, search,
history, buffers, figures and publish.

How to read it. Everything is measured on this machine in this run: the application as it is
served (granian, one worker per core) on a fresh durable PostgreSQL, and the yardstick on the same
PostgreSQL, in turns. Trust ratios of CPU time first: other programs hardly move them.
Ratios of throughput come next, absolute figures last. A figure is the median of its rounds, whose
range is printed beside it; a difference of less than a quarter between two runs says nothing.

- "application" and "PostgreSQL" CPU: user + system of all their processes, in microseconds per
  request.
- list, get, create: pgbench -M simple sends what version 0.1.0 sent for them, kept as text in
  bench/frozen/, to tables as they were then in a database of its own: session look-up, tenant,
  query; for a create BEGIN to COMMIT. Same leads, same number of connections. "Messages" are what
  one request of this tree sends.
- derived: the texts of the search and the contacts, of what a create costs.
- claim: POST /queue/next and the skip that ends it, against pgbench -M simple with the same
  statements, unprepared, on the same tables.
- cycle: POST /queue/next and the move of its lead, against a create.
- empty: an authenticated reply without content or query, the least this server can say.
- bulk: POST /leads/bulk of 1,000 leads against the 1,000 PATCHes, or moves, that say the same.
- import: POST /leads/import of 45,000 lines against psql's \\copy of the rows it left, into `leads`
  with all its indexes and foreign keys. The import also writes an event and a score per lead.
- export: GET /leads/export of 30,000 leads in each format against psql's \\copy of the same rows,
  psql's own CPU too; beside it that of the rows of `leads` alone.
- login: logins of one core; timing: an unknown e-mail must take as long as a known one.
- shares: the list of one tenant while another imports, retries and logs in with ten clients.
- memory: of the largest worker, after 10,000 mixed requests and all cases before it.
- pages: of 1,000,000 leads in 100 tenants, imported over HTTP, the list of the tenant of 500,000:
  page 10,000 against page 1 of each listed shape, CPU (application + PostgreSQL) and time. The way
  there is walked; where that takes more than a minute, the page that was reached is measured and
  named. Then what the first page of unlisted combinations costs, as multiples of the plain list.
- search: of the same tenant, the whole request for a word against what PostgreSQL takes for an
  unindexed ILIKE; for a common word what PostgreSQL takes of it, against the walk of the list in
  its order; and the worst cases, a word common among old leads alone and one of two letters.
- history: the timeline of a lead, the tasks, and pages of the feed at its beginning and its end, of
  the same tenant against one of 10,000 leads beside it; and a lead given to whoever has the fewest.
- buffers: what EXPLAIN says a claim looks at in the queue of that tenant, under row-level security.
- figures: GET /metrics of an equipe of 10,000, 100,000 and 1,000,000 leads, drawn independently of
  30 vendedores, 40 origens, 10 produtos, 6 stages and 3 bands, each poll of other days than the one
  before; under filters; and a 304 against the read of a single lead.
- publish: other rules are put in force for that tenant, beside writers and alone, against the same
  statements by hand in one transaction; its leads are scored again although nothing has changed,
  against reading what the rules look at.
- quality (only with --outcomes FILE, a CSV of real outcomes whose last column says which were won):
  how well the win probability ranks, and how true it is, on leads that it was not told: imported,
  trained on and read over HTTP; three draws at random, ten of 300 closed leads beside published
  rules, and seven steps in time order, beside naive Bayes as Odoo documents it. The file's dates
  are taken to be spread evenly over its rows. And what training takes, in a process of its own.
  With --picture FILE the calibration of the first draw is drawn there.

The exit code is 0 whatever the figures are: they are for people to read.

With --against, REV (anything that git knows by name) is checked out beside and both are served at
once, with the same leads, each on an embedded PostgreSQL of its own that this tree configures. They
are asked in turns, five rounds of each case. For each it prints the CPU of both, microseconds per
request (import: per line; memory: MiB), application + PostgreSQL, and the median of new / old.
Cases and their limits are in bench/cases.py; --full adds those with 1,000,000 leads, asked for by
the tenant of 500,000. On a busy machine two runs of the same code were up to a tenth apart (create;
most others a twentieth).
--targets NAME compares with the commit before a piece of work by what that work promised: commits
and limits are in TARGETS of bench/cases.py; --against beside it names another commit. Without it
every case has its own limit, 1.15 where none is given.
Exit code 0: every ratio is within its limit; 1: one is not; 2: the comparison did not finish.

Everything it starts it stops, on Ctrl-C and SIGTERM too; checkout and databases are removed.
"""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType

from bench import (
    against,
    buffers,
    bulks,
    cases,
    derived,
    exports,
    figures,
    history,
    imports,
    logins,
    memory,
    million,
    pages,
    people,
    publishing,
    quality,
    queues,
    report,
    requests,
    search,
    shares,
    triggers,
)
from bench.errors import BenchFailed
from bench.people import Team
from bench.report import Figure
from bench.requests import Effort
from bench.site import YARDSTICK, Site, open_site

Case = Callable[[Site, Sequence[Team], Effort], Iterator[Figure]]
CASES: dict[str, Case] = {
    "list": requests.bench_list,
    "get": requests.bench_get,
    "create": requests.bench_create,
    "derived": derived.bench_derived,
    "claim": queues.bench_claim,
    "cycle": queues.bench_cycle,
    "empty": requests.bench_empty,
    "bulk": bulks.bench_bulk,
    "login": logins.bench_login,
    "timing": logins.bench_timing,
    "shares": shares.bench_shares,
    "memory": memory.bench_memory,
    "import": imports.bench_import,
    "export": exports.bench_export,
    "writers": triggers.bench_writers,
}
FULL_CASES: dict[str, Case] = {
    "pages": pages.bench_pages,
    "search": search.bench_search,
    "history": history.bench_history,
    "buffers": buffers.bench_buffers,
    "figures": figures.bench_figures,
    "publish": publishing.bench_publish,
}
# It needs a file, and a site with a worker for its jobs.
QUALITY = "quality"


def main() -> None:
    asked = _arguments()
    effort = Effort(
        rounds=5 if asked.against else 3,
        seconds=1 if asked.quick else 4,
        clients=4 * (os.cpu_count() or 1),
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    try:
        sys.exit(_run(asked, effort))
    except BenchFailed as error:
        print(f"python -m bench: {error}", file=sys.stderr)
        sys.exit(2)


def _stop(number: int, _frame: FrameType | None) -> None:
    """End, and ignore further signals while what was started is removed."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    sys.exit(128 + number)


def _run(asked: argparse.Namespace, effort: Effort) -> int:
    if asked.against:
        chosen = cases.chosen(asked.cases, asked.targets)
        return 0 if against.run(asked.against, chosen, effort) else 1
    if asked.outcomes and QUALITY in asked.cases:
        _print(quality.bench_quality(asked.outcomes, asked.picture))
    if served := [name for name in asked.cases if name != QUALITY]:
        with open_site(YARDSTICK) as site:
            _bench(site, served, effort)
    return 0


def _print(figures: Iterator[Figure]) -> None:
    print(report.header(), flush=True)
    for figure in figures:
        print(figure.line(), flush=True)


def _bench(site: Site, names: Sequence[str], effort: Effort) -> None:
    print(f"{effort.rounds} rounds of {effort.seconds} s, {effort.clients} connections")
    print(report.header(), flush=True)
    for offered, seed in ((CASES, people.open_teams), (FULL_CASES, million.open_teams)):
        chosen = [name for name in offered if name in names]
        teams = seed(site) if chosen else []
        for name in chosen:
            site.settle()
            for figure in offered[name](site, teams, effort):
                print(figure.line(), flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("cases", nargs="*", metavar="case", help="only these")
    parser.add_argument("--quick", action="store_true", help="short rounds, for a first look")
    parser.add_argument("--against", metavar="REV", help="compare with this revision")
    parser.add_argument("--targets", choices=list(cases.TARGETS), help="what was promised")
    parser.add_argument("--full", action="store_true", help="the cases of 1,000,000 leads too")
    parser.add_argument("--outcomes", metavar="FILE", type=Path, help="what quality learns from")
    parser.add_argument("--picture", metavar="FILE", type=Path, help="an SVG of its calibration")
    asked = parser.parse_args()
    if asked.targets and not asked.against:
        asked.against = cases.TARGETS[asked.targets].commit
    offered = _offered(asked)
    if unknown := set(asked.cases) - set(offered):
        parser.error(f"no such case here: {', '.join(sorted(unknown))}; {', '.join(offered)}")
    asked.cases = asked.cases or offered
    return asked


def _offered(asked: argparse.Namespace) -> list[str]:
    if not asked.against:
        learned = [QUALITY] if asked.outcomes else []
        return [*CASES, *(FULL_CASES if asked.full else ()), *learned]
    return [name for name, case in cases.CASES.items() if asked.full or not case.full]


if __name__ == "__main__":
    main()
