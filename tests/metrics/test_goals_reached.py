"""What was won towards goals, by whom it is seen, and where a month is heading."""

from typing import Any

import pytest
from flask import Flask

from models.db import enter_tenant, transaction
from models.derived.figure import NAMED
from services import metricsService
from tests.metrics.goals import kept, put, reached, told, won
from tests.metrics.past import at, past
from tests.support.api import Reply, Team
from tests.support.leads import all_leads, create, imported


def test_what_was_won_in_the_month_counts_towards_each_goal(team: Team) -> None:
    """By hand: of the person 100.10 + 20.00, of the produto 100.10 + 3.00, of both 100.10, of all
    123.10 in three wins. The open lead, the lost one and those of other months count nowhere."""
    api, one, other = team.gestor.api, team.vendedor.id, team.colleague.id
    won(api, "2026-02-01T03:00:00Z", "100.10", responsavel_id=one, produto="Seguro")
    won(api, "2026-02-14T12:00:00Z", "20.00", responsavel_id=one)
    won(api, "2026-03-01T02:59:59Z", "3.00", responsavel_id=other, produto="SEGURO")
    won(api, "2026-02-01T02:59:59Z", "1000.00", responsavel_id=one, produto="Seguro")
    won(api, "2026-03-01T03:00:00Z", "1000.00", responsavel_id=one, produto="Seguro")
    lost = ("perdido", "2026-02-14T12:00:00Z")
    past(api, "2026-02-13T12:00:00Z", lost, valor="1000.00", responsavel_id=one)
    create(api, valor="1000.00", responsavel_id=one, produto="Seguro")
    kept(
        team.gestor,
        "2026-02",
        {"ganhos": 1},
        {"responsavel_id": one, "ganhos": 1},
        {"responsavel_id": other, "ganhos": 1},
        {"responsavel_id": team.gestor.id, "ganhos": 1},
        {"produto": "seguro", "ganhos": 1},
        {"responsavel_id": one, "produto": "seguro", "ganhos": 1},
        {"responsavel_id": one, "produto": "crédito", "ganhos": 1},
    )
    assert reached(told(team.gestor, "2026-02")) == {
        (None, None): ("123.10", 3),
        (None, "seguro"): ("103.10", 2),
        (one, None): ("120.10", 2),
        (one, "seguro"): ("100.10", 1),
        (one, "crédito"): ("0.00", 0),
        (other, None): ("3.00", 1),
        (team.gestor.id, None): ("0.00", 0),
    }


def test_a_win_that_is_taken_back_counts_no_more(team: Team) -> None:
    won(team.gestor.api, "2026-02-14T12:00:00Z", "7.00")
    (lead,) = all_leads(team.gestor.api)
    kept(team.gestor, "2026-02", {"ganhos": 1})
    assert reached(told(team.gestor, "2026-02")) == {(None, None): ("7.00", 1)}
    assert team.gestor.api.patch(f"/leads/{lead['id']}", {"etapa": "proposta"}).status == 200
    assert reached(told(team.gestor, "2026-02")) == {(None, None): ("0.00", 0)}


def fold(app: Flask, team: Team) -> None:
    with app.app_context(), transaction():
        enter_tenant(team.equipe_id)
        metricsService.keep_up(team.equipe_id)


def test_produtos_beyond_those_with_cells_are_counted(app: Flask, team: Team) -> None:
    """More of them than have cells of their own; the last one is won twice, by two people. What
    came after the last fold is in no cell, and after it in one of the others."""
    api, month = team.gestor.api, "2026-02-14T12:00:00Z"
    lines = [f"A,produto {n}" for n in range(NAMED)]
    imported(api, "nome,produto\n" + "\n".join(lines) + "\n")
    fold(app, team)
    last = f"Produto {NAMED}"
    won(api, month, "5.00", produto=last, responsavel_id=team.vendedor.id)
    won(api, month, "2.00", produto=last)
    won(api, month, "1.00", produto="produto 0")
    kept(
        team.gestor,
        "2026-02",
        {"produto": last, "ganhos": 1},
        {"produto": last, "responsavel_id": team.vendedor.id, "ganhos": 1},
        {"produto": "produto 0", "ganhos": 1},
    )
    by_hand = {
        (None, last): ("7.00", 2),
        (team.vendedor.id, last): ("5.00", 1),
        (None, "produto 0"): ("1.00", 1),
    }
    assert reached(told(team.gestor, "2026-02")) == by_hand
    fold(app, team)
    assert reached(told(team.gestor, "2026-02")) == by_hand
    won(api, month, "4.00", produto=last)
    assert reached(told(team.gestor, "2026-02")) == by_hand | {(None, last): ("11.00", 3)}


