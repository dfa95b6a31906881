"""Whether the latest closed leads are like those before them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from services.model.numerics.bins import Binned
from services.model.numerics.columns import Floats
from services.model.numerics.ridge import sigmoid
from services.model.numerics.window import LEAST

_ATTENTION, _ALARM = 0.1, 0.25
_RARE = 0.02  # bins with less are looked at together: each would differ by chance
_STEPS = 60
# Won leads of the last 300, beside those that were expected.
_LEAST_WON, _MOST_WON = 0.8, 1.25
_CHANCE = 2.0  # deviations that chance alone makes of it
_UNDATED = "Os leads fechados não têm uma ordem no tempo."
_NO_MORE = f"Há até {LEAST} leads fechados: não há outros com que comparar os últimos."


@dataclass(frozen=True, slots=True)
class Drift:
    campo: str
    psi: float

    @property
    def alerta(self) -> str | None:
        if self.psi < _ATTENTION:
            return None
        return "atencao" if self.psi < _ALARM else "alarme"

    def to_json(self) -> dict[str, Any]:
        return {"campo": self.campo, "psi": round(self.psi, 4), "alerta": self.alerta}


def drifts(fields: Sequence[Binned], leads: int) -> list[Drift]:
    """How far the last 300 are from the leads before, where those are at least as many."""
    if leads < 2 * LEAST:
        return []
    return [Drift(each.campo, _psi(each, leads - LEAST)) for each in fields]


def latest(logits: Floats, won: Floats, *, dated: bool) -> dict[str, Any]:
    """Of the last 300 leads how many were won, beside what cards said that had not seen them and
    whose base is that of the whole window."""
    why = _NO_MORE if len(won) <= LEAST else None if dated else _UNDATED
    said, came = sigmoid(logits[-LEAST:]), won[-LEAST:]
    told = {"n": len(came), "ganhos": int(came.sum()), "esperados": float(said.sum())}
    ratio = None if why else told["ganhos"] / told["esperados"]
    return {**told, "razao": ratio, "alerta": _alert(ratio, said, came), "motivo": why}


def _alert(ratio: float | None, said: Floats, came: Floats) -> str | None:
    """An alarm where it is out of range and chance does not explain it."""
    if ratio is None or _LEAST_WON <= ratio <= _MOST_WON:
        return None
    away = abs(float((came - said).sum()))
    by_chance = _CHANCE * float(np.sqrt((said * (1 - said)).sum()))
    return "alarme" if away > by_chance else "atencao"


def _psi(field: Binned, before: int) -> float:
    """The population stability index over the field's bins."""
    old = np.bincount(field.codes[:before], minlength=field.bins).astype(float)
    new = np.bincount(field.codes[before:], minlength=field.bins).astype(float)
    rare = old < _RARE * before
    old, new = _pooled(old, rare), _pooled(new, rare)
    was, is_now = (old + 0.5) / (old + 0.5).sum(), (new + 0.5) / (new + 0.5).sum()
    return float(np.sum((is_now - was) * np.log(is_now / was)))


def _pooled(counts: Floats, rare: Any) -> Floats:
    return np.append(counts[~rare], counts[rare].sum())


def shift(logits: Floats, won: Floats) -> float:
    """What is to be added to these logits, so that as many leads as they say were won. Drawn to 0
    as if by one lead, so that there is an answer where all ended alike."""
    low, high = -10.0, 10.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        too_much = float((sigmoid(logits + middle) - won).sum()) + middle > 0
        low, high = (low, middle) if too_much else (middle, high)
    return (low + high) / 2
