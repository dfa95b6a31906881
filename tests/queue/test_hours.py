"""Nobody is called outside the equipe's hours, on the clock of where the lead lives."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from services import queueService
from services.queue import claiming, hours
from services.queue.settings import changed
from tests.support.api import Team
from tests.support.leads import create
from tests.support.queues import claim, claimed, promise, release
from utils.brazil.states import STATES

WEEK = {day: ["09:00", "18:00"] for day in hours.WEEKDAYS[:5]}
ZONE = "America/Sao_Paulo"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def settings(**said: Any) -> dict[str, Any]:
    return changed({}, {"horario": WEEK, **said})


def open_places(moment: str, **said: Any) -> set[str]:
    return set(hours.PLACES) - set(hours.closed(settings(**said), ZONE, at(moment)))


ACRE, AMAZON = {"AC"}, {"AM", "MS", "MT", "RO", "RR"}
ALL = {*STATES, ""}


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-25T08:59:59-03:00", set()),
        ("2026-11-25T09:00-03:00", ALL - AMAZON - ACRE),
        ("2026-11-25T10:00-03:00", ALL - ACRE),
        ("2026-11-25T11:00-03:00", ALL),
        ("2026-11-25T18:00-03:00", AMAZON | ACRE),
        ("2026-11-25T19:30-03:00", ACRE),
        ("2026-11-25T20:00-03:00", set()),
        ("2026-11-28T12:00-03:00", set()),  # a Saturday
        ("2026-12-25T12:00-03:00", set()),  # Christmas
        ("2026-07-09T12:00-03:00", ALL - {"SP"}),  # a holiday of one state
    ],
)
def test_each_state_has_its_clock_and_holidays(moment: str, expected: set[str]) -> None:
    assert open_places(moment) == expected


def test_a_lead_without_a_state_goes_by_the_setting_or_the_equipe() -> None:
    assert "" in open_places("2026-11-25T09:30-03:00")
    assert "" not in open_places("2026-11-25T09:30-03:00", uf="AC")
    assert "" in open_places("2026-11-25T19:30-03:00", uf="AC")
    assert "" not in open_places("2026-07-09T12:00-03:00", uf="SP")


def test_the_equipe_has_days_of_its_own() -> None:
    assert open_places("2026-11-25T12:00-03:00", feriados=["2026-11-25"]) == set()
    assert open_places("2026-11-26T12:00-03:00", feriados=["2026-11-25"]) == ALL


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-25T05:00-03:00", "2026-11-25T09:00-03:00"),
        ("2026-11-25T12:00-03:00", None),
        ("2026-11-25T09:30-03:00", "2026-11-25T10:00-03:00"),  # in the Amazon
        ("2026-11-27T22:00-03:00", "2026-11-30T09:00-03:00"),
        ("2026-12-24T22:00-03:00", "2026-12-28T09:00-03:00"),
    ],
)
def test_when_it_opens_next(moment: str, opening: str | None) -> None:
    found = hours.next_opening(settings(), ZONE, at(moment))
    assert found == (opening and at(opening))


def test_a_day_may_go_on_until_midnight() -> None:
    late = settings(horario={"qua": ["00:00", "24:00"]})
    assert hours.closed(late, ZONE, at("2026-11-25T23:59:59-03:00")) == []
    assert "SP" in hours.closed(late, ZONE, at("2026-11-26T00:00-03:00"))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the server's clock, by which the hours go; promises go by the database's."""

    def stand(text: str) -> None:
        for module in (claiming, queueService):
            monkeypatch.setattr(module, "now", lambda: at(text))

    return stand


@pytest.fixture
def weekly(team: Team) -> Team:
    assert team.gestor.api.patch("/equipe", {"fila": {"horario": WEEK}}).status == 200
    return team


def test_closed_everywhere_no_lead_is_given_unless_asked(weekly: Team, clock: Any) -> None:
    lead = create(weekly.gestor.api, uf="SP")["id"]
    clock("2026-11-28T12:00-03:00")
    found = claim(weekly.vendedor.api)
    assert (found["situacao"], found["lead"]) == ("fora_do_horario", None)
    assert found["tentar_em"] == "2026-11-30T12:00:00Z"
    assert claimed(weekly.vendedor.api, fora_do_horario=True) == lead
    # What is held already is shown at any hour.
    assert claimed(weekly.vendedor.api) == lead


def test_where_it_is_closed_leads_are_passed_over(weekly: Team, clock: Any) -> None:
    best = create(weekly.gestor.api, uf="AM", valor="900000.00")["id"]
    second = create(weekly.gestor.api, uf="SP", valor="800000.00")["id"]
    last = create(weekly.gestor.api)["id"]
    clock("2026-11-25T09:30-03:00")
    assert claimed(weekly.vendedor.api) == second
    assert claimed(weekly.colleague.api) == last
    found = claim(weekly.gestor.api)
    assert (found["situacao"], found["tentar_em"]) == ("fora_do_horario", "2026-11-25T13:00:00Z")
    clock("2026-11-25T12:00-03:00")
    assert claimed(weekly.gestor.api) == best
    clock("2026-11-25T18:30-03:00")
    release(weekly.gestor.api, best)
    assert claimed(weekly.gestor.api) == best


def test_a_promise_waits_for_the_hours_too(weekly: Team, clock: Any, sql: Engine) -> None:
    promised = create(weekly.gestor.api, uf="AC", responsavel_id=weekly.vendedor.id)["id"]
    promise(sql, promised, "now() - interval '1 second'")
    other = create(weekly.gestor.api, uf="SP")["id"]
    clock("2026-11-25T09:30-03:00")
    assert claimed(weekly.vendedor.api) == other
    clock("2026-11-25T11:30-03:00")
    release(weekly.vendedor.api, other)
    assert claimed(weekly.vendedor.api) == promised


def test_an_empty_queue_is_empty_in_part_of_the_country_too(weekly: Team, clock: Any) -> None:
    clock("2026-11-25T09:30-03:00")
    assert claim(weekly.vendedor.api)["situacao"] == "vazia"


@pytest.mark.parametrize("horario", [{"seg": ["00:00", "00:01"]}, None])
def test_who_has_no_lead_is_told_so_at_any_hour(team: Team, horario: Any) -> None:
    assert team.gestor.api.patch("/equipe", {"fila": {"horario": horario}}).status == 200
    for _ in range(2):
        found = claim(team.vendedor.api)
        assert (found["situacao"], found["tentar_em"]) == ("vazia", None)
        create(team.gestor.api, responsavel_id=team.colleague.id)
    create(team.gestor.api)
    assert claim(team.vendedor.api)["situacao"] != "vazia"
