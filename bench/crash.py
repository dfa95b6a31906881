"""`python -m bench.crash [--seconds 120] [--clients 8]`: kill parts and count what was lost.

Clients write over HTTP while every few seconds one part is killed or restarted: a worker, the
application, a connection, PostgreSQL. The application brings PostgreSQL and its workers back by
itself; the harness plays the init system that restarts an application which ended. Then SQL
counts: every acknowledged create is there once, with its event and its score, and every counter
has the value that its client saw. Exit code 1 when a promise is broken.
"""

import argparse
import random
import statistics
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import psutil
from sqlalchemy.exc import DBAPIError

from bench.chaos import FAULTS
from bench.command import ending, parser
from bench.ledger import Client
from bench.people import open_team
from bench.stand import Stand, open_stand

_CALM = (5.0, 8.0)  # seconds between faults
_GIVE_UP = 60.0
_GOAL = 5.0


@dataclass(frozen=True, slots=True)
class Return:
    """Seconds from a fault to the first success, and to the one of the last client."""

    first: float
    everyone: float


def main() -> None:
    asked = _arguments()
    with ending("crash"), open_stand() as stand:
        sound = _run(stand, asked.seconds, asked.clients, asked.fault)
    sys.exit(0 if sound else 1)


def _arguments() -> argparse.Namespace:
    options = parser("crash", __doc__)
    options.add_argument("--seconds", type=int, default=120)
    options.add_argument("--clients", type=int, default=8)
    options.add_argument("--fault", action="append", choices=list(FAULTS), help="only these")
    return options.parse_args()


def _run(stand: Stand, seconds: int, number: int, only: Sequence[str] | None) -> bool:
    team = open_team(stand, "crash")
    over, finished = threading.Event(), threading.Event()
    clients = [Client(index, stand.port, team.token, over) for index in range(number)]
    for client in clients:
        client.start()
    init = threading.Thread(target=_tend, args=(stand, finished), daemon=True)
    init.start()
    try:
        returns = _torment(stand, clients, seconds, only or list(FAULTS))
    finally:
        over.set()
        for client in clients:
            client.join(60)
        finished.set()
        init.join()
    _print_returns(returns)
    return _print_counts(stand, clients) and _comes_back(returns)


def _tend(stand: Stand, finished: threading.Event) -> None:
    while not finished.wait(0.1):
        stand.tend()


def _torment(
    stand: Stand, clients: Sequence[Client], seconds: int, names: Sequence[str]
) -> dict[str, list[Return | None]]:
    """Every kind of fault in turn, in an order of its own each round, until the time is over."""
    returns: dict[str, list[Return | None]] = defaultdict(list)
    end, queue = time.monotonic() + seconds, list[str]()
    while time.monotonic() < end:
        time.sleep(random.uniform(*_CALM))
        queue = queue or random.sample(list(names), len(names))
        name = queue.pop()
        at = time.monotonic()
        try:
            FAULTS[name](stand)
        except (psutil.Error, DBAPIError, OSError, IndexError) as error:
            print(f"  {name}: not done, {type(error).__name__}", flush=True)
            continue
        if name == "frozen PostgreSQL":
            at = time.monotonic()  # the return is counted from the thaw
        returns[name].append(_returned(clients, at))
        print(f"  {name}: {returns[name][-1]}", flush=True)
    return returns


def _returned(clients: Sequence[Client], at: float) -> Return | None:
    """Wait until every client has had a success that was begun after the fault."""
    while time.monotonic() < at + _GIVE_UP:
        firsts = [_first_success(client, at) for client in clients]
        known = [first for first in firsts if first is not None]
        if len(known) == len(clients):
            return Return(min(known) - at, max(known) - at)
        time.sleep(0.05)
    return None


def _first_success(client: Client, at: float) -> float | None:
    # A signal takes a moment; what was begun right after it may still have been served before it.
    recent = client.ledger.successes[-2_000:]
    return next((ended for began, ended in recent if began > at + 0.05), None)


