"""The model card: what was learned, how good it is, what was left out."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from services.model.numerics.bins import Binned
from services.model.numerics.columns import Column
from services.model.numerics.drift import drifts, latest
from services.model.numerics.fitting import Fitted
from services.model.numerics.groups import by_group
from services.model.numerics.guards import Excluded, Leads
from services.model.numerics.quality import MEASURES, calibration, measure
from services.model.numerics.window import is_dated
from services.scores.card import Card, Points
from utils.clock import iso


@dataclass(frozen=True, slots=True)
class Judged:
    """All fields that there are, those that were learned from, and those that were left out."""

    columns: Sequence[Column]
    fields: Sequence[Binned]
    excluded: Sequence[Excluded]


def full(leads: Leads, judged: Judged, fitted: Fitted) -> dict[str, Any]:
    found, dated = measure(fitted.unseen, leads.won), is_dated(leads.ordered)
    moved = drifts(judged.fields, len(leads.won)) if dated else []
    return {
        **_leads(leads),
        **{name: asdict(each) for name, each in found.items()},
        "calibracao": _calibration(leads, fitted),
        **_card(fitted.card, judged.fields, leads),
        "excluidos": _excluded(judged.excluded),
        "deriva": [each.to_json() for each in moved],
        "ultimos": latest(fitted.unseen, leads.won, dated=dated),
        "grupos": by_group(judged.columns, leads, fitted.unseen),
        "parametros": {**_asked(leads), **fitted.parametros},
        "motivo": None,
    }


def thin(leads: Leads, excluded: Sequence[Excluded], why: str) -> dict[str, Any]:
    """Where nothing was learned."""
    return {
        **_leads(leads),
        **dict.fromkeys(MEASURES),
        "calibracao": [],
        "base": None,
        "campos": [],
        "excluidos": _excluded(excluded),
        "deriva": [],
        "ultimos": None,
        "grupos": [],
        "parametros": _asked(leads),
        "motivo": why,
    }


def _excluded(excluded: Sequence[Excluded]) -> list[dict[str, Any]]:
    told = ("campo", "motivo", "permitivel")
    return [{name: getattr(each, name) for name in told} for each in excluded]


def _leads(leads: Leads) -> dict[str, Any]:
    n = len(leads.won)
    ends = (leads.ordered[0], leads.ordered[-1]) if n else ()
    return {
        "n": n,
        "ganhos": int(leads.won.sum()),
        "janela": {
            name: iso(each.registrado_em) for name, each in zip(("de", "ate"), ends, strict=False)
        }
        or None,
        "taxa_base": float(leads.won.mean()) if n else None,
    }


def _asked(leads: Leads) -> dict[str, Any]:
    options = leads.options
    return {
        "janela": options.janela,
        "guarda_calendario": options.guarda_calendario,
        "permitidos": sorted(options.permitidos),
        "taxa_ganho": options.taxa,
    }


def _calibration(leads: Leads, fitted: Fitted) -> list[dict[str, Any]]:
    names = ("de", "ate", "n", "previsto", "observado")
    rows = calibration(fitted.unseen, leads.won)
    return [dict(zip(names, row, strict=True)) for row in rows]


def _card(card: Card, fields: Sequence[Binned], leads: Leads) -> dict[str, Any]:
    by_name = {each.campo: each for each in fields}
    return {
        "base": card.base,
        "campos": [
            {"campo": each.campo, "faixas": _bins(each, by_name[each.campo], leads)}
            for each in card.campos
        ],
    }


def _bins(points: Points, field: Binned, leads: Leads) -> list[dict[str, Any]]:
    """A bin that no closed lead was in is left out."""
    rows = zip(
        field.labels(), points.of_bins(), field.counts(), field.counts(leads.won), strict=True
    )
    return [
        {"rotulo": rotulo, "pontos": pontos, "n": int(n), "ganhos": int(ganhos)}
        for rotulo, pontos, n, ganhos in rows
        if n
    ]
