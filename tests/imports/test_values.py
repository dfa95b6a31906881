"""Values as people and systems write them, each with what it is taken for (all of them made up)."""

from typing import Any

import pytest

from tests.support.api import Team
from tests.support.leads import all_leads, cpf_of, imported
from tests.support.parsed import column, parsed, written


def taken(field: str, cell: str) -> str | None:
    (value,), refused = column(field, [cell])
    assert refused == set(), cell
    return value


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ("31/12/2025 14:30:00", "2025-12-31T17:30:00"),
        ("31/12/2025 14:30", "2025-12-31T17:30:00"),
        ("1/8/2026", "2026-08-01T03:00:00"),
        ("1/8/2026 9:05", "2026-08-01T12:05:00"),
        ("1/8/26", "2026-08-01T03:00:00"),
        ("01.08.2026 14:30:00", "2026-08-01T17:30:00"),
        ("01-08-2026", "2026-08-01T03:00:00"),
        ("2026-08-01 14:30", "2026-08-01T17:30:00"),
        ("2026-08-01 14:30:15", "2026-08-01T17:30:15"),
        ("2026-08-01T14:30:15.250", "2026-08-01T17:30:15.25"),
        ("2026/08/01", "2026-08-01T03:00:00"),
        ("2026-08-01T14:30:00-03:00", "2026-08-01T17:30:00"),
        ("2026-08-01T14:30:00+0000", "2026-08-01T14:30:00"),
        ("2026-08-01 14:30:00 -0300", "2026-08-01T17:30:00"),
        ("2026-08-01 14:30:00 UTC", "2026-08-01T14:30:00"),
        ("31/12/2025 às 14h30", "2025-12-31T17:30:00"),
        ("31/12/2025, 2:30 PM", "2025-12-31T17:30:00"),
        ("31/12/2025 12:10 a.m.", "2025-12-31T03:10:00"),
        ("01/ago/2026", "2026-08-01T03:00:00"),
        ("1 de agosto de 2026", "2026-08-01T03:00:00"),
        ("1º de março de 2026 10:00", "2026-03-01T13:00:00"),
        ('="31/12/2025"', "2025-12-31T03:00:00"),
    ],
)
def test_days_and_times(cell: str, instant: str) -> None:
    value = taken("proximo_contato_em", cell)
    assert value and value.startswith(instant)
    day = taken("previsto_para", cell)
    assert day and day[:7] == instant[:7]


@pytest.mark.parametrize(
    "cell",
    [
        "31/02/2026",
        "26-08-01",
        "2026-08-01 25:00",
        "31/12/2025 13:00 PM",
        "31/12/2025 0:10 am",
        "1 de brumário de 2026",
        "31/12",
        "45870",
        "31/12-2025",
        "2026-08-01 14:30:00 +99:00",
        "amanhã",
    ],
)
def test_what_is_no_day_is_its_lines_error(cell: str) -> None:
    assert column("proximo_contato_em", [cell]) == ([None], {0})


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        ("p:+5511987654321", "+5511987654321"),
        ("tel:+55 11 98765-4321", "+5511987654321"),
        ("tel: (11) 98765-4321", "+5511987654321"),
        ("whatsapp:+5511987654321", "+5511987654321"),
        ("WhatsApp: 11 98765-4321", "+5511987654321"),
        ("Cel. (11) 98765-4321", "+5511987654321"),
        ("(11) 98765-4321 (WhatsApp)", "+5511987654321"),
        ("https://wa.me/5511987654321", "+5511987654321"),
        ("(0xx11) 3555-2001", "+551135552001"),
        ("(0XX11)98765-4321", "+5511987654321"),
        ("0xx11 98765-4321", "+5511987654321"),
        ("0xx(11) 98765-4321", "+5511987654321"),
        ("0**11 98765-4321", "+5511987654321"),
        ('="11987654321"', "+5511987654321"),
        ('="(11) 98765-4321"', "+5511987654321"),
        ("'+5511987654321", "+5511987654321"),
    ],
)
def test_phones_with_what_systems_put_around_them(cell: str, phone: str) -> None:
    assert taken("telefone", cell) == phone


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("98765-4321", "falta o DDD"),
        ("3333", "faltam algarismos"),
        ("(20) 98765-4321", "este DDD não existe"),
        ("+55 (20) 98765-4321", "este DDD não existe"),
        ("(47) 9998-8776/7", "mais de um número"),
        ("(11) 98765-4321 ramal 12", "sem ramal nem texto"),
        ("(11) 1234-5678", "depois do DDD"),
        ("11 98765-43210", "algarismos demais"),
        ("119876543210987654", "algarismos demais"),
        ("+1 555 0100", "país do código"),
    ],
)
def test_an_invalid_phone_is_told_why(cell: str, why: str) -> None:
    _, errors = parsed(written([["uf", "telefone"], ["SP", cell]]))
    assert [(e["campo"], e["codigo"]) for e in errors] == [("telefone", "TELEFONE_INVALIDO")]
    message = errors[0]["mensagem"]
    assert message.startswith("Telefone inválido: ") and why in message


