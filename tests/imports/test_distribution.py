"""Whose the leads of a file become, and files whose leads may be duplicates."""

from collections import Counter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from services.imports import stepping
from tests.support.api import Team, open_team
from tests.support.derived import check as check_derived
from tests.support.jobs import work
from tests.support.leads import all_leads, create, imported, upload
from tests.support.previews import previewed, take

LATER = {"Prefer": "respond-async"}


def _names(count: int, stage: str = "novo") -> str:
    return "nome,etapa\n" + "".join(f"Lead {n},{stage}\n" for n in range(count))


def _owned(team: Team) -> Counter[int | None]:
    return Counter(lead["responsavel_id"] for lead in all_leads(team.gestor.api))


def _two(team: Team) -> list[int]:
    return [team.vendedor.id, team.colleague.id]


@pytest.mark.parametrize("form", ["[{},{}]", "{},{}", "[{}, {}, {}]"])
def test_people_get_equal_shares_of_a_file(team: Team, sql: Engine, form: str) -> None:
    first, second = _two(team)
    create(team.gestor.api, responsavel_id=first)
    asked = form.format(first, second, first)
    assert imported(team.gestor.api, _names(5), responsaveis=asked)["criados"] == 5
    # What they had before does not count.
    assert _owned(team) == {first: 4, second: 2}
    check_derived(sql, team.equipe_id)


def test_auto_levels_the_open_leads_that_people_have(team: Team, sql: Engine) -> None:
    first, second = _two(team)
    for _ in range(3):
        create(team.gestor.api, responsavel_id=first)
    create(team.gestor.api, responsavel_id=first, etapa="ganho")
    assert imported(team.gestor.api, _names(5), responsaveis="auto")["criados"] == 5
    found = Counter(
        lead["responsavel_id"] for lead in all_leads(team.gestor.api) if lead["etapa"] == "novo"
    )
    assert found == {first: 4, second: 4}
    check_derived(sql, team.equipe_id)


def test_auto_shares_closed_leads_which_are_no_load(team: Team) -> None:
    first, second = _two(team)
    create(team.gestor.api, responsavel_id=first)
    csv = f"nome,etapa,responsavel_id\nA,ganho,{second}\n" + "B,ganho,\n" * 5 + "C,novo,\n" * 3
    assert imported(team.gestor.api, csv, responsaveis="auto")["criados"] == 9
    leads = all_leads(team.gestor.api)
    won = Counter(lead["responsavel_id"] for lead in leads if lead["etapa"] == "ganho")
    open_ = Counter(lead["responsavel_id"] for lead in leads if lead["etapa"] == "novo")
    assert (won, open_) == ({first: 3, second: 3}, {first: 2, second: 2})


def test_a_line_that_names_its_owner_keeps_it_and_counts(team: Team) -> None:
    first, second = _two(team)
    csv = f"nome,responsavel_id\nA,{first}\nB,{team.vendedor.email}\nC,\nD,\n"
    imported(team.gestor.api, csv, responsaveis="auto")
    assert _owned(team) == {first: 2, second: 2}


def test_only_leads_that_are_new_are_given_away(team: Team) -> None:
    create(team.gestor.api, nome="Antigo", id_externo="x1")
    csv = "nome,id_externo\nRenomeado,x1\nNovo,x2\n"
    imported(team.gestor.api, csv, duplicados="atualizar", responsaveis=str(team.vendedor.id))
    assert _owned(team) == {None: 1, team.vendedor.id: 1}


def test_whom_nobody_can_take_is_nobody_s(team: Team) -> None:
    for person in _two(team):
        assert team.gestor.api.patch(f"/users/{person}", {"capacidade": 1}).status == 200
    imported(team.gestor.api, _names(3), responsaveis="auto")
    assert _owned(team) == {**dict.fromkeys(_two(team), 1), None: 1}


