"""Whoever writes a lead, its stays are those that the history tells."""

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.leads.test_moves import LATER, THEN, archive, move
from tests.support import stays
from tests.support.api import Team
from tests.support.leads import all_leads, create, events, imported, new_cpf, rows
from tests.support.stays import Stay
from utils.clock import parse_instant

DAY, AT = "2026-01-02", "2026-01-02T03:00:00Z"


def of(team: Team, sql: Engine, lead: dict[str, Any]) -> list[Stay]:
    return stays.of(sql, team.equipe_id, lead["id"])


def stages(team: Team, sql: Engine, lead: dict[str, Any]) -> list[str]:
    return [stay.etapa for stay in of(team, sql, lead)]


def test_a_new_lead_is_in_its_stage_from_its_first_moment(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)
    since = parse_instant(lead["criado_em"])
    assert of(team, sql, lead) == [Stay("novo", since, None, True, False)]


def test_moves_and_changes_end_a_stay_and_begin_one(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)
    path = f"/leads/{lead['id']}"
    moved = move(team, lead, "contatado").data
    team.gestor.api.patch(path, {"cidade": "Lins"})
    back = team.gestor.api.patch(path, {"etapa": "novo"}).data
    began = [parse_instant(each["etapa_desde"]) for each in (lead, moved, back)]
    assert of(team, sql, lead) == [
        Stay("novo", began[0], began[1], True, False),
        Stay("contatado", began[1], began[2], True, False),
        Stay("novo", began[2], None, False, False),
    ]


def test_a_date_that_was_told_ends_the_stay_before(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)
    move(team, lead, "novo", etapa_desde=THEN)
    move(team, lead, "contatado", etapa_desde=THEN)
    move(team, lead, "contatado", etapa_desde=LATER)
    then, later = map(parse_instant, (THEN, LATER))
    assert of(team, sql, lead) == [
        Stay("novo", then, later, True, True),
        Stay("contatado", later, None, True, True),
    ]


@pytest.mark.parametrize("closed", [{"etapa": "ganho"}, {"etapa": "perdido", "motivo_perda": "x"}])
def test_a_change_that_tells_the_closing_tells_since_when(
    team: Team, sql: Engine, closed: dict[str, str]
) -> None:
    lead = create(team.gestor.api)
    move(team, lead, "novo", etapa_desde=THEN)
    path = f"/leads/{lead['id']}"
    after = team.gestor.api.patch(path, {**closed, "fechado_em": LATER}).data
    assert (after["etapa_desde"], after["fechado_em"]) == (LATER, LATER)
    then, later = map(parse_instant, (THEN, LATER))
    assert of(team, sql, lead) == [
        Stay("novo", then, later, True, True, perdida=closed["etapa"] == "perdido"),
        Stay(closed["etapa"], later, None, True, True),
    ]
    # A closing that is corrected says nothing of the stay.
    again = team.gestor.api.patch(path, {"fechado_em": THEN}).data
    assert (again["etapa_desde"], again["fechado_em"]) == (LATER, THEN)


def test_a_change_never_ends_a_stay_before_it_began(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)
    change = {"etapa": "ganho", "fechado_em": THEN}
    after = team.gestor.api.patch(f"/leads/{lead['id']}", change).data
    assert (after["etapa_desde"], after["fechado_em"]) == (lead["etapa_desde"], THEN)
    began = parse_instant(lead["etapa_desde"])
    assert of(team, sql, lead) == [
        Stay("novo", began, began, True, False),
        Stay("ganho", began, None, True, True),
    ]


def test_a_stay_may_last_no_time(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)
    move(team, lead, "novo", etapa_desde=THEN)
    move(team, lead, "contatado", etapa_desde=THEN)
    then = parse_instant(THEN)
    assert of(team, sql, lead) == [
        Stay("novo", then, then, True, True),
        Stay("contatado", then, None, True, True),
    ]
    kind, _, de, para, _ = events(sql, lead["id"])[-1]
    assert (kind, de, para) == ("lead_movido", "novo", "contatado")


