"""The date of a closing can be corrected, never into the future and only where there is one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.support.api import Reply, Team
from tests.support.leads import create, events

THEN = "2026-03-02T12:00:00Z"
WON = {"etapa": "ganho"}
LOST = {"etapa": "perdido", "motivo_perda": "preço"}


def change(team: Team, lead: dict[str, Any], **fields: Any) -> Reply:
    return team.gestor.api.patch(f"/leads/{lead['id']}", fields)


@pytest.mark.parametrize("closed", [WON, LOST], ids=["won", "lost"])
def test_a_closing_is_corrected(team: Team, sql: Engine, closed: dict[str, str]) -> None:
    lead = create(team.gestor.api, **closed)
    changed = change(team, lead, fechado_em=THEN).data
    assert (changed["fechado_em"], changed["etapa"]) == (THEN, closed["etapa"])
    assert changed["versao"] == 2
    assert events(sql, lead["id"])[-1][:2] == ("lead_alterado", ["fechado_em"])


def test_a_lead_closed_by_mistake_can_be_reopened_and_closed_again(team: Team) -> None:
    lead = change(team, create(team.gestor.api, **WON), fechado_em=THEN).data
    assert change(team, lead, etapa="novo").data["fechado_em"] is None
    assert change(team, lead, etapa="ganho", fechado_em=THEN).data["fechado_em"] == THEN


def test_the_whole_lead_sent_back_with_another_stage_is_closed_now(team: Team) -> None:
    lead = create(team.gestor.api)
    closed = change(team, lead, etapa="ganho", fechado_em=lead["fechado_em"]).data
    assert closed["fechado_em"] >= lead["criado_em"]
    opened = change(team, lead, etapa="novo", fechado_em=closed["fechado_em"]).data
    assert opened["fechado_em"] is None


def in_an_hour() -> str:
    return (datetime.now(UTC) + timedelta(hours=1)).isoformat()


@pytest.mark.parametrize(
    ("start", "fields", "codigo"),
    [
        (WON, {"fechado_em": in_an_hour()}, "FORA_DA_FAIXA"),
        ({}, {"etapa": "ganho", "fechado_em": in_an_hour()}, "FORA_DA_FAIXA"),
        (WON, {"fechado_em": None}, "OBRIGATORIO"),
        ({}, {"fechado_em": THEN}, "VALOR_INVALIDO"),
        (WON, {"etapa": "novo", "fechado_em": THEN}, "VALOR_INVALIDO"),
        (WON, {"fechado_em": "ontem"}, "DATA_INVALIDA"),
    ],
)
def test_a_closing_date_that_does_not_fit_is_refused(
    team: Team, start: dict[str, str], fields: dict[str, Any], codigo: str
) -> None:
    lead = create(team.gestor.api, **start)
    reply = change(team, lead, **fields)
    assert reply.status == 422
    assert reply.campos == {"fechado_em": codigo}
    assert team.gestor.api.get(f"/leads/{lead['id']}").data == lead