@pytest.mark.parametrize("cell", ["mailto:ana@exemplo.com.br", "Ana Exemplo <Ana@exemplo.com.br>"])
def test_emails_with_what_programs_put_around_them(cell: str) -> None:
    assert taken("email", cell) == "ana@exemplo.com.br"


CPF, TWO_ZEROS = cpf_of("021503604"), cpf_of("004417208")


@pytest.mark.parametrize(
    ("cell", "document"),
    [
        (CPF[1:], CPF),
        (TWO_ZEROS[2:], TWO_ZEROS),
        (f'="{CPF}"', CPF),
        ("6990590000123", "06990590000123"),
    ],
)
def test_a_document_gets_the_zeros_back_that_it_lost(cell: str, document: str) -> None:
    assert taken("documento", cell) == document


@pytest.mark.parametrize(
    "cell",
    [CPF[1:-1] + str((int(CPF[-1]) + 1) % 10), CPF[1:] + ".0", CPF[1:4] + "." + CPF[4:], "191"],
)
def test_zeros_are_put_back_only_where_the_digits_hold(cell: str) -> None:
    assert column("documento", [cell]) == ([None], {0})


def test_zeros_are_put_back_in_documents_only() -> None:
    assert taken("id_externo", CPF[1:]) == CPF[1:]
    taken_rows, _ = parsed(written([["uf", "cpf"], ["SP", CPF[1:]]]))
    assert taken_rows[2]["atributos"] == f'{{"cpf":{CPF[1:]}}}'


@pytest.mark.parametrize(
    ("field", "cells", "kept"),
    [
        ("uf", ["São Paulo", "sao  paulo", "SÃO PAULO\u200b", "sp", "Sp "], "SP"),
        ("etapa", ["Ganho", "GANHO", "ganho", " gánho ", "Ganho\u200b"], "ganho"),
    ],
)
def test_states_and_stages_are_found_however_they_are_written(
    team: Team, field: str, cells: list[str], kept: str
) -> None:
    csv = f"nome,{field}\n" + "".join(f'"Ana","{cell}"\n' for cell in cells)
    assert imported(team.gestor.api, csv)["erros"] == []
    assert {lead[field] for lead in all_leads(team.gestor.api)} == {kept}


def test_an_owner_is_named_by_email_or_id(team: Team) -> None:
    member = team.vendedor
    cells = [member.email, member.email.upper(), f" {member.email} ", str(member.id)]
    csv = "nome,responsavel_id\n" + "".join(f"L{n},{cell}\n" for n, cell in enumerate(cells))
    report = imported(team.gestor.api, csv + "X,ninguem@exemplo.com.br\n")
    assert {lead["responsavel_id"] for lead in all_leads(team.gestor.api)} == {member.id}
    (error,) = report["erros"]
    assert (error["linha"], error["codigo"]) == (6, "USUARIO_INEXISTENTE")
    assert "e-mail" in error["mensagem"] and str(member.id) in error["opcoes"]


def test_who_is_of_another_equipe_or_gone_is_no_owner(team: Team, other_team: Team) -> None:
    team.gestor.api.patch(f"/users/{team.vendedor.id}", {"ativo": False})
    csv = f"nome,responsavel_id\nA,{other_team.vendedor.email}\nB,{team.vendedor.email}\n"
    report = imported(team.gestor.api, csv)
    assert [(e["linha"], e["codigo"]) for e in report["erros"]] == [
        (2, "USUARIO_INEXISTENTE"),
        (3, "USUARIO_INEXISTENTE"),
    ]


def test_an_unknown_stage_is_told_with_those_there_are(team: Team) -> None:
    report = imported(team.gestor.api, "nome,etapa\nA,qualificação\n")
    (error,) = report["erros"]
    assert error["opcoes"] == ["novo", "contatado", "qualificado", "proposta", "ganho", "perdido"]
    assert error["parecido"] == "qualificado"


def test_what_a_mapping_says_of_a_cell_is_found_however_it_is_written(team: Team) -> None:
    mapping: dict[str, Any] = {"valores": {"etapa": {"Fechado – Ganho": "ganho", "SIM": "novo"}}}
    csv = "nome,etapa\nA,fechado – ganho\nB,FECHADO –  GANHO\nC,sim\nD,Sim \n"
    assert imported(team.gestor.api, csv, mapping)["erros"] == []
    assert [lead["etapa"] for lead in all_leads(team.gestor.api)] == [
        "ganho",
        "ganho",
        "novo",
        "novo",
    ]


def test_a_text_that_a_spreadsheet_was_told_to_keep(team: Team) -> None:
    imported(team.gestor.api, 'nome;id_externo;cor\nAna;="00123";"=""a""""b"""\n')
    (lead,) = all_leads(team.gestor.api)
    assert (lead["id_externo"], lead["atributos"]) == ("00123", {"cor": 'a"b'})
