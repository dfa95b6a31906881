"""Cases patch, patch-keys, move and upsert: changes of single leads, each lead in its turn.

Every request changes something: a change that leaves a lead as it is writes nothing.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence

from bench import load, people, requests
from bench.people import Team
from bench.requests import Effort, Round
from bench.site import Cost, Site

_PER_SECOND = 4_000  # more than are ever answered
_STAGES = ("contatado", "qualificado")

Change = Callable[[Team, int], bytes]
# How many changes of a kind a site has been sent, by its first tenant.
_sent: defaultdict[tuple[str, str], int] = defaultdict(int)


def cost_of(change: Change) -> Callable[[Site, Sequence[Team], Effort], Cost]:
    """CPU of one such change."""
    return lambda site, teams, effort: send(change, site, teams, effort).cost


def send(change: Change, site: Site, teams: Sequence[Team], effort: Effort) -> Round:
    """A round of them; the next one goes on behind the last lead of this one."""
    key = (change.__name__, teams[0].token)
    numbers = range(_sent[key], _sent[key] + _PER_SECOND * effort.seconds)
    raws = [change(teams[n % len(teams)], n // len(teams)) for n in numbers]
    done = requests.send(site, raws, effort, once=True)
    _sent[key] += done.sent
    return done


def fields(team: Team, turn: int) -> bytes:
    """Fields that no duplicate is looked for by."""
    return _patch(team, turn, {"cidade": f"Cidade {turn}", "valor": f"{turn % 900_000}.25"})


def keys(team: Team, turn: int) -> bytes:
    """Keys that no other lead has."""
    phone = f"219{turn % 10**8:08d}"
    return _patch(team, turn, {"telefone": phone, "email": f"troca{turn}@exemplo.com.br"})


def move(team: Team, turn: int) -> bytes:
    """To the other one of two stages, whenever the lead's turn comes."""
    body = {"etapa": _STAGES[turn // _size(team) % 2]}
    return _send("POST", f"/leads/{_lead(team, turn)}/move", team, body)


def upsert(team: Team, turn: int) -> bytes:
    """By the document of a lead of the file, which has an e-mail and a phone too."""
    body = people.lead(1 + turn % _size(team)) | {"cidade": f"Cidade {turn}"}
    return _send("PUT", "/leads?chave=documento", team, body)


def _patch(team: Team, turn: int, body: dict[str, str]) -> bytes:
    return _send("PATCH", f"/leads/{_lead(team, turn)}", team, body)


def _send(method: str, path: str, team: Team, body: dict[str, str]) -> bytes:
    return load.request(method, path, team.token, json.dumps(body).encode())


def _lead(team: Team, turn: int) -> int:
    return team.first + turn % _size(team)


def _size(team: Team) -> int:
    return team.last - team.first + 1
