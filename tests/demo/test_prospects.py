"""Moments and journeys of the demonstration, at any hour of any day."""

from datetime import UTC, datetime

import pytest

from services.demo.journeys import Call
from services.demo.moments import Moments
from services.demo.prospects import Prospect, prospects
from tests.demo.conftest import bank
from utils.clock import in_zone, parse_instant

ZONE = "America/Sao_Paulo"
INSTANTS = (
    datetime(2026, 11, 27, 15, 0, tzinfo=UTC),
    datetime(2026, 11, 29, 15, 0, tzinfo=UTC),  # a Sunday
    datetime(2026, 12, 1, 3, 0, 1, tzinfo=UTC),  # just after midnight in São Paulo
    datetime(2027, 1, 1, 2, 59, tzinfo=UTC),  # the last minute of a year there
)
_FRIDAY = 4


def path(prospect: Prospect) -> list[datetime]:
    """All that is told of a lead's past, in the order in which it is told."""
    told = [parse_instant(prospect.cells["criado_em"])]
    for step in prospect.steps:
        told.append(step.said["concluida_em"] if isinstance(step, Call) else step.since)
    return told


@pytest.mark.parametrize("instant", INSTANTS)
def test_what_happened_is_past_and_in_order(instant: datetime) -> None:
    for prospect in prospects(bank(), Moments(instant, ZONE)):
        told = path(prospect)
        assert told == sorted(told), prospect
        assert told[-1] <= instant


@pytest.mark.parametrize("instant", INSTANTS)
def test_the_past_has_no_weekends_but_today(instant: datetime) -> None:
    moments = Moments(instant, ZONE)
    for tenths in range(10, 1_400):
        day = in_zone(moments.ago(tenths / 10), ZONE)
        assert day.weekday() <= _FRIDAY and 8 <= day.hour <= 18, day
    assert moments.ago(0) == instant
    assert in_zone(moments.ago(0.999), ZONE).date() == in_zone(instant, ZONE).date()


@pytest.mark.parametrize("instant", INSTANTS)
def test_a_later_moment_is_fewer_days_ago(instant: datetime) -> None:
    moments = Moments(instant, ZONE)
    told = [moments.ago(tenths / 10) for tenths in range(1_400)]
    assert told == sorted(told, reverse=True)


def test_one_seed_makes_the_same_people_with_the_same_outcomes() -> None:
    one, other = (prospects(bank(), Moments(each, ZONE)) for each in INSTANTS[:2])
    dates = {"criado_em", "fechado_em", "ultimo_contato_em", "previsto_para"}
    for left, right in zip(one, other, strict=True):
        assert (left.seller, len(left.steps)) == (right.seller, len(right.steps))
        assert {k: v for k, v in left.cells.items() if k not in dates} == {
            k: v for k, v in right.cells.items() if k not in dates
        }


def test_nobody_shares_a_phone_or_an_e_mail() -> None:
    found = [each.cells for each in prospects(bank(), Moments(INSTANTS[0], ZONE))]
    for name in ("telefone", "email", "id_externo"):
        assert len({cells[name] for cells in found}) == len(found) == 200
