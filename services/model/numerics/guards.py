"""Which fields are left out before anything is learned, and why, in words for the gestor."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from services.model.learning import Options, Sample
from services.model.numerics.bins import Binned, binned, rates
from services.model.numerics.columns import Column, Floats
from services.model.numerics.folds import splits
from services.model.numerics.quality import auc
from services.model.numerics.window import is_dated, is_long
from services.rules import denied
from services.rules.fields import ATTRIBUTE
from services.scores.features import NUMBER
from utils.clock import local_day

_TELLING = 0.95  # AUC of one field alone
_FILLED_MORE = 5  # times, on leads of one outcome
_ABSENT, _COMMON = 0.02, 0.2  # shares of the oldest and the newest leads that have a value
_ELSE = 0.95  # of the values are in no bin of their own
_PARTS, _FEW = 10, 100
_ZONE = "America/Sao_Paulo"

_OPT_IN = "; só entra se o gestor permitir, com o motivo."


@dataclass(frozen=True, slots=True)
class Excluded:
    """`permitivel`: whether a gestor may opt in."""

    campo: str
    motivo: str
    permitivel: bool


@dataclass(frozen=True, slots=True)
class Leads:
    """The closed leads in order of time, as far as there is one."""

    ordered: Sequence[Sample]
    won: Floats
    options: Options


def judge(columns: Sequence[Column], leads: Leads) -> tuple[list[Binned], list[Excluded]]:
    """The fields to learn from, and those that are not."""
    kept, out = [], []
    for column in columns:
        field = binned(column)
        reason = next(_reasons(column, field, leads), None)
        if reason:
            out.append(Excluded(column.campo, *reason))
        else:
            kept.append(field)
    return kept, out


def _reasons(column: Column, field: Binned, leads: Leads) -> Iterator[tuple[str, bool]]:
    """Why the field is left out, if so, and whether a gestor may opt in: the first counts."""
    allowed = column.campo in leads.options.permitidos
    refused = _refused(column, leads)
    if refused and not (allowed and refused.optional):
        yield refused.motivo, refused.optional
    filled = column.filled()
    if column.is_constant():
        yield "Tem o mesmo valor em todos os leads fechados.", False
    if column.tipo != NUMBER and field.counts()[-2] > _ELSE * filled.sum():
        yield "Tem valores demais: quase nenhum se repete o bastante.", False
    if not allowed:
        for motivo in _suspicions(field, filled.astype(float), leads):
            yield motivo + _OPT_IN, True


def _refused(column: Column, leads: Leads) -> denied.Refusal | None:
    found = denied.by_name(column.campo)
    if not found and column.campo.startswith(ATTRIBUTE) and column.tipo != NUMBER:
        found = denied.by_values(column.distinct())
    if found is denied.CALENDAR:
        free = is_long(leads.ordered) or not leads.options.guarda_calendario
        return None if free else found
    return found


def _suspicions(field: Binned, filled: Floats, leads: Leads) -> Iterator[str]:
    """What looks as if it was written after the outcome, or has no history yet."""
    if since := _appeared(filled, leads):
        yield f"Só aparece nos leads mais novos (desde {since})"
    for name, won in (("ganhos", leads.won), ("perdidos", 1 - leads.won)):
        if _share(filled, won) > _FILLED_MORE * _share(filled, 1 - won):
            often = f"Preenchido mais de {_FILLED_MORE} vezes mais nos leads {name}"
            yield f"{often}: parece ser anotado depois do desfecho"
    if _telling(field, leads.won) > _TELLING:
        yield "Sozinho quase revela o desfecho: parece ser anotado depois dele"


def _share(filled: Floats, of: Floats) -> float:
    """Of some leads how many are filled, with a lead of each kind added."""
    return float((filled @ of + 1) / (of.sum() + 2))


def _telling(field: Binned, won: Floats) -> float:
    """The AUC of this field alone, on leads whose outcome it was not told."""
    seen = np.zeros(len(won))
    for split in splits(won):
        known = Binned(field.campo, None, (), field.codes[split.seen], field.table)
        there = won[split.seen]
        seen[split.unseen] = rates(known, there, float(there.mean()), 1.0)[
            field.codes[split.unseen]
        ]
    return auc(seen, won)


def _appeared(filled: Floats, leads: Leads) -> str | None:
    """The day since which there are values, where the oldest leads have none."""
    if not is_dated(leads.ordered) or filled.all():
        return None
    parts = np.array_split(filled, _PARTS if len(filled) >= _FEW else 3)
    if parts[0].mean() >= _ABSENT or parts[-1].mean() < _COMMON:
        return None
    first = leads.ordered[int(np.argmax(filled))].registrado_em
    return f"{local_day(first, _ZONE):%d/%m/%Y}"