def test_a_deleted_lead_stays_where_it_was(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)
    before = of(team, sql, lead)
    team.gestor.api.delete(f"/leads/{lead['id']}")
    assert of(team, sql, lead) == before
    restored = team.gestor.api.post(f"/leads/{lead['id']}/restore").data
    assert of(team, sql, lead) == before
    assert restored["etapa_desde"] == lead["etapa_desde"]


def test_restored_from_an_archived_stage_it_comes_back_in_the_first(
    team: Team, sql: Engine
) -> None:
    lead = create(team.gestor.api, etapa="qualificado")
    team.gestor.api.delete(f"/leads/{lead['id']}")
    archive(sql, team, "qualificado")
    restored = team.gestor.api.post(f"/leads/{lead['id']}/restore").data
    assert restored["etapa"] == "novo"
    assert stages(team, sql, lead) == ["qualificado", "novo"]
    told = "select tipo, de_etapa, para_etapa from eventos where lead_id = :id order by id desc"
    assert rows(sql, told, id=lead["id"])[0] == ("lead_restaurado", "qualificado", "novo")


@pytest.mark.parametrize(
    ("columns", "values", "etapa", "since"),
    [
        ("nome", "A", "novo", None),
        ("nome,etapa", "A,proposta", "proposta", None),
        ("nome,criado_em", f"A,{DAY}", "novo", AT),
        ("nome,etapa,criado_em", f"A,contatado,{DAY}", "contatado", AT),
        ("nome,etapa,fechado_em", f"A,ganho,{DAY}", "ganho", AT),
        ("nome,etapa,fechado_em,criado_em", f"A,ganho,{DAY},2026-01-01", "ganho", AT),
        # When it was created says nothing of when it was won, and an open lead has no closing.
        ("nome,etapa,criado_em", f"A,ganho,{DAY}", "ganho", None),
        ("nome,fechado_em", f"A,{DAY}", "novo", None),
        ("nome,etapa,fechado_em", f"A,proposta,{DAY}", "proposta", None),
    ],
)
def test_an_imported_lead_is_there_since_the_file_says_so(
    team: Team, sql: Engine, columns: str, values: str, etapa: str, since: str | None
) -> None:
    imported(team.gestor.api, f"{columns}\n{values}\n")
    (lead,) = all_leads(team.gestor.api)
    began = since or lead["atualizado_em"]
    assert lead["etapa_desde"] == began
    assert of(team, sql, lead) == [Stay(etapa, parse_instant(began), None, True, bool(since))]


def test_a_line_that_moves_a_lead_ends_a_stay_and_begins_one(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api, documento=(document := new_cpf()))
    move(team, lead, "novo", etapa_desde="2025-01-01T00:00:00Z")
    other = create(team.gestor.api, documento=new_cpf())
    csv = f"documento,etapa,fechado_em\n{document},ganho,{DAY}\n{other['documento']},,\n"
    imported(team.gestor.api, csv, duplicados="atualizar")
    first, second = of(team, sql, lead)
    assert (first.saiu_em, second.entrou_em) == (parse_instant(AT), parse_instant(AT))
    assert (second.etapa, second.primeira, second.informada) == ("ganho", True, True)
    imported(team.gestor.api, csv.replace("ganho", "proposta"), duplicados="atualizar", reabrir=1)
    assert stages(team, sql, lead) == ["novo", "ganho", "proposta"]
    assert of(team, sql, lead)[-1].informada is False
    assert stages(team, sql, other) == ["novo"]


def test_a_line_never_ends_a_stay_before_it_began(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api, documento=(document := new_cpf()))
    csv = f"documento,etapa,fechado_em\n{document},ganho,{DAY}\n"
    imported(team.gestor.api, csv, duplicados="atualizar")
    first, second = of(team, sql, lead)
    assert first.saiu_em is not None
    assert first.entrou_em <= first.saiu_em == second.entrou_em
