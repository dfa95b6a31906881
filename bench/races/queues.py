"""Race claims: 32 people take leads and skip them while connections to the database are killed."""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Event

from bench import people
from bench.people import Team
from bench.queues import hire
from bench.races.callers import Caller, Reply, Violation
from bench.site import Site

ENDS = frozenset({"some killed"})
_CLAIMERS, _TURNS, _LEADS = 32, 4, 10_000
_ANSWERS = {200, 409, 503}
_KILL = (
    "select count(pg_terminate_backend(pid)) from (select pid from pg_stat_activity "
    "where usename = 'finlead' and state <> 'idle' order by random() limit 1) b"
)
_rounds = count()


def claims(site: Site, _: Team) -> str:
    """No lead is ever given to two people, and none is lost."""
    team = people.open_team(site, f"fila{next(_rounds)}", range(1, _LEADS + 1))
    tokens = hire(site, team, _CLAIMERS)
    over = Event()
    with ThreadPoolExecutor(_CLAIMERS + 1) as pool:
        killer = pool.submit(_kill_until, over, site)
        given = list(pool.map(lambda token: _take(Caller(site, token)), tokens))
        over.set()
        killed = killer.result()
    seen = [lead for leads in given for lead in leads]
    if len(seen) != len(set(seen)):
        raise Violation("a lead was given to two people")
    left, held, rested = _left(site, team)
    if left != _LEADS or held > _CLAIMERS:
        raise Violation(f"{left} of {_LEADS} leads are in the queue, {held} of them held")
    if held + rested < len(seen):
        raise Violation(f"{len(seen)} leads were given, {held} are held and {rested} rest")
    return "some killed" if killed else "none killed"


def _take(call: Caller) -> set[int]:
    """The leads that one person was given: each is skipped before the next."""
    found = set()
    for _ in range(_TURNS):
        time.sleep(random.uniform(0, 0.03))
        reply = _answer(lambda: call("POST", "/queue/next", {"fora_do_horario": True}))
        if reply is not None and reply.data.get("lead"):
            found.add(int(reply.data["lead"]["id"]))
        _answer(lambda: call("POST", "/queue/skip", {"motivo": "corrida"}))
    return found


def _answer(ask: Callable[[], Reply]) -> Reply | None:
    """The reply if it is a 200; a killed connection may end in a 503, a lost lease in a 409."""
    reply = ask()
    if reply.status not in _ANSWERS:
        raise Violation(f"a reply of {reply.status}: {reply.data}")
    return reply if reply.status == 200 else None


def _kill_until(over: Event, site: Site) -> int:
    """Kill connections at random; how many there were."""
    killed = 0
    while not over.wait(random.uniform(0.005, 0.03)):
        killed += int(str(site.sql(_KILL)[0][0]))
    return killed


def _left(site: Site, team: Team) -> tuple[int, int, int]:
    """Leads in the queue, those that are held, and those that rest."""
    statement = (
        "select count(*), count(*) filter (where reservado_ate > now()), "
        "count(*) filter (where livre_em > now()) from fila where equipe_id = :equipe_id"
    )
    left, held, rested = site.sql(statement, equipe_id=team.equipe_id)[0]
    return int(str(left)), int(str(held)), int(str(rested))
