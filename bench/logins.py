"""Cases login and timing: what a password costs, and whether its cost tells who has an account."""

import json
import time
from collections.abc import Iterator, Sequence
from statistics import median

from bench import load, people, requests
from bench.people import Team
from bench.report import Figure, of_rounds
from bench.requests import Effort
from bench.site import Site
from services.auth import passwords

_WARM_UP = 20
_ATTEMPTS = 40  # a round, of each kind


def bench_login(site: Site, teams: Sequence[Team], effort: Effort) -> Iterator[Figure]:
    yield of_rounds("argon2id: CPU of one hash", [_hash_ms() for _ in range(9)], "ms")
    raws = attempts(teams)
    rounds = [requests.send(site, raws, effort) for _ in range(effort.rounds)]
    costs = [one.cost.total for one in rounds]
    yield of_rounds("login: CPU, application and PostgreSQL", [us / 1e3 for us in costs], "ms")
    rates = [1e6 / us for us in costs]
    yield of_rounds("login: logins per second of one core's CPU", rates, "1/s", least=30)


def bench_timing(site: Site, teams: Sequence[Team], effort: Effort) -> Iterator[Figure]:
    """A wrong password for a known and for an unknown e-mail, in turns on one connection."""
    known = _attempt(teams[0].email, "senha-errada")
    unknown = _attempt("ninguem@exemplo.com.br", "senha-errada")
    load.drive(site.port, [known, unknown], effort.clients, seconds=60, once=True)
    load.timed(site.port, [known, unknown] * _WARM_UP)
    ratios = []
    for _ in range(effort.rounds):
        taken = load.timed(site.port, [known, unknown] * _ATTEMPTS)
        ratios.append(median(taken[1::2]) / median(taken[::2]))
    yield of_rounds("login: time, unknown / known e-mail", ratios, least=0.8, most=1.25)


def attempts(teams: Sequence[Team]) -> list[bytes]:
    """Of the colleagues: so many sessions would end the one that the bench works with."""
    return [_attempt(team.colleague, people.PASSWORD) for team in teams]


def _attempt(email: str, senha: str) -> bytes:
    body = json.dumps({"email": email, "senha": senha}).encode()
    return load.request("POST", "/auth/login", body=body)


def _hash_ms() -> float:
    known = passwords.dummy_hash()
    began = time.process_time()
    passwords.matches(known, people.PASSWORD)
    return (time.process_time() - began) * 1e3
