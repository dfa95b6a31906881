"""This tree against another revision: the same requests to both, in turns, and what each costs."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from statistics import median

from bench import million, people, report
from bench.cases import Case
from bench.errors import BenchFailed
from bench.people import Team
from bench.report import Figure, number, of_rounds
from bench.requests import Effort
from bench.revision import checked_out
from bench.site import THIS_TREE, Cost, Site, open_site


@dataclass(frozen=True, slots=True)
class Side:
    """One version, served by these workers, and the tenants that ask it."""

    site: Site
    teams: Sequence[Team]
    workers: Set[int]


def run(revision: str, cases: Mapping[str, Case], effort: Effort) -> bool:
    """Print what both versions cost; whether every case stays within its limit."""
    with (
        checked_out(revision) as version,
        open_site(THIS_TREE) as new,
        open_site(version) as old,
    ):
        print(f"new: {THIS_TREE.name}, old: {version.name}; ", end="")
        print(f"{effort.rounds} rounds of {effort.seconds} s, {effort.clients} connections")
        print(report.header(_row("case", "old: app + PostgreSQL", "new"), "new / old"), flush=True)
        known = _known(cases, old)
        figures = list(_figures(known, new, old, effort))
    if not figures:
        raise BenchFailed("there is nothing to compare")
    return all(figure.verdict == "ok" for figure in figures)


def _known(cases: Mapping[str, Case], old: Site) -> dict[str, Case]:
    """The cases whose operation the old version has; the others are named."""
    served = old.operations()
    for name, case in cases.items():
        if case.operation not in served:
            print(f"{name:<12}{old.version.name} has no {case.operation}", flush=True)
    return {name: case for name, case in cases.items() if case.operation in served}


def _figures(cases: Mapping[str, Case], new: Site, old: Site, effort: Effort) -> Iterator[Figure]:
    """Those of the large tenant come last: it is made when all others are done."""
    for full, seed in ((False, people.open_teams), (True, million.open_teams)):
        chosen = {name: case for name, case in cases.items() if case.full == full}
        if not chosen:
            continue
        ours, theirs = (Side(site, seed(site), site.workers().keys()) for site in (new, old))
        for name, case in chosen.items():
            figure = compare(name, case, ours, theirs, effort)
            print(figure.line(), flush=True)
            yield figure


def compare(name: str, case: Case, new: Side, old: Side, effort: Effort) -> Figure:
    """new / old of each round, after one of each that is not counted.

    Rounds go new old, old new, new old: what changes on the machine meanwhile meets both.
    """
    for side in (new, old):
        _measure(name, case, side, replace(effort, seconds=1))
    news: list[Cost] = []
    olds: list[Cost] = []
    order = [(new, news), (old, olds)]
    for _ in range(effort.rounds):
        for side, costs in order:
            costs.append(_measure(name, case, side, effort))
        order.reverse()
    ratios = [ours.total / theirs.total for ours, theirs in zip(news, olds, strict=True)]
    row = _row(name, _cell(olds, case.unit), _cell(news, case.unit))
    return of_rounds(row, ratios, most=case.limit)


def _measure(name: str, case: Case, side: Side, effort: Effort) -> Cost:
    try:
        side.site.settle()
        cost = case.measure(side.site, side.teams, effort)
        if side.site.workers().keys() != side.workers:  # granian replaces it without a word
            raise BenchFailed("a worker has died")
    except BenchFailed as error:
        raise BenchFailed(f"{name}, {side.site.version.name}: {error}") from error
    return cost


def _row(name: str, old: str, new: str) -> str:
    return f"{name:<12}{old:<23}{new}"


def _cell(costs: Sequence[Cost], unit: str) -> str:
    parts = [median(cost.app for cost in costs), median(cost.pg for cost in costs)]
    return f"{' + '.join(number(part) for part in parts if part)} {unit}"