def _print_returns(returns: dict[str, list[Return | None]]) -> None:
    print(
        f"{'fault':24} {'n':>3} {'first: median':>14} {'worst':>6} {'all: median':>12} {'worst':>6}"
    )
    for name, found in sorted(returns.items()):
        known = [one for one in found if one is not None]
        first = [one.first for one in known] or [float("nan")]
        everyone = [one.everyone for one in known] or [float("nan")]
        print(
            f"{name:24} {len(found):>3} {statistics.median(first):>13.2f} {max(first):>13.2f} "
            f"{statistics.median(everyone):>13.2f} {max(everyone):>13.2f}"
        )
    never = sum(one is None for found in returns.values() for one in found)
    print(f"never back: {never}")


def _comes_back(returns: dict[str, list[Return | None]]) -> bool:
    known = [one for found in returns.values() for one in found]
    medians = [one.everyone for one in known if one is not None]
    return None not in known and bool(medians) and statistics.median(medians) < _GOAL


def _print_counts(stand: Stand, clients: Sequence[Client]) -> bool:
    kept = Counter(str(row[0]) for row in stand.sql("select nome from leads"))
    acknowledged = [name for client in clients for name in client.ledger.created]
    unsure = {client.ledger.unsure for client in clients}
    lost = sum(kept[name] == 0 for name in acknowledged) + _lost_updates(stand, clients)
    twice = sum(count > 1 for count in kept.values())
    invented = len(set(kept) - set(acknowledged) - unsure)
    torn = _torn(stand)
    updates = sum(client.ledger.updates for client in clients)
    print(
        f"acknowledged: {len(acknowledged)} creates, {updates} updates / "
        f"lost {lost} / duplicated {twice + invented} / torn {torn}"
    )
    return _print_refusals(stand, clients) and lost == twice == invented == torn == 0


def _lost_updates(stand: Stand, clients: Sequence[Client]) -> int:
    """Counters that went back, or stand where no acknowledged or unknown update put them."""
    lost = sum(client.ledger.lost_updates for client in clients)
    for client in clients:
        statement = "select (atributos->>'n')::int from leads where id = :id"
        value = int(str(stand.sql(statement, id=client.lead)[0][0]))
        lost += not client.ledger.counter <= value <= client.ledger.counter + 1
    return lost


def _torn(stand: Stand) -> int:
    """Leads without their event or score, events without their lead, changes without theirs."""
    statement = """
        select (select count(*) from leads l where
                  (select count(*) from eventos e where e.equipe_id = l.equipe_id
                     and e.lead_id = l.id and e.tipo = 'lead_criado') <> 1
                  or not exists (select from lead_pontuacao p where p.equipe_id = l.equipe_id
                     and p.lead_id = l.id)
                  or (select count(*) from eventos e where e.equipe_id = l.equipe_id
                     and e.lead_id = l.id and e.tipo = 'lead_alterado')
                     <> (l.atributos->>'n')::int)
             + (select count(*) from eventos e where e.lead_id is not null and not exists
                  (select from leads l where l.equipe_id = e.equipe_id and l.id = e.lead_id))
    """
    return int(str(stand.sql(statement)[0][0]))


def _print_refusals(stand: Stand, clients: Sequence[Client]) -> bool:
    refusals, cut = Counter[str](), Counter[str]()
    for client in clients:
        refusals += client.ledger.refusals
        cut += client.ledger.cut
    slowest = max(client.ledger.slowest_refusal for client in clients)
    print(f"refusals: {dict(refusals)}, slowest {slowest:.2f} s")
    print(f"connections refused or cut: {dict(cut)}; application started again: {stand.restarts}")
    bad = [kind for kind in refusals if kind[0] == "5" and kind != "503 BANCO_INDISPONIVEL"]
    return not bad and slowest < _GOAL


if __name__ == "__main__":
    main()
