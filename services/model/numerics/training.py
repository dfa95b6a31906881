"""From closed leads to a card and its report: which leads, which fields, the fit, the base."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from services.model.learning import Knowledge, Learned, Options, Sample
from services.model.numerics import report
from services.model.numerics.calibrating import bend
from services.model.numerics.columns import Floats, columns
from services.model.numerics.drift import shift
from services.model.numerics.fitting import Fitted, Standard, fit_card, standard
from services.model.numerics.guards import Leads, judge
from services.model.numerics.ridge import PRIOR_MEAN, logit_of
from services.model.numerics.unlearned import by_meaning, sight_of, unlearned
from services.model.numerics.window import LEAST, in_order, is_dated, recent
from services.rules.evaluating import Sight
from services.scores.card import Card, Prior

FEWEST, FEWEST_OF_A_CLASS = 30, 5
ENOUGH, ENOUGH_OF_A_CLASS = 300, 30
_DECLARED = 10  # leads that a declared rate counts for, where little is known


def train(samples: Sequence[Sample], options: Options) -> Learned:
    ordered = recent(in_order(samples), options)
    won = np.array([each.ganho for each in ordered], dtype=float)
    leads = Leads(ordered, won, options)
    estado = knowledge(len(won), int(won.sum()))
    found = columns(ordered)
    if estado is Knowledge.REGRAS:
        excluded = [*by_meaning(found, leads), *unlearned(found, leads, samples)]
        card = _by_rules(leads, sight_of(excluded, leads))
        return Learned(card, report.thin(leads, excluded, _why(won)), estado)
    fields, judged = judge(found, leads)
    excluded = [*judged, *unlearned(found, leads, samples)]
    sight = sight_of(excluded, leads)
    rules = _rules(leads, sight) if options.proprias else None
    fitted = _with_curve(fit_card(fields, won, rules, options.taxa), won)
    fitted = _with_recent_base(fitted, leads)
    fitted = replace(fitted, card=replace(fitted.card, vista=sight))
    shown = report.full(leads, report.Judged(found, fields, excluded), fitted)
    ids = (each.lead_id for each in ordered)
    unseen = dict(zip(ids, map(float, fitted.unseen), strict=True))
    return Learned(fitted.card, shown, estado, unseen)


def knowledge(leads: int, won: int) -> Knowledge:
    fewer = min(won, leads - won)
    if leads < FEWEST or fewer < FEWEST_OF_A_CLASS:
        return Knowledge.REGRAS
    if leads < ENOUGH or fewer < ENOUGH_OF_A_CLASS:
        return Knowledge.EM_APRENDIZADO
    return Knowledge.EM_USO


def _why(won: Floats) -> str:
    if len(won) < FEWEST:
        return f"Há {len(won)} leads fechados; a probabilidade se aprende a partir de {FEWEST}."
    which, count = ("ganhos", won.sum()) if won.sum() < FEWEST else ("perdidos", (1 - won).sum())
    return (
        f"Dos leads fechados, {int(count)} foram {which}; a probabilidade se aprende a partir de "
        f"{FEWEST_OF_A_CLASS} de cada desfecho."
    )


def _rules(leads: Leads, sight: Sight) -> Standard | None:
    over_all = leads.options.regras
    given = [each.seen(sight) for each in leads.ordered]
    return standard(given, over_all(sight) if over_all else None)


def _by_rules(leads: Leads, sight: Sight) -> Card | None:
    """What the rules say, where the tenant has declared how many leads it wins."""
    rate = leads.options.taxa
    rules = _rules(leads, sight)
    if rate is None or rules is None:
        return None
    base = (leads.won.sum() + _DECLARED * rate) / (len(leads.won) + _DECLARED)
    return Card(logit_of(float(base)), Prior(rules.media, rules.desvio, PRIOR_MEAN), (), sight)


def _with_curve(fitted: Fitted, won: Floats) -> Fitted:
    """Where there are enough to tell, what is said is bent to what came of it."""
    if len(won) < ENOUGH:
        return fitted
    curve, unseen = bend(fitted.unseen, won)
    return replace(fitted, card=replace(fitted.card, curva=curve), unseen=unseen)


def _with_recent_base(fitted: Fitted, leads: Leads) -> Fitted:
    """As many leads as said were won, of the latest: what sells changes."""
    if not leads.options.janela or len(leads.won) <= LEAST or not is_dated(leads.ordered):
        return fitted
    moved = shift(fitted.unseen[-LEAST:], leads.won[-LEAST:])
    card = _moved(fitted.card, moved)
    parametros: dict[str, Any] = {**fitted.parametros, "deslocamento": round(moved, 4)}
    return replace(fitted, card=card, parametros=parametros)


def _moved(card: Card, by: float) -> Card:
    """With so much added to every logit."""
    if card.curva is None:
        return replace(card, base=card.base + by)
    return replace(card, curva=replace(card.curva, base=card.curva.base + by))
