"""A card from closed leads, and what is to be said of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.scores.card import Card
from services.scores.fields import Lead


class Knowledge(StrEnum):
    """How much is known of a tenant's leads."""

    # Too little: what rules say, and nothing learned.
    REGRAS = "regras"
    EM_APRENDIZADO = "em_aprendizado"
    EM_USO = "em_uso"


@dataclass(frozen=True, slots=True)
class Sample:
    """A closed lead as it was known before it closed. `prior`: the points that the rules give it
    (evaluating.prior_points), None where they say nothing."""

    lead_id: int
    ganho: bool
    registrado_em: datetime
    lead: Lead
    prior: float | None


@dataclass(frozen=True, slots=True)
class Options:
    """`janela`: only recent leads, and the base of the latest. `guarda_calendario`: no calendar
    fields before two years are known. `permitidos`: fields that people opted in to. `taxa`: the
    declared rate of leads that are won."""

    janela: bool
    guarda_calendario: bool
    permitidos: frozenset[str]
    taxa: float | None
    agora: datetime


@dataclass(frozen=True, slots=True)
class Learned:
    """`card`: None where nothing may be said. `relatorio`: what GET /scores/model shows."""

    card: Card | None
    relatorio: dict[str, Any]
    estado: Knowledge


def learn(samples: Sequence[Sample], options: Options) -> Learned:
    """The same samples give the same card, in whatever order their fields come."""
    raise NotImplementedError


def loss(card: Card, samples: Sequence[Sample]) -> float:
    """The mean log-loss of a card, by which two are compared on the latest closed leads."""
    raise NotImplementedError
