"""How good probabilities are for people of one place and of one age: whether some are judged worse
than others. Age is looked at here also where nothing is learned from it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from services.model.numerics.columns import Column, Floats
from services.model.numerics.guards import Leads
from services.model.numerics.quality import auc
from services.model.numerics.ridge import sigmoid
from services.rules import denied
from services.scores.features import FEATURES
from services.scores.labels import MISSING, OTHERS, range_of

_PLACE = "uf"
_LEAST = 50  # leads of a group of which something can be said
_FEW = f"Menos de {_LEAST} leads fechados."
_ALIKE = "Todos os leads fechados do grupo têm o mesmo desfecho."
_AGES = (25.0, 35.0, 45.0, 55.0, 65.0)
_OLDEST = 120
_TEXTS = 20  # ways in which an equipe writes down ages by itself
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# A group: where it stands among the others, and its name.
Group = tuple[int, str]
_ELSE, _NONE = (len(_AGES) + 1, OTHERS), (len(_AGES) + 2, MISSING)


def by_group(columns: Sequence[Column], leads: Leads, logits: Floats) -> list[dict[str, Any]]:
    """`logits`: of each lead by cards that had not seen it."""
    chance, ages = sigmoid(logits), (each for each in columns if _is_age(each))
    groups = [(_PLACE, _places(leads)), *((each.campo, _ages(each, leads)) for each in ages)]
    return [
        {"campo": campo, "grupo": name, **_told(np.array(rows), chance, leads.won)}
        for campo, of_leads in groups
        for name, rows in _rows(of_leads)
    ]


def _is_age(column: Column) -> bool:
    return denied.by_name(column.campo) is denied.AGE


def _rows(of_leads: Sequence[Group]) -> Iterator[tuple[str, list[int]]]:
    """The leads of each group; none where nobody is in any."""
    rows: defaultdict[Group, list[int]] = defaultdict(list)
    for n, group in enumerate(of_leads):
        rows[group].append(n)
    if rows.keys() - {_NONE}:
        yield from ((name, rows[place, name]) for place, name in sorted(rows))


def _told(rows: Any, chance: Floats, won: Floats) -> dict[str, Any]:
    said, came = chance[rows], won[rows]
    n, wins = len(rows), int(came.sum())
    why = _FEW if n < _LEAST else _ALIKE if wins in (0, n) else None
    return {
        "n": n,
        "ganhos": wins,
        "auc": None if why else auc(said, came),
        "diferenca": None if why else float((said - came).mean()),
        "motivo": why,
    }


def _places(leads: Leads) -> list[Group]:
    found = (FEATURES[_PLACE].read(each.lead) for each in leads.ordered)
    return [(0, str(place).upper()) if place else _NONE for place in found]


def _ages(column: Column, leads: Leads) -> list[Group]:
    pairs = zip(column.values, leads.ordered, strict=True)
    found = [_age(value, each.registrado_em.year) for value, each in pairs]
    counts = Counter(each for each in found if each[0] == 0)
    common = {each for each, _ in counts.most_common(_TEXTS)}
    return [each if each[0] or each in common else _ELSE for each in found]


def _age(value: Any, year: int) -> Group:
    """By the number, by the year of birth, or as the equipe writes it."""
    if value is None:
        return _NONE
    born = _YEAR.findall(f"{value:.0f}" if isinstance(value, float) else value)
    years = year - int(born[0]) if len(born) == 1 else value
    if isinstance(years, str):
        return 0, years
    if not 0 <= years <= _OLDEST:
        return _ELSE
    place = sum(cut <= years for cut in _AGES)
    return place, range_of(_AGES, place)
