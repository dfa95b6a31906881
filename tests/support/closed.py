"""Closed leads whose outcome follows from what is known of them, imported as a team would; and the
model that is learned from them."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask

from tests.support.api import Api
from tests.support.jobs import seen, work
from tests.support.leads import imported, new_phone

# How often a lead is won, by where it came from and by its plan.
WON_BY = {"indicação": 0.55, "site": 0.3, "lista": 0.1}
PLANS = {"ouro": 1.5, "prata": 0.5}
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
Row = dict[str, Any]
# What a test adds to a lead: by its number, and whether it was won.
More = Callable[[int, bool], Row]


def leads(n: int, *, seed: int = 1, more: More = lambda *_: {}) -> Iterator[Row]:
    """So many closed leads, a new one every two hours."""
    dice = random.Random(seed)
    for number in range(n):
        origem, plano = dice.choice([*WON_BY]), dice.choice([*PLANS])
        won = dice.random() < WON_BY[origem] * PLANS[plano]
        closed = _BEGIN + timedelta(hours=2 * number)
        yield {
            "nome": f"Lead {number}",
            "telefone": new_phone(),
            "origem": origem,
            "etapa": "ganho" if won else "perdido",
            "motivo_perda": "" if won else "Preço",
            "valor": dice.randint(1, 90) * 1_000,
            "fechado_em": closed.isoformat().replace("+00:00", "Z"),
            "plano": plano,
            **more(number, won),
        }


def as_open(row: Row) -> Row:
    return {**row, "etapa": "novo", "motivo_perda": "", "fechado_em": ""}


def bring(api: Api, rows: list[Row]) -> None:
    """Import them; all have to be taken."""
    names = [*rows[0]]
    lines = [",".join(names), *(",".join(str(row[name]) for name in names) for row in rows)]
    assert imported(api, "\n".join(lines) + "\n")["criados"] == len(rows)


def train(app: Flask, api: Api, **asked: bool) -> Any:
    """Ask for a training, let a worker do it, and read the model card."""
    reply = api.post("/scores/model/train", asked)
    assert reply.status == 202, reply.body
    work(app)
    job = seen(api, reply.data["id"])
    assert (job["estado"], job["erro"]) == ("concluida", None), job
    return card(api)


def card(api: Api) -> Any:
    reply = api.get("/scores/model")
    assert reply.status == 200, reply.body
    return reply.data
