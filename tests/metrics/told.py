"""Replies of the figures, told in short, so that a test can write them down."""

from typing import Any

import pytest

from tests.metrics.views import view
from tests.support.api import Api

HOUR, DAY = 3_600, 86_400
NOTHING = {"novos": 0, "ganhos": 0, "perdidos": 0, "valor_ganho": "0.00"}
NEVER = {"n": 0, "mediana": None, "p90": None}
MARCH = {"de": "2026-03-01", "ate": "2026-03-20"}
PERFORMANCE = (*NOTHING, "conversao", "abertos", "valor_aberto")


def lasted(count: int, median: float, p90: float) -> dict[str, Any]:
    """A duration, told as the middle of a bucket of at most a tenth: within a twentieth of it."""
    return {
        "n": count,
        "mediana": pytest.approx(median, rel=0.05),
        "p90": pytest.approx(p90, rel=0.05),
    }


def moved(new: int, won: int, lost: int, value: str) -> dict[str, Any]:
    return {"novos": new, "ganhos": won, "perdidos": lost, "valor_ganho": value}


def of(item: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(item[name] for name in names)


def funnel(api: Api, **asked: Any) -> dict[str, tuple[Any, ...]]:
    """By stage: entered, won, lost on leaving it, conversion. Of stages that somebody entered."""
    names = ("entraram", "ganhos", "perdidos", "conversao")
    items = view(api, "funnel", **asked)["etapas"]
    return {item["etapa"]: of(item, *names) for item in items if item["entraram"]}


def stays(api: Api, **asked: Any) -> dict[str, dict[str, Any]]:
    """By stage, how long leads were in it that have left it."""
    items = view(api, "time-in-stage", **asked)["itens"]
    return {each["etapa"]: {name: each[name] for name in NEVER} for each in items if each["n"]}


def series(api: Api, de: str, ate: str) -> dict[str, tuple[Any, ...]]:
    """The days on which something happened: created, won, lost, value won."""
    items = view(api, "series", de=de, ate=ate)["itens"]
    found = {item.pop("dia"): tuple(item.values()) for item in items}
    return {day: told for day, told in found.items() if any(told[:3])}
