"""When won leads beside those that were expected are an alarm."""

import numpy as np
import pytest

from services.model.numerics.drift import latest
from services.model.numerics.ridge import logit_of


@pytest.mark.parametrize(
    ("rate", "won", "alert"),
    [
        (0.3, 90, None),
        (0.3, 73, None),
        (0.3, 60, "alarme"),
        (0.3, 115, "alarme"),
        (0.05, 10, "atencao"),  # of fifteen: chance would do it
        (0.05, 30, "alarme"),
    ],
)
def test_an_alarm_is_what_chance_does_not_explain(rate: float, won: int, alert: str | None) -> None:
    logits = np.full(900, logit_of(rate))
    outcomes = np.zeros(900)
    outcomes[600 : 600 + won] = 1
    told = latest(logits, outcomes, dated=True)
    assert (told["ganhos"], told["alerta"]) == (won, alert)
    assert told["razao"] == pytest.approx(won / (300 * rate))


def test_leads_without_an_order_of_time_have_no_latest() -> None:
    told = latest(np.zeros(900), np.ones(900), dated=False)
    assert (told["razao"], told["alerta"]) == (None, None)
    assert told["motivo"]
