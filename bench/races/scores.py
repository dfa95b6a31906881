"""Race scores: all 200,000 leads of a tenant are scored again beside 32 writers."""

import json
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count

from bench import load, people
from bench.people import Team
from bench.races import rescoring
from bench.races.callers import Violation
from bench.site import Site

ENDS = frozenset({"beside writers"})
_LEADS, _BLOCK = 200_000, 40_000
_WRITERS, _SECONDS = 32, 15.0
_REQUESTS = 60_000  # more than are answered meanwhile
_FEWEST = 100  # leads written during a rescoring that count as writers beside it
_ORIGINS = ("indicação", "lista fria", "carteira", "site")
_turns = count()


def scores(site: Site, _: Team) -> str:
    """No score may be that of an older state of its lead."""
    team, rescore = _seed(site), rescoring.rescorer(site)
    # Every score is wrong, so that every one is written again.
    site.sql(f"update lead_pontuacao set score = (score + 1) % 101 where {_of(team)}")
    with ThreadPoolExecutor(1) as pool:
        asked = (site.port, _changes(team), _WRITERS)
        writers = pool.submit(load.drive, *asked, seconds=_SECONDS)
        _wait_for_writers(site, team, writers)
        beside = _rescore_beside(site, team, rescore, writers)
        writers.result().demand(200)
    if stale := _stale(site, team, rescore):
        raise Violation(f"{stale} scores are not what their leads give ({beside} written beside)")
    return "beside writers" if beside >= _FEWEST else "alone"


def _rescore_beside(
    site: Site, team: Team, rescore: Callable[[int], None], writers: Future[load.Outcome]
) -> int:
    """Again and again while there are writers; how many leads they changed within the rescorings.

    The last one may outlast them, and is counted like the others.
    """
    beside = 0
    while not writers.done():
        began = site.sql("select clock_timestamp()")[0][0]
        rescore(team.equipe_id)
        changed = f"{_of(team)} and atualizado_em between :began and clock_timestamp()"
        beside += int(
            str(site.sql(f"select count(*) from leads where {changed}", began=began)[0][0])
        )
    return beside


def _stale(site: Site, team: Team, rescore: Callable[[int], None]) -> int:
    """How many differ from what a rescoring makes from nothing, now that nobody writes."""
    row = "lead_id, to_jsonb(p) - 'calculado_em' as found"
    kept = f"select {row} from lead_pontuacao p where {_of(team)}"
    site.sql(f"create table bench_scores as {kept}")
    site.sql(f"delete from lead_pontuacao where {_of(team)}")
    rescore(team.equipe_id)
    statement = (
        f"select count(*) from bench_scores b full join ({kept}) n using (lead_id) "
        "where b.found is distinct from n.found"
    )
    stale = int(str(site.sql(statement)[0][0]))
    site.sql("drop table bench_scores")
    return stale


def _seed(site: Site) -> Team:
    team = people.open_team(site, f"pontos{next(_turns)}")
    for first in range(1, _LEADS + 1, _BLOCK):
        people.import_csv(site, team, people.csv(range(first, first + _BLOCK)))
    people.remember_ids(site, team)
    site.settle()
    return team


def _changes(team: Team) -> list[bytes]:
    """Each changes what a score is made of, all over the tenant."""
    return [_change(team, number) for number in range(_REQUESTS)]


def _change(team: Team, number: int) -> bytes:
    body = {"origem": _ORIGINS[number % len(_ORIGINS)], "valor": f"{number * 10}.00"}
    path = f"/leads/{team.first + number * 7_919 % _LEADS}"
    return load.request("PATCH", path, team.token, json.dumps(body).encode())


def _wait_for_writers(site: Site, team: Team, writers: Future[load.Outcome]) -> None:
    statement = f"select from leads where {_of(team)} and versao > 1 limit 1"
    while not writers.done() and not site.sql(statement):
        time.sleep(0.1)


def _of(team: Team) -> str:
    return f"equipe_id = {team.equipe_id}"
