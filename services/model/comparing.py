"""Whether a new model may take the place of the one in use: each is judged by leads that it has not
seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from statistics import fmean, stdev
from typing import Self

from models.scoring.win_model import WinModel
from services.model.learning import Learned, Sample, loss_of, unseen_loss
from services.rules.definition import RuleSet
from services.scores.card import Card, from_json

# Of the newest closed leads so many are looked at, and so many are the least that tell anything.
COMPARED, FEWEST = 300, 30
# By how much a new model may be worse there: of the loss, and of what chance makes of it.
_WORSE, _CHANCE = 0.01, 1.0
_LOSES = (
    "Nos leads fechados mais recentes o modelo novo erra mais que o modelo em uso, que continua."
)


@dataclass(frozen=True, slots=True)
class InUse:
    """`permitidos`: what it was allowed to look at. It has seen no lead that closed after `moment`,
    and none with a higher id than `newest`. `unseen`: its loss on each lead that was among the
    newest then, by a card that had not seen it."""

    card: Card
    permitidos: frozenset[str]
    moment: datetime
    newest: int
    unseen: Mapping[int, float]

    @classmethod
    def of(cls, model: WinModel) -> Self:
        told = model.parametros
        return cls(
            from_json(model.cartao or {}),
            frozenset(told["permitidos"]),
            model.treinado_em,
            told["maior_id"],
            {int(lead_id): loss for lead_id, loss in told["perdas"].items()},
        )

    def looks_beyond(self, permitted: Sequence[str], rules: RuleSet) -> bool:
        """Whether it looks at a field that it was allowed to, and no model is any more, itself or
        by the rules; or never said at what it may look by them."""
        gone = self.permitidos.difference(permitted)
        looked_at = {each.campo for each in self.card.campos}
        if self.card.regras:
            looked_at.update(rule.campo for rule in rules.regras)
        return bool(gone & looked_at) or (self.card.regras is not None and not self.card.vista)

    def loss_on(self, sample: Sample) -> float | None:
        """None on a lead of which it was told the outcome."""
        known = self.unseen.get(sample.lead_id)
        fresh = sample.registrado_em > self.moment or sample.lead_id > self.newest
        return loss_of(self.card, sample) if known is None and fresh else known


def latest_of(samples: Sequence[Sample]) -> list[Sample]:
    return sorted(samples, key=lambda each: each.registrado_em)[-COMPARED:]


def unseen_losses(learned: Learned, latest: Sequence[Sample]) -> dict[int, float]:
    found = ((each.lead_id, unseen_loss(learned, each)) for each in latest)
    return {lead_id: loss for lead_id, loss in found if loss is not None}


def refusal(old: InUse | None, learned: Learned, latest: Sequence[Sample]) -> str | None:
    """Why what was learned is not to be used, if so."""
    if learned.card is None:
        return str(learned.relatorio["motivo"])
    if old is None:
        return None
    card, new = learned.card, unseen_losses(learned, latest)
    before = {each.lead_id: old.loss_on(each) for each in latest}
    pairs = [
        (known, new.get(each.lead_id, loss_of(card, each)))
        for each in latest
        if (known := before[each.lead_id]) is not None
    ]
    return _LOSES if len(pairs) >= FEWEST and _is_worse(pairs) else None


def _is_worse(pairs: Sequence[tuple[float, float]]) -> bool:
    more = [after - before for before, after in pairs]
    chance = _CHANCE * stdev(more) / sqrt(len(more))
    return fmean(more) > max(_WORSE * fmean(before for before, _ in pairs), chance)
