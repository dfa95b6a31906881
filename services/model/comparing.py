"""Whether a new model may take the place of the one in use: each is judged by leads that it has not
seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from models.scoring.win_model import WinModel
from services.model.learning import Learned, Sample, loss, unseen_loss
from services.scores.card import Card, from_json

# Of the newest closed leads so many are looked at; those that the model in use has not seen, if
# they are enough.
COMPARED, ENOUGH = 300, 50
# By how much a new model may be worse there.
_WORSE = 1.01
_LOSES = (
    "Nos leads fechados mais recentes o modelo novo erra mais que o modelo em uso, que continua."
)


@dataclass(frozen=True, slots=True)
class InUse:
    """`permitidos`: what it was allowed to look at. It has seen no lead that closed after `moment`,
    and none with a higher id than `newest`. `unseen`: its loss on the leads that were the newest
    then, by cards that had not seen them; None where it has learned nothing."""

    card: Card
    permitidos: frozenset[str]
    moment: datetime
    newest: int
    unseen: float | None

    @classmethod
    def of(cls, model: WinModel) -> Self:
        told = model.parametros
        return cls(
            from_json(model.cartao or {}),
            frozenset(told["permitidos"]),
            model.treinado_em,
            told["maior_id"],
            told["perda"],
        )

    def looks_beyond(self, permitted: Sequence[str]) -> bool:
        """Whether it looks at a field that it was allowed to, and no model is any more."""
        gone = self.permitidos.difference(permitted)
        return any(each.campo in gone for each in self.card.campos)

    def has_seen(self, sample: Sample) -> bool:
        return sample.registrado_em <= self.moment and sample.lead_id <= self.newest


def latest_of(samples: Sequence[Sample]) -> list[Sample]:
    return sorted(samples, key=lambda each: each.registrado_em)[-COMPARED:]


def refusal(old: InUse | None, learned: Learned, latest: Sequence[Sample]) -> str | None:
    """Why what was learned is not to be used, if so."""
    if learned.card is None:
        return str(learned.relatorio["motivo"])
    if old is None:
        return None
    judged = [each for each in latest if old.unseen is None or not old.has_seen(each)]
    if old.unseen is None or len(judged) >= ENOUGH:
        before = loss(old.card, judged)
    else:
        judged, before = list(latest), old.unseen
    return _LOSES if unseen_loss(learned, judged) > _WORSE * before else None
