"""How an equipe's queue works is the gestor's to say, a key at a time."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from models.team_settings import QUEUE_DEFAULTS
from services.queue import refitting
from tests.support.api import Team
from tests.support.jobs import work
from tests.support.leads import create, rows, run
from tests.support.queues import best_first

ALL = {
    "reserva_min": 5,
    "esperas_h": {"nao_atendeu": [0.5, 2], "outro": [0]},
    "intervalo_min": 10_080,
    "retomada_min": 43_200,
    "tentativas": 50,
    "gama": 0.5,
    "horario": {"seg": ["08:00", "12:30"], "dom": ["00:00", "24:00"]},
    "uf": "sp",
    "feriados": ["2026-12-24", "2026-12-31", "2026-12-24"],
}
KEPT = ALL | {
    "esperas_h": QUEUE_DEFAULTS["esperas_h"] | ALL["esperas_h"],
    "horario": dict.fromkeys(("ter", "qua", "qui", "sex", "sab")) | ALL["horario"],
    "uf": "SP",
    "feriados": ["2026-12-24", "2026-12-31"],
}


def settings(team: Team) -> dict[str, Any]:
    return team.gestor.api.get("/equipe").data["fila"]


def said(team: Team, **fila: Any) -> Any:
    return team.gestor.api.patch("/equipe", {"fila": fila})


def shown(fila: dict[str, Any]) -> dict[str, Any]:
    """As JSON has it, where a day that is closed may be left out or null."""
    return {**fila, "horario": {k: v for k, v in (fila["horario"] or {}).items() if v} or None}


def test_a_new_equipe_has_the_defaults(team: Team) -> None:
    assert settings(team) == QUEUE_DEFAULTS
    assert team.vendedor.api.get("/equipe").data["fila"] == QUEUE_DEFAULTS


def test_keys_that_are_sent_replace_and_null_resets(team: Team) -> None:
    assert shown(said(team, **ALL).data["fila"]) == shown(KEPT)
    assert shown(settings(team)) == shown(KEPT)
    assert said(team, reserva_min=30).data["fila"]["reserva_min"] == 30
    assert shown(settings(team)) == shown(KEPT | {"reserva_min": 30})
    waits = said(team, esperas_h={"nao_atendeu": None, "atendeu": [1]}).data["fila"]["esperas_h"]
    assert waits == QUEUE_DEFAULTS["esperas_h"] | {"atendeu": [1], "outro": [0]}
    assert said(team, **dict.fromkeys(ALL)).data["fila"] == QUEUE_DEFAULTS


def test_what_is_missing_in_a_row_has_its_default(team: Team, sql: Engine) -> None:
    older = "update configuracao set fila = fila - 'retomada_min' where equipe_id = :e"
    run(sql, older, e=team.equipe_id)
    assert settings(team) == QUEUE_DEFAULTS


def test_a_change_is_an_event_and_none_is_none(team: Team, sql: Engine) -> None:
    told = (
        "select campos from eventos where equipe_id = :e and tipo = 'equipe_alterada' order by id"
    )
    assert said(team, reserva_min=20).status == 200
    assert rows(sql, told, e=team.equipe_id) == []
    body = {"nome": "Equipe Nova", "fila": {"reserva_min": 21}}
    assert team.gestor.api.patch("/equipe", body).status == 200
    assert rows(sql, told, e=team.equipe_id) == [(["fila", "nome"],)]


def test_only_a_gestor_changes_them(team: Team) -> None:
    assert team.vendedor.api.patch("/equipe", {"fila": {"gama": 0}}).status == 403
    assert settings(team) == QUEUE_DEFAULTS


@pytest.mark.parametrize(
    ("fila", "codes"),
    [
        ({"reserva_min": 0}, {"reserva_min": "FORA_DA_FAIXA"}),
        ({"reserva_min": 241}, {"reserva_min": "FORA_DA_FAIXA"}),
        ({"reserva_min": "20"}, {"reserva_min": "TIPO_INVALIDO"}),
        ({"reserva_min": True}, {"reserva_min": "TIPO_INVALIDO"}),
        ({"reserva_min": 1.5}, {"reserva_min": "TIPO_INVALIDO"}),
        ({"intervalo_min": -1}, {"intervalo_min": "FORA_DA_FAIXA"}),
        ({"intervalo_min": 10_081}, {"intervalo_min": "FORA_DA_FAIXA"}),
        ({"retomada_min": 0}, {"retomada_min": "FORA_DA_FAIXA"}),
        ({"retomada_min": 43_201}, {"retomada_min": "FORA_DA_FAIXA"}),
        ({"tentativas": 0}, {"tentativas": "FORA_DA_FAIXA"}),
        ({"tentativas": 51}, {"tentativas": "FORA_DA_FAIXA"}),
        ({"gama": -0.1}, {"gama": "FORA_DA_FAIXA"}),
        ({"gama": 2.1}, {"gama": "FORA_DA_FAIXA"}),
        ({"gama": "1"}, {"gama": "TIPO_INVALIDO"}),
        ({"esperas_h": {"outro": []}}, {"esperas_h.outro": "CURTO_DEMAIS"}),
        ({"esperas_h": {"outro": [1] * 11}}, {"esperas_h.outro": "LONGO_DEMAIS"}),
        ({"esperas_h": {"outro": [2_161]}}, {"esperas_h.outro.0": "FORA_DA_FAIXA"}),
        ({"esperas_h": {"outro": ["4"]}}, {"esperas_h.outro.0": "TIPO_INVALIDO"}),
        ({"esperas_h": {"talvez": [4]}}, {"esperas_h.talvez": "CAMPO_DESCONHECIDO"}),
        ({"horario": {}}, {"horario": "OBRIGATORIO"}),
        ({"horario": {"seg": None}}, {"horario": "OBRIGATORIO"}),
        ({"horario": {"seg": ["09:00"]}}, {"horario.seg": "CURTO_DEMAIS"}),
        ({"horario": {"seg": ["18:00", "09:00"]}}, {"horario.seg": "VALOR_INVALIDO"}),
        ({"horario": {"seg": ["9:00", "18:00"]}}, {"horario.seg": "VALOR_INVALIDO"}),
        ({"horario": {"seg": ["09:00", "25:00"]}}, {"horario.seg": "VALOR_INVALIDO"}),
        ({"horario": {"seg": ["09:00\n", "18:00"]}}, {"horario.seg": "VALOR_INVALIDO"}),
        ({"horario": {"mon": ["09:00", "18:00"]}}, {"horario.mon": "CAMPO_DESCONHECIDO"}),
        ({"uf": "XX"}, {"uf": "VALOR_INVALIDO"}),
        ({"feriados": ["24/12/2026"]}, {"feriados.0": "DATA_INVALIDA"}),
        ({"feriados": ["2026-12-24", "9999-12-31"]}, {"feriados": "DATA_INVALIDA"}),
        ({"feriados": ["2026-02-30"]}, {"feriados.0": "DATA_INVALIDA"}),
        ({"feriados": ["2026-01-01"] * 367}, {"feriados": "LONGO_DEMAIS"}),
        ({"cor": "azul"}, {"cor": "CAMPO_DESCONHECIDO"}),
    ],
)
def test_bad_settings_are_refused(team: Team, fila: Any, codes: dict[str, str]) -> None:
    reply = said(team, **fila)
    assert reply.status == 422, reply.body
    assert reply.campos == {f"fila.{name}": code for name, code in codes.items()}
    assert settings(team) == QUEUE_DEFAULTS


@pytest.mark.parametrize("day", ["1900-01-01", "2200-12-31"])
def test_the_first_and_the_last_day_that_may_be_named(team: Team, day: str) -> None:
    assert said(team, feriados=[day], horario={"seg": ["09:00", "18:00"]}).status == 200
    assert team.vendedor.api.post("/queue/next", {}).status == 200


def test_how_much_the_value_counts_puts_all_leads_anew(
    app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    rich = create(team.gestor.api, valor="19000.00")["id"]
    likely = create(team.gestor.api, origem="indicação", telefone="(11) 98765-4321")["id"]
    assert best_first(sql, team, 0) == [rich, likely]
    monkeypatch.setattr(refitting, "MOST_AT_ONCE", 1)
    assert said(team, gama=0).status == 200
    assert said(team, gama=0, reserva_min=9).status == 200
    queued = "select tipo, estado, usuario_id from trabalhos where equipe_id = :e"
    assert rows(sql, queued, e=team.equipe_id) == [("repontuar", "na_fila", None)]
    work(app)
    assert best_first(sql, team, 0) == [likely, rich]


def test_of_few_leads_it_does_so_at_once(team: Team, sql: Engine) -> None:
    rich = create(team.gestor.api, valor="19000.00")["id"]
    likely = create(team.gestor.api, origem="indicação", telefone="(11) 98765-4321")["id"]
    assert said(team, gama=0).status == 200
    assert best_first(sql, team, 0) == [likely, rich]
    assert rows(sql, "select from trabalhos where equipe_id = :e", e=team.equipe_id) == []
