"""Which fields are left out before anything is learned, and why, in words for the gestor."""

from collections.abc import Iterable, Iterator, Sequence
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
    """`permitivel`: whether a gestor may opt in. `guarda`: whether rules must not tell the model of
    it either. What there is too little of to learn from, a gestor may know all the same."""

    campo: str
    motivo: str
    permitivel: bool = False
    guarda: bool = True


@dataclass(frozen=True, slots=True)
class Leads:
    """The closed leads in order of time, as far as there is one."""

    ordered: Sequence[Sample]
    won: Floats
    options: Options

    @property
    def calendar(self) -> bool:
        """Whether fields of the calendar are free."""
        return is_long(self.ordered) or not self.options.guarda_calendario


def judge(columns: Sequence[Column], leads: Leads) -> tuple[list[Binned], list[Excluded]]:
    """The fields to learn from, and those that are not."""
    kept, out = [], []
    for column in columns:
        field = binned(column)
        reason = next(_guarded(column, field, leads), None) or _little(column, field)
        if reason:
            out.append(reason)
        else:
            kept.append(field)
    return kept, out


def _guarded(column: Column, field: Binned, leads: Leads) -> Iterator[Excluded]:
    """Why nothing may be learned from the field, if so: the first counts."""
    if refused := meant(column, leads):
        yield Excluded(column.campo, refused.motivo, permitivel=refused.optional)
    if column.campo not in leads.options.permitidos:
        for motivo in _suspicions(field, column.filled().astype(float), leads):
            yield Excluded(column.campo, motivo + _OPT_IN, permitivel=True)


def _little(column: Column, field: Binned) -> Excluded | None:
    """Why nothing can be learned from it."""
    if column.is_constant():
        why = "Tem o mesmo valor em todos os leads fechados."
    elif column.tipo != NUMBER and field.counts()[-2] > _ELSE * column.filled().sum():
        why = "Tem valores demais: quase nenhum se repete o bastante."
    else:
        return None
    return Excluded(column.campo, why, guarda=False)


def meant(column: Column, leads: Leads) -> denied.Refusal | None:
    """Why nothing may be learned from it for what it means, by its name or by its values."""
    found = denied.by_name(column.campo)
    if not found and column.campo.startswith(ATTRIBUTE):
        look = denied.by_numbers if column.tipo == NUMBER else denied.by_values
        found = look(list(column.distinct()))
    return _unless_free(column.campo, found, leads)


def refused(campo: str, values: Iterable[str], leads: Leads) -> denied.Refusal | None:
    """The same of a field with these distinct values."""
    return _unless_free(campo, denied.by_name(campo) or denied.by_values(values), leads)


def _unless_free(campo: str, found: denied.Refusal | None, leads: Leads) -> denied.Refusal | None:
    if found is None or (found is denied.CALENDAR and leads.calendar):
        return None
    return None if found.optional and campo in leads.options.permitidos else found


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
