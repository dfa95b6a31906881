"""The date of a closing can be corrected, never into the future and only where there is one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.support.api import Reply, Team
from tests.support.leads import create, events, imported

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


# ---------------------------------------------------------------- from one closed stage to another

MORE = [
    {"chave": "novo", "nome": "Novo", "tipo": "aberta"},
    {"chave": "ganho", "nome": "Ganho", "tipo": "ganha"},
    {"nome": "Pago", "tipo": "ganha"},
    {"chave": "perdido", "nome": "Perdido", "tipo": "perdida"},
]


def patched(team: Team, lead: dict[str, Any], etapa: str) -> None:
    assert change(team, lead, etapa=etapa, motivo_perda=reason(etapa)).status == 200


def moved_along(team: Team, lead: dict[str, Any], etapa: str) -> None:
    body = {"acao": "move", "ids": [lead["id"]], "etapa": etapa, "motivo_perda": reason(etapa)}
    assert team.gestor.api.post("/leads/bulk", body).data["alterados"] == 1


def imported_again(team: Team, lead: dict[str, Any], etapa: str) -> None:
    csv = f"email,etapa,motivo_perda\n{lead['email']},{etapa},{reason(etapa) or ''}\n"
    assert imported(team.gestor.api, csv, duplicados="atualizar")["atualizados"] == 1


def upserted(team: Team, lead: dict[str, Any], etapa: str) -> None:
    said = {"email": lead["email"], "etapa": etapa, "motivo_perda": reason(etapa)}
    body = {name: value for name, value in said.items() if value is not None}
    assert team.gestor.api.call("PUT", "/leads?chave=email", json=body).status == 200


def reason(etapa: str) -> str | None:
    return "preço" if etapa == "perdido" else None


@pytest.mark.parametrize("moves", [patched, moved_along, imported_again, upserted])
def test_only_a_stage_of_another_kind_closes_a_lead_anew(
    team: Team, moves: Callable[[Team, dict[str, Any], str], None]
) -> None:
    api = team.gestor.api
    assert api.call("PUT", "/stages", json={"itens": MORE}).status == 200
    lead = create(api, **WON, email="l@exemplo.com.br")
    assert change(team, lead, fechado_em=THEN).status == 200
    path = f"/leads/{lead['id']}"
    moves(team, lead, "pago")
    assert (api.get(path).data["etapa"], api.get(path).data["fechado_em"]) == ("pago", THEN)
    moves(team, lead, "perdido")
    assert api.get(path).data["fechado_em"] > lead["criado_em"]
