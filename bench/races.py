"""`python -m bench.races [--rounds 200]`: what must hold whoever is first, tried again and again.

Each round sends requests that contend to the served application, all at once, and looks at what is
left. It prints how each kind of round ended; the exit code is 1 after a violation, and where only
one of the possible orders ever happened: then nothing was proved.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from threading import Barrier
from typing import Any

from bench import load, people
from bench.people import Team
from bench.site import THIS_TREE, Site, open_site

_SPREAD = 0.03  # seconds
_numbers = count(70_000_000)


class Violation(Exception):
    """What must never be left behind."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    data: Any


@dataclass(frozen=True, slots=True)
class Caller:
    site: Site
    token: str = ""

    def __call__(self, method: str, path: str, body: Any = None, media: str = "") -> Reply:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode() if body else b""
        sent = load.request(method, path, self.token, raw, media or "application/json")
        status, reply = load.one(self.site.port, sent)
        return Reply(status, json.loads(reply)["data"] if reply else None)


Race = Callable[[Site, Team], str]


def demotion_and_reset(site: Site, team: Team) -> str:
    """Two gestores: one demotes, the other resets the password of whoever demotes."""
    first, second = (_gestor(site, team) for _ in range(2))
    demotion, reset = _at_once(
        lambda: first.call("PATCH", f"/users/{second.id}", {"role": "vendedor"}),
        lambda: second.call("POST", f"/users/{first.id}/reset"),
    )
    if [demotion.status, reset.status].count(200) != 1:
        raise Violation(f"demotion {demotion.status}, reset {reset.status}")
    return "demotion first" if demotion.status == 200 else "reset first"


def demotions(site: Site, team: Team) -> str:
    """Two gestores demote each other: one of them stays."""
    first, second = (_gestor(site, team) for _ in range(2))
    replies = _at_once(
        lambda: first.call("PATCH", f"/users/{second.id}", {"role": "vendedor"}),
        lambda: second.call("PATCH", f"/users/{first.id}", {"role": "vendedor"}),
    )
    statuses = [reply.status for reply in replies]
    if statuses.count(200) != 1:
        raise Violation(f"statuses {statuses}")
    return "one" if statuses[0] == 200 else "the other"


def change_and_import(site: Site, team: Team) -> str:
    """A change of one field and an import of another: neither is lost."""
    call, lead = _lead(site, team)
    file = f"documento,empresa\n{lead['documento']},Padaria\n".encode()
    changed, imported = _at_once(
        lambda: call("PATCH", f"/leads/{lead['id']}", {"cidade": "Campinas"}),
        lambda: call("POST", "/leads/import?duplicados=atualizar", file, "text/csv"),
    )
    left = call("GET", f"/leads/{lead['id']}").data
    done = (changed.status == 200) + (imported.status == 200)
    kept = (left["cidade"] == "Campinas") + (left["empresa"] == "Padaria")
    if (done, kept, left["versao"]) != (2, 2, 3):
        raise Violation(f"{changed.status}, {imported.status}, version {left['versao']}: {left}")
    return "change first" if changed.data["versao"] == 2 else "import first"


def deletion_and_import(site: Site, team: Team) -> str:
    """A deleted lead stays deleted, whatever a file says of it."""
    call, lead = _lead(site, team)
    file = f"documento,empresa\n{lead['documento']},Padaria\n".encode()
    deleted, imported = _at_once(
        lambda: call("DELETE", f"/leads/{lead['id']}"),
        lambda: call("POST", "/leads/import?duplicados=atualizar", file, "text/csv"),
    )
    if deleted.status != 200 or imported.status != 200:
        raise Violation(f"deletion {deleted.status}, import {imported.status}")
    if call("GET", f"/leads/{lead['id']}").status != 404:
        raise Violation("the deleted lead lives")
    return "import first" if imported.data["atualizados"] else "deletion first"


def creates(site: Site, team: Team) -> str:
    """Four leads with one phone at once: one is created."""
    call, phone = Caller(site, team.token), f"119{next(_numbers):08d}"
    replies = _at_once(*[lambda: call("POST", "/leads", {"nome": "L", "telefone": phone})] * 4)
    statuses = [reply.status for reply in replies]
    if sorted(statuses) != [201, 409, 409, 409]:
        raise Violation(f"statuses {statuses}")
    return f"caller {statuses.index(201) + 1}"


RACES: dict[str, Race] = {
    "demotion and reset": demotion_and_reset,
    "demotions": demotions,
    "change and import": change_and_import,
    "deletion and import": deletion_and_import,
    "creates": creates,
}


@dataclass(frozen=True, slots=True)
class Gestor:
    id: int
    call: Caller


def _gestor(site: Site, team: Team) -> Gestor:
    email = f"corrida{next(_numbers)}@exemplo.com.br"
    person = {"nome": "G", "email": email, "senha": people.PASSWORD, "role": "gestor"}
    added = Caller(site, team.token)("POST", "/auth/register", person)
    known = {"email": email, "senha": people.PASSWORD}
    token = Caller(site)("POST", "/auth/login", known).data["access_token"]
    return Gestor(added.data["id"], Caller(site, token))


def _lead(site: Site, team: Team) -> tuple[Caller, dict[str, Any]]:
    call = Caller(site, team.token)
    return call, call("POST", "/leads", people.lead(next(_numbers))).data


def _at_once(*requests: Callable[[], Reply]) -> list[Reply]:
    """Each is sent a few milliseconds after the start, so that either may be first."""
    barrier = Barrier(len(requests))

    def send(request: Callable[[], Reply]) -> Reply:
        barrier.wait()
        time.sleep(random.uniform(0, _SPREAD))
        return request()

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(send, requests))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.races", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    rounds = parser.parse_args().rounds
    with open_site(THIS_TREE) as site:
        team = people.open_team(site, "corridas")
        sound = [_run(name, race, site, team, rounds) for name, race in RACES.items()]
    sys.exit(0 if all(sound) else 1)


def _run(name: str, race: Race, site: Site, team: Team, rounds: int) -> bool:
    ends: Counter[str] = Counter()
    violations = []
    for _ in range(rounds):
        try:
            ends[race(site, team)] += 1
        except Violation as error:
            violations.append(str(error))
    told = ", ".join(f"{end} {times}" for end, times in sorted(ends.items()))
    print(f"{name:<22} {rounds} rounds, {len(violations)} violations: {told}", flush=True)
    for violation in violations[:3]:
        print(f"    {violation}")
    return not violations and len(ends) > 1


if __name__ == "__main__":
    main()
