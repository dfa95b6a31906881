"""What becomes of the people of the demonstration: when each came, who called, what came of it.

The answers and the outcomes are real ones, in an order of chance; names, dates, products and prices
are made up. One seed makes the same prospects each time, and only the dates follow the day.
"""

from collections.abc import Mapping, Sequence
from random import Random
from typing import NamedTuple

from services.demo.journeys import Move, Step, led, promise
from services.demo.moments import Moments
from services.demo.people import SELLERS, person
from utils.clock import iso

Row = Mapping[str, str]

_SEED = 21
_OPEN = 0.2  # of the leads; the others are closed, as they were in the file
_HISTORY, _LONGEST = 130, 60  # working days
_NEWER = 1.1  # above 1: more of the closings are of the last weeks
# A lead that closed in these days was moved through the stages; an older one came closed.
_TOLD = 10
_NEW, _WON, _LOST = "novo", "ganho", "perdido"
_PATH = ("contatado", "qualificado", "proposta")
# How many open leads of a hundred are in a stage, and how many days ago they came.
_STAGES = {
    _NEW: (45, 0, 10),
    "contatado": (25, 1, 18),
    "qualificado": (17, 3, 28),
    "proposta": (13, 5, 42),
}
_NOBODYS = 0.5  # of the new ones
_REASONS = ("Sem interesse agora", "Fechou com outra empresa", "Achou a parcela alta", "Desistiu")


class Prospect(NamedTuple):
    """`cells`: those that are imported, apart from whose lead it is; `steps`: what follows."""

    cells: dict[str, str]
    seller: int | None
    steps: Sequence[Step] = ()

    @property
    def key(self) -> str:
        return self.cells["id_externo"]


def prospects(bank: Sequence[Row], moments: Moments) -> list[Prospect]:
    """One for each row of the file."""
    rnd = Random(_SEED)  # noqa: S311 - a demonstration, no secret
    found = []
    for number, row in enumerate(rnd.sample(bank, len(bank)), 1):
        cells = {**row, **person(number, row["job"], rnd)}
        make = _open if number <= _OPEN * len(bank) else _closed
        found.append(make(cells, moments, rnd))
    return found


def _open(cells: dict[str, str], moments: Moments, rnd: Random) -> Prospect:
    (stage,) = rnd.choices(list(_STAGES), [share for share, *_ in _STAGES.values()])
    came = rnd.uniform(*_STAGES[stage][1:])
    cells |= {"y": _NEW, "criado_em": iso(moments.ago(came))}
    if stage == _NEW:
        return Prospect(cells, None if rnd.random() < _NOBODYS else _anyone(rnd))
    path = _PATH[: _PATH.index(stage) + 1]
    reached = rnd.uniform(0, came / len(path))
    cells["previsto_para"] = str(moments.day_ahead(rnd.uniform(2, 40)))
    steps = [*led(came, reached, path, moments, rnd), *promise(reached, moments, rnd)]
    return Prospect(cells, _anyone(rnd), steps)


def _closed(cells: dict[str, str], moments: Moments, rnd: Random) -> Prospect:
    ended = _HISTORY * rnd.random() ** _NEWER
    came = ended + min(_LONGEST, rnd.lognormvariate(1.8, 0.8))
    won = cells["y"] == "yes"
    reason = "" if won else rnd.choice(_REASONS)
    when = moments.ago(ended)
    cells["criado_em"] = iso(moments.ago(came))
    if ended > _TOLD:
        dates = dict.fromkeys(("fechado_em", "ultimo_contato_em"), iso(when))
        return Prospect({**cells, **dates, "motivo_perda": reason}, _anyone(rnd))
    cells["y"] = _NEW
    *steps, _ = led(came, ended, _way(won, rnd), moments, rnd)
    values = {"etapa": _WON if won else _LOST, "fechado_em": when}
    closing = Move(values if won else values | {"motivo_perda": reason}, when)
    return Prospect(cells, _anyone(rnd), [*steps, closing])


def _way(won: bool, rnd: Random) -> Sequence[str]:
    """The stages on the way to the end; who was lost may have left before an offer."""
    far = len(_PATH) if won else rnd.randint(1, len(_PATH))
    return [*_PATH[:far], _WON if won else _LOST]


def _anyone(rnd: Random) -> int:
    return rnd.randrange(len(SELLERS))
