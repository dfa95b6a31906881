"""Case writers: what the triggers of the figures cost 16 clients that write in one equipe."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from bench import changes, requests
from bench.people import Team
from bench.report import Figure, of_rounds
from bench.requests import Effort, Round
from bench.site import Site

CLIENTS = 16
_TRIGGERS = (
    "select tgrelid::regclass::text, tgname from pg_trigger "
    "where not tgisinternal and tgname like 'metricas%'"
)
_PENDING = "select count(*) from metricas_delta where equipe_id = :e"
_FOLD = "select metricas_dobrar(:e, null)"


def bench_writers(site: Site, teams: Sequence[Team], effort: Effort) -> Iterator[Figure]:
    """Interleaved rounds of the same writes, with the triggers and without."""
    crowd = replace(effort, clients=CLIENTS)
    for name, write in (("creates", _creates), ("changes", _changes)):
        pairs = []
        for _ in range(effort.rounds):
            noted = write(site, teams[0], crowd)
            with _without_triggers(site):
                pairs.append((noted, write(site, teams[0], crowd)))
        yield of_rounds(
            f"{name}: PostgreSQL CPU, without triggers / with",
            [bare.cost.pg / noted.cost.pg for noted, bare in pairs],
        )
        yield of_rounds(
            f"{name} of {CLIENTS} clients: with triggers / without",
            [noted.rate / bare.rate for noted, bare in pairs],
            least=0.8,
        )
    yield _fold(site, teams[0])


def _fold(site: Site, team: Team) -> Figure:
    """All that the rounds have left."""
    site.sql(_FOLD, e=team.equipe_id)
    _creates(site, team, Effort(1, 1, CLIENTS))
    ((pending,),) = site.sql(_PENDING, e=team.equipe_id)
    before = site.cpu()
    site.sql(_FOLD, e=team.equipe_id)
    spent = (site.cpu() - before).per(int(str(pending)))
    return Figure("fold: PostgreSQL CPU of one change of creates", spent.pg, "us")


def _creates(site: Site, team: Team, effort: Effort) -> Round:
    return requests.send(site, requests.creates([team], effort), effort, once=True)


def _changes(site: Site, team: Team, effort: Effort) -> Round:
    """Moves: of all changes these note the most."""
    return changes.send(changes.move, site, [team], effort)


@contextmanager
def _without_triggers(site: Site) -> Iterator[None]:
    found = site.sql(_TRIGGERS)
    assert found
    for table, name in found:
        site.sql(f"alter table {table} disable trigger {name}")
    try:
        yield
    finally:
        for table, name in found:
            site.sql(f"alter table {table} enable trigger {name}")
