"""Races demotion-reset and demotions: what a gestor does while another takes his role away."""

from dataclasses import dataclass

from bench import people
from bench.people import Team
from bench.races.callers import Caller, Violation, at_once, numbers
from bench.site import Site


def demotion_and_reset(site: Site, team: Team) -> str:
    """Two gestores: one demotes, the other resets the password of whoever demotes."""
    first, second = (_gestor(site, team) for _ in range(2))
    demotion, reset = at_once(
        lambda: first.call("PATCH", f"/users/{second.id}", {"role": "vendedor"}),
        lambda: second.call("POST", f"/users/{first.id}/reset"),
    )
    if [demotion.status, reset.status].count(200) != 1:
        raise Violation(f"demotion {demotion.status}, reset {reset.status}")
    return "demotion first" if demotion.status == 200 else "reset first"


def demotions(site: Site, team: Team) -> str:
    """Two gestores demote each other: one of them stays."""
    first, second = (_gestor(site, team) for _ in range(2))
    replies = at_once(
        lambda: first.call("PATCH", f"/users/{second.id}", {"role": "vendedor"}),
        lambda: second.call("PATCH", f"/users/{first.id}", {"role": "vendedor"}),
    )
    statuses = [reply.status for reply in replies]
    if statuses.count(200) != 1:
        raise Violation(f"statuses {statuses}")
    return "one" if statuses[0] == 200 else "the other"


@dataclass(frozen=True, slots=True)
class Gestor:
    id: int
    call: Caller


def _gestor(site: Site, team: Team) -> Gestor:
    email = f"corrida{next(numbers)}@exemplo.com.br"
    person = {"nome": "G", "email": email, "senha": people.PASSWORD, "role": "gestor"}
    added = Caller(site, team.token)("POST", "/auth/register", person)
    known = {"email": email, "senha": people.PASSWORD}
    token = Caller(site)("POST", "/auth/login", known).data["access_token"]
    return Gestor(added.data["id"], Caller(site, token))
