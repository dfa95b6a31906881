"""A card from closed leads, and what is to be said of it.

NumPy is loaded by learn() alone: a process that trains nothing never pays for it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from math import exp, log1p
from typing import Any

from services.rules.evaluating import Sight
from services.rules.fields import Lead
from services.scores.card import Card, logit


class Knowledge(StrEnum):
    """How much is known of a tenant's leads."""

    # Too little: what rules say, and nothing learned.
    REGRAS = "regras"
    EM_APRENDIZADO = "em_aprendizado"
    EM_USO = "em_uso"


@dataclass(frozen=True, slots=True)
class Sample:
    """A closed lead as it was known before it closed. `prior`: the points that the rules give it,
    None where they say nothing; `by_field`: the same by field, of which a sight takes its part."""

    lead_id: int
    ganho: bool
    registrado_em: datetime
    lead: Lead
    prior: float | None
    by_field: Mapping[str, float] = field(default_factory=dict)

    def seen(self, sight: Sight) -> float | None:
        """The points of the rules that are in this sight."""
        if self.prior is None:
            return None
        return self.prior - sum(self.by_field.values()) + sight.sum(self.by_field)


@dataclass(frozen=True, slots=True)
class Options:
    """`janela`: only recent leads, and the base of the latest. `guarda_calendario`: no calendar
    fields before two years are known. `permitidos`: fields that people opted in to. `taxa`: the
    declared rate of leads that are won. `regras`: mean and deviation of the points that the rules
    give in a sight, over all leads; without it those of the closed ones. `proprias`: whether the
    tenant wrote its rules; a set that nobody has changed is no knowledge of its leads, and stays
    out of the card once there is one. `nomes`: attributes of closed leads, also of those that no
    snapshot keeps."""

    janela: bool
    guarda_calendario: bool
    permitidos: frozenset[str]
    taxa: float | None
    agora: datetime
    regras: Callable[[Sight], tuple[float, float] | None] | None = None
    proprias: bool = True
    nomes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Learned:
    """`card`: None where nothing may be said. `relatorio`: what GET /scores/model shows. `unseen`:
    the logit of each lead by cards that had not seen it."""

    card: Card | None
    relatorio: dict[str, Any]
    estado: Knowledge
    unseen: Mapping[int, float] = field(default_factory=dict)


def learn(samples: Sequence[Sample], options: Options) -> Learned:
    """The same samples give the same card, in whatever order they and their fields come."""
    from threadpoolctl import threadpool_limits

    from services.model.numerics.training import train

    # More threads would wait for each other, and take the other cores from those who answer people.
    with threadpool_limits(limits=1):
        return train(samples, options)


def loss(card: Card, samples: Sequence[Sample]) -> float:
    """The mean log-loss of a card, by which two are compared on the latest closed leads."""
    if not samples:
        return 0.0
    return sum(loss_of(card, each) for each in samples) / len(samples)


def loss_of(card: Card, sample: Sample) -> float:
    prior = prior_of(card, sample.seen(card.sight))
    return _loss(logit(card, sample.lead, prior), sample)


def unseen_loss(learned: Learned, sample: Sample) -> float | None:
    """The loss on one lead by a card that had not seen it; None where there is none such."""
    found = learned.unseen.get(sample.lead_id)
    return None if found is None else _loss(found, sample)


def _loss(found: float, sample: Sample) -> float:
    away = -found if sample.ganho else found
    return max(away, 0.0) + log1p(exp(-abs(away)))


def prior_of(card: Card, prior: float | None) -> float:
    """Where the rules say nothing, they say what they say of an average lead."""
    if prior is not None:
        return prior
    return card.regras.media if card.regras else 0.0
