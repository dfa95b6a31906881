"""Closed leads whose outcome is known to follow from some of their fields."""

import math
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from services.model.learning import Options, Sample
from services.rules.fields import Lead

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
_COLUMNS = (
    "origem_chave produto_chave campanha cidade uf valor_centavos renda_centavos telefone email "
    "documento empresa id_externo responsavel_id proximo_contato_em ultimo_contato_em "
    "ultimo_resultado"
).split()
Attributes = Callable[[int, bool, random.Random], dict[str, Any]]


def lead(atributos: dict[str, Any], **columns: Any) -> Lead:
    return {
        **dict.fromkeys(_COLUMNS),
        **dict.fromkeys(("criado_em", "etapa_desde", "agora"), NOW),
        "etiquetas": [],
        "contatos": {},
        "atividades": 0,
        "tentativas": 0,
        "etapa": "",
        "atributos": atributos,
        **columns,
    }


def closed(
    n: int,
    more: Attributes | None = None,
    *,
    seed: int = 3,
    rate: float = 0.3,
    days: int = 200,
    prior: bool = False,
) -> list[Sample]:
    """`n` leads, a day or less apart. Their channel and income tell much of the outcome, their
    shirt nothing; `more`: what else stands in `atributos`, by number, outcome and chance."""
    dice = random.Random(seed)
    return [_one(number, n, dice, more, rate, days, prior) for number in range(n)]


def _one(
    number: int,
    n: int,
    dice: random.Random,
    more: Attributes | None,
    rate: float,
    days: int,
    prior: bool,
) -> Sample:
    channel = dice.choice(["site", "feira", "lista"])
    income = dice.lognormvariate(8, 0.7)
    logit = {"site": 0.8, "feira": 0.0, "lista": -0.9}[channel] + 0.9 * (math.log(income) - 8)
    won = dice.random() < 1 / (1 + math.exp(-logit - math.log(rate / (1 - rate))))
    attributes = {"canal": channel, "ganho_mensal": f"{income:.2f}", "camisa": dice.choice("PMG")}
    extra = more(number, won, dice) if more else {}
    when = NOW - timedelta(days=days) * (1 - number / n)
    points = 40 + 10 * logit + dice.gauss(0, 5) if prior else None
    return Sample(number, won, when, lead({**attributes, **extra}), points)


def options(**changes: Any) -> Options:
    given: dict[str, Any] = {
        "janela": True,
        "guarda_calendario": True,
        "permitidos": frozenset(),
        "taxa": None,
        "agora": NOW,
    }
    return Options(**(given | changes))