@pytest.mark.parametrize("owners", ["auto", "two"])
@pytest.mark.parametrize("stage", ["novo", "ganho"])
@pytest.mark.parametrize("size", [1, 7, 1_000])
def test_batches_make_no_difference(
    app: Flask, team: Team, monkeypatch: pytest.MonkeyPatch, owners: str, stage: str, size: int
) -> None:
    monkeypatch.setattr(stepping, "FIRST", size)
    monkeypatch.setattr(stepping, "next_size", lambda *_: size)
    first, second = _two(team)
    asked = "auto" if owners == "auto" else f"{first},{second}"
    reply = upload(team.gestor.api, _names(11, stage), headers=LATER, responsaveis=asked)
    assert reply.status == 202
    work(app)
    given = {lead["nome"]: lead["responsavel_id"] for lead in all_leads(team.gestor.api)}
    assert given == {f"Lead {n}": second if n % 2 else first for n in range(11)}


def test_a_preview_s_file_is_given_away_too(team: Team) -> None:
    found = previewed(team.gestor.api, "Nome completo\nA Exemplo\nB Exemplo\n")
    people = ",".join(map(str, _two(team)))
    assert take(team.gestor.api, found["previa"], responsaveis=people).status == 200
    assert _owned(team) == dict.fromkeys(_two(team), 1)


@pytest.mark.parametrize("said", ["todos", "[]", "[1,]", "1;2", "-1", "1.5", ""])
def test_what_names_nobody_is_refused(team: Team, said: str) -> None:
    reply = upload(team.gestor.api, _names(1), responsaveis=said)
    assert (reply.status, reply.campos) == (422, {"responsaveis": "VALOR_INVALIDO"})


def test_only_members_that_are_there_are_taken(app: Flask, team: Team) -> None:
    stranger = open_team(app).vendedor.id
    for person in (stranger, 2**59):
        reply = upload(team.gestor.api, _names(1), responsaveis=f"{team.vendedor.id},{person}")
        assert (reply.status, reply.campos) == (422, {"responsaveis": "USUARIO_INEXISTENTE"})
        assert str(stranger) not in str(reply.data["erros"][0]["opcoes"])
    assert all_leads(team.gestor.api) == []


def test_who_leaves_before_a_job_has_begun_gets_nothing(app: Flask, team: Team) -> None:
    first, second = _two(team)
    asked = {"responsaveis": f"{first},{second}"}
    assert upload(team.gestor.api, _names(2), headers=LATER, **asked).status == 202
    assert team.gestor.api.patch(f"/users/{first}", {"ativo": False}).status == 200
    work(app)
    assert _owned(team) == {second: 2}


CSV = "nome,telefone,id_externo\nAna,11987654321,x1\nBia,11987654321,x2\nLia,11987654322,x2\n"


def _counts(report: dict[str, Any]) -> list[int]:
    return [report[name] for name in ("criados", "atualizados", "pulados", "rejeitados")]


def test_duplicates_may_be_allowed_but_for_external_ids(team: Team, sql: Engine) -> None:
    create(team.gestor.api, telefone="11987654321")
    assert _counts(imported(team.gestor.api, CSV, dry_run=1)) == [1, 0, 2, 0]
    report = imported(team.gestor.api, CSV, permitir_duplicado=1)
    assert _counts(report) == [2, 0, 1, 0]
    assert [(each["linha"], each["campo"]) for each in report["linhas_puladas"]] == [
        (4, "id_externo")
    ]
    check_derived(sql, team.equipe_id)
    assert _counts(imported(team.gestor.api, CSV, permitir_duplicado=1)) == [0, 0, 3, 0]


def test_an_update_with_duplicates_knows_leads_by_their_external_id_alone(team: Team) -> None:
    create(team.gestor.api, nome="Família", telefone="11987654321")
    known = create(team.gestor.api, nome="Antes", id_externo="x1")
    asked = {"permitir_duplicado": 1, "duplicados": "atualizar"}
    assert _counts(imported(team.gestor.api, CSV, **asked)) == [1, 1, 0, 1]
    assert team.gestor.api.get(f"/leads/{known['id']}").data["nome"] == "Ana"


@pytest.mark.parametrize("size", [1, 1_000])
def test_allowed_duplicates_in_batches(
    app: Flask, team: Team, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(stepping, "FIRST", size)
    monkeypatch.setattr(stepping, "next_size", lambda *_: size)
    asked = {"permitir_duplicado": 1}
    assert upload(team.gestor.api, CSV, headers=LATER, **asked).status == 202
    work(app)
    assert sorted(lead["nome"] for lead in all_leads(team.gestor.api)) == ["Ana", "Bia"]
