"""What the model goes by is the gestor's to say: the declared rate, and fields with a reason."""

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.support.api import Team
from tests.support.leads import rows

AGE = {"campo": "atributos.idade", "motivo": "O produto tem limite de idade por lei."}
PLACE = {"campo": "atributos.bairro", "motivo": "A entrega só chega a alguns bairros."}


def said(team: Team, **body: Any) -> Any:
    return team.gestor.api.patch("/equipe", body)


def test_a_new_equipe_has_said_nothing(team: Team) -> None:
    shown = team.vendedor.api.get("/equipe").data
    assert (shown["taxa_ganho"], shown["campos_permitidos"]) == (None, [])


def test_the_list_that_is_sent_replaces_the_one_before(team: Team) -> None:
    first = said(team, campos_permitidos=[AGE]).data["campos_permitidos"]
    assert first == [{**AGE, "por": team.gestor.id, "em": first[0]["em"]}]
    other = {**AGE, "motivo": "Outro motivo."}
    both = said(team, campos_permitidos=[PLACE, AGE]).data["campos_permitidos"]
    assert [each["campo"] for each in both] == ["atributos.bairro", "atributos.idade"]
    assert both[1] == first[0]  # decided then, not now
    changed = said(team, campos_permitidos=[other]).data["campos_permitidos"]
    assert [each["motivo"] for each in changed] == ["Outro motivo."]
    assert changed[0]["em"] > first[0]["em"]
    assert team.vendedor.api.get("/equipe").data["campos_permitidos"] == changed
    assert said(team, nome="Outra").data["campos_permitidos"] == changed
    assert said(team, campos_permitidos=[]).data["campos_permitidos"] == []


def test_a_rate_is_declared_and_taken_back(team: Team) -> None:
    assert said(team, taxa_ganho=0.25).data["taxa_ganho"] == 0.25
    assert said(team, fuso="America/Manaus").data["taxa_ganho"] == 0.25
    assert said(team, taxa_ganho=None).data["taxa_ganho"] is None
    assert team.gestor.api.get("/equipe").data["taxa_ganho"] is None


def test_a_change_is_an_event_and_none_is_none(team: Team, sql: Engine) -> None:
    told = (
        "select campos from eventos where equipe_id = :e and tipo = 'equipe_alterada' order by id"
    )
    for _ in range(2):
        assert said(team, taxa_ganho=0.5, campos_permitidos=[AGE]).status == 200
    assert rows(sql, told, e=team.equipe_id) == [(["campos_permitidos", "taxa_ganho"],)]


@pytest.mark.parametrize(
    ("campo", "code"),
    [
        ("atributos.sexo", "VALOR_INVALIDO"),
        ("atributos.EstadoCivil", "VALOR_INVALIDO"),
        ("atributos.cor da pele", "VALOR_INVALIDO"),
        ("atributos.cpf", "VALOR_INVALIDO"),
        ("nome", "VALOR_INVALIDO"),
        ("etapa", "VALOR_INVALIDO"),
        ("atributos.", "VALOR_INVALIDO"),
        ("atributos.a.b.c.d", "VALOR_INVALIDO"),
        ("mes", "VALOR_INVALIDO"),
        ("", "CURTO_DEMAIS"),
        ("a" * 201, "LONGO_DEMAIS"),
        (7, "TIPO_INVALIDO"),
    ],
)
def test_some_fields_are_never_permitted(team: Team, campo: Any, code: str) -> None:
    reply = said(team, campos_permitidos=[AGE, {"campo": campo, "motivo": "Porque sim."}])
    assert (reply.status, reply.campos) == (422, {"campos_permitidos.1.campo": code})
    assert team.gestor.api.get("/equipe").data["campos_permitidos"] == []


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"campos_permitidos": [AGE, AGE]}, "campos_permitidos.1.campo"),
        ({"campos_permitidos": [{"campo": "atributos.idade"}]}, "campos_permitidos.0.motivo"),
        ({"campos_permitidos": [{**AGE, "motivo": " "}]}, "campos_permitidos.0.motivo"),
        ({"campos_permitidos": [{**AGE, "por": 1}]}, "campos_permitidos.0.por"),
        ({"campos_permitidos": [AGE] * 51}, "campos_permitidos"),
        ({"campos_permitidos": AGE}, "campos_permitidos"),
        ({"taxa_ganho": 0}, "taxa_ganho"),
        ({"taxa_ganho": 1}, "taxa_ganho"),
        ({"taxa_ganho": "0.2"}, "taxa_ganho"),
        ({"taxa_ganho": True}, "taxa_ganho"),
    ],
)
def test_what_is_wrong_is_named(team: Team, body: dict[str, Any], named: str) -> None:
    reply = said(team, **body)
    assert (reply.status, [*reply.campos]) == (422, [named])


def test_only_a_gestor_decides(team: Team) -> None:
    for body in ({"taxa_ganho": 0.2}, {"campos_permitidos": [AGE]}):
        assert team.vendedor.api.patch("/equipe", body).status == 403