def test_a_vendedor_sees_their_own_goals_and_those_of_all(team: Team) -> None:
    api = team.gestor.api
    won(api, "2026-02-14T12:00:00Z", "7.00", responsavel_id=team.vendedor.id)
    won(api, "2026-02-14T12:00:00Z", "11.00", responsavel_id=team.colleague.id)
    owners = (None, team.vendedor.id, team.colleague.id)
    kept(team.gestor, "2026-02", *({"responsavel_id": each, "ganhos": 1} for each in owners))
    data = told(team.vendedor, "2026-02")
    assert reached(data) == {(None, None): ("18.00", 2), (team.vendedor.id, None): ("7.00", 1)}
    assert len(told(team.gestor, "2026-02")["metas"]) == 3
    reply = put(team.vendedor, "2026-02", {"ganhos": 1})
    assert (reply.status, reply.codigo) == (403, "PROIBIDO")


def test_who_has_left_keeps_their_goal(team: Team) -> None:
    won(team.gestor.api, "2026-02-14T12:00:00Z", "7.00", responsavel_id=team.vendedor.id)
    goal = {"responsavel_id": team.vendedor.id, "ganhos": 2}
    kept(team.gestor, "2026-02", goal)
    path = f"/users/{team.vendedor.id}"
    assert team.gestor.api.patch(path, {"ativo": False, "leads": "manter"}).status == 200
    kept(team.gestor, "2026-02", goal | {"ganhos": 3})
    (found,) = told(team.gestor, "2026-02")["metas"]
    assert (found["nome"], found["ganhos"]) == ("Pessoa de Teste", 3)
    assert found["realizado"] == {"valor": "7.00", "ganhos": 1}


@pytest.mark.parametrize(
    ("month", "today", "days", "left"),
    [
        # February 2026: 28 days, of them four Saturdays and four Sundays, and no holiday.
        ("2026-02", "2026-02-11T12:00:00Z", 20, 13),
        ("2026-02", "2026-02-14T12:00:00Z", 20, 10),  # a Saturday
        ("2026-02", "2026-03-01T12:00:00Z", 20, 0),
        ("2026-02", "2026-01-31T12:00:00Z", 20, 20),
        # It is still the 10th in São Paulo.
        ("2026-02", "2026-02-11T02:00:00Z", 20, 14),
        # April 2026: 30 days, four Saturdays and Sundays; Good Friday is the 3rd, Tiradentes the
        # 21st, a Tuesday.
        ("2026-04", "2026-04-01T12:00:00Z", 20, 20),
    ],
)
def test_the_working_days_of_a_month(
    team: Team,
    monkeypatch: pytest.MonkeyPatch,
    month: str,
    today: str,
    days: int,
    left: int,
) -> None:
    at(monkeypatch, today)
    data = told(team.gestor, month)
    assert (data["dias_uteis"], data["dias_uteis_restantes"]) == (days, left)


def test_the_equipes_own_hours_state_and_holidays_count(team: Team) -> None:
    """July 2026 has 23 days from Monday to Friday and four Saturdays; the 9th, a Thursday, is a
    holiday in São Paulo."""
    assert told(team.gestor, "2026-07")["dias_uteis"] == 23
    for settings, days in (
        ({"uf": "SP"}, 22),
        ({"feriados": ["2026-07-06", "2026-07-09", "2026-07-11"]}, 21),
        ({"horario": {"sab": ["09:00", "12:00"]}, "feriados": []}, 4),
    ):
        assert team.gestor.api.patch("/equipe", {"fila": settings}).status == 200
        assert told(team.gestor, "2026-07")["dias_uteis"] == days


