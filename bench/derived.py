"""Case derived: a create with the texts and contacts that follow from it, beside one without them,
on the same database, in turns."""

import sys
from collections.abc import Iterator, Sequence

from bench.people import Team
from bench.report import Figure, of_rounds
from bench.requests import Effort, creates, send
from bench.site import Site, Version
from config import ROOT

_BARE = Version("without", ROOT, sys.executable, "bench.bare")
_LEAST = 0.75


def bench_derived(site: Site, teams: Sequence[Team], effort: Effort) -> Iterator[Figure]:
    bare = Site(_BARE, site.database)
    bare.start()
    try:
        pairs = [
            [send(each, creates(teams, effort), effort, once=True) for each in (site, bare)]
            for _ in range(effort.rounds)
        ]
    finally:
        bare.stop()
    rates = [whole.rate / without.rate for whole, without in pairs]
    yield of_rounds("create, with texts and contacts / without: throughput", rates, least=_LEAST)
    costs = [without.cost.total / whole.cost.total for whole, without in pairs]
    yield of_rounds("create, without texts and contacts / with: CPU", costs, least=_LEAST)