def test_the_pace_goes_on_as_the_days_that_are_over(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On 11 February seven of 20 working days are over. Before today 70.01 in three wins:
    70.01 × 20 ÷ 7 = 200.0285…, 3 × 20 ÷ 7 = 8.57…; what is won today changes neither until it is
    more than they are."""
    api = team.gestor.api
    for moment, valor in (
        ("2026-02-02T12:00:00Z", "50.00"),
        ("2026-02-07T12:00:00Z", "20.00"),  # a Saturday
        ("2026-02-11T02:59:59Z", "0.01"),
        ("2026-02-11T03:00:00Z", "10.00"),
    ):
        won(api, moment, valor)
    kept(team.gestor, "2026-02", {"ganhos": 20}, {"produto": "seguro", "ganhos": 1})
    at(monkeypatch, "2026-02-11T12:00:00Z")
    every, seguro = told(team.gestor, "2026-02")["metas"]
    assert every["realizado"] == {"valor": "80.01", "ganhos": 4}
    assert every["ritmo"] == {"valor": "200.03", "ganhos": 8.6}
    assert seguro["ritmo"] == {"valor": "0.00", "ganhos": 0.0}
    won(api, "2026-02-11T11:00:00Z", "1000.00")
    assert told(team.gestor, "2026-02")["metas"][0]["ritmo"] == {"valor": "1080.01", "ganhos": 8.6}


@pytest.mark.parametrize(
    ("today", "pace"),
    [
        # A Sunday, then the first working day: none is over.
        ("2026-02-01T12:00:00Z", None),
        ("2026-02-02T12:00:00Z", None),
        # 2 × 20 ÷ 1.
        ("2026-02-03T12:00:00Z", {"valor": "40.00", "ganhos": 20.0}),
        # The month is over: it came to what it came to.
        ("2026-03-01T12:00:00Z", {"valor": "2.00", "ganhos": 1.0}),
        ("2027-01-01T12:00:00Z", {"valor": "2.00", "ganhos": 1.0}),
    ],
)
def test_the_pace_of_a_month_that_begins_or_is_over(
    team: Team, monkeypatch: pytest.MonkeyPatch, today: str, pace: dict[str, Any] | None
) -> None:
    won(team.gestor.api, "2026-02-02T12:00:00Z", "2.00")
    kept(team.gestor, "2026-02", {"ganhos": 20})
    at(monkeypatch, today)
    assert told(team.gestor, "2026-02")["metas"][0]["ritmo"] == pace


def test_the_etag_stands_for_everything_that_the_reply_says(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(team.gestor, "2026-02", {"ganhos": 20})
    at(monkeypatch, "2026-02-11T12:00:00Z")
    month = "/goals/2026-02"

    def asked(etag: str) -> Reply:
        return team.gestor.api.get(month, headers={"If-None-Match": etag})

    def changed(etag: str) -> str:
        reply = asked(etag)
        assert reply.status == 200
        new = reply.headers["ETag"]
        assert new != etag and asked(new).status == 304
        assert reply.headers["Cache-Control"] == "private, no-cache"
        return str(new)

    etag = changed('"v0"')
    won(team.gestor.api, "2026-02-02T12:00:00Z", "2.00")
    etag = changed(etag)
    kept(team.gestor, "2026-02", {"ganhos": 21})
    etag = changed(etag)
    assert team.gestor.api.patch("/equipe", {"fila": {"uf": "SP"}}).status == 200
    etag = changed(etag)
    assert team.gestor.api.patch("/auth/me", {"nome": "Outro Nome"}).status == 200
    etag = changed(etag)
    at(monkeypatch, "2026-02-12T12:00:00Z")
    etag = changed(etag)
    assert team.vendedor.api.get(month, headers={"If-None-Match": etag}).status == 200
