"""Every line that did not become what it says is named, and only taken lines bar others."""

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.imports.test_import import COUNTS
from tests.support.api import Team, new_email
from tests.support.leads import all_leads, create, imported, new_cpf, new_phone, rows


def named(told: list[dict[str, Any]]) -> list[tuple[int, str, str]]:
    return [(each["linha"], each["campo"], each["codigo"]) for each in told]


@pytest.mark.parametrize("query", [{}, {"dry_run": 1}, {"duplicados": "erro"}])
def test_the_counts_of_a_report_add_up_and_its_errors_say_what_is_documented(
    team: Team, query: dict[str, Any]
) -> None:
    create(team.gestor.api, documento=(document := new_cpf()))
    csv = f"nome,documento,email,telefone,id_externo\nA,{document},a@exemplo.com.br,,7\nB,1,,,\n"
    report = imported(team.gestor.api, csv, **query)
    assert sum(report[name] for name in COUNTS[1:]) == report["linhas"] == 2
    assert report["erros"]
    assert all(list(e) == ["linha", "campo", "codigo", "mensagem"] for e in report["erros"])


def test_skipped_lines_are_named_like_rejected_ones(team: Team, sql: Engine) -> None:
    create(team.gestor.api, documento=(document := new_cpf()))
    email = new_email("lead")
    csv = f"nome,documento,email\nA,{document},\nB,,{email}\nC,,{email}\nD,1,\n"
    report = imported(team.gestor.api, csv)
    assert (report["criados"], report["pulados"], report["rejeitados"]) == (1, 2, 1)
    assert named(report["linhas_puladas"]) == [
        (2, "documento", "LEAD_DUPLICADO"),
        (4, "email", "DUPLICADO_NO_ARQUIVO"),
    ]
    assert named(report["erros"]) == [(5, "documento", "DOCUMENTO_INVALIDO")]
    assert report["linhas_puladas"][0]["mensagem"] == "Outro lead tem este documento."
    kept = "select linhas_puladas, colunas from importacoes where equipe_id = :e"
    assert rows(sql, kept, e=team.equipe_id) == [(report["linhas_puladas"], report["colunas"])]


def test_lines_that_change_nothing_are_counted_and_kept(team: Team, sql: Engine) -> None:
    create(team.gestor.api, nome="A", documento=(document := new_cpf()))
    csv = f"nome,documento\nA,{document}\n"
    report = imported(team.gestor.api, csv, duplicados="atualizar")
    assert [report[name] for name in COUNTS] == [1, 0, 0, 1, 0, 0]
    assert report["linhas_puladas"] == []
    told = "select linha, resultado, codigo from importacao_linhas where importacao_id = :id"
    assert rows(sql, told, id=report["id"]) == [(2, "igual", "SEM_MUDANCA")]


def test_of_skipped_lines_the_first_hundred_are_told_and_all_counted(team: Team) -> None:
    create(team.gestor.api, documento=(document := new_cpf()))
    lines = f"A,{document}\n" * 250
    report = imported(team.gestor.api, f"nome,documento\nB,\n{lines}", dry_run=1)
    assert (report["criados"], report["pulados"]) == (1, 250)
    assert [each["linha"] for each in report["linhas_puladas"]] == list(range(3, 103))


@pytest.mark.parametrize("duplicados", ["pular", "erro", "atualizar"])
def test_a_chain_of_lines_is_gone_through_in_its_order(team: Team, duplicados: str) -> None:
    """Each line shares a key with the one before it: every second one is taken."""
    documents = [new_cpf() for _ in range(30)]
    emails = [new_email("elo") for _ in range(30)]
    lines = []
    for n in range(59):
        lines.append(f"L{n},{documents[n // 2]},{emails[(n + 1) // 2]}\n")
    report = imported(
        team.gestor.api, "nome,documento,email\n" + "".join(lines), duplicados=duplicados
    )
    assert (report["criados"], report["pulados"] + report["rejeitados"]) == (30, 29)
    assert [lead["nome"] for lead in all_leads(team.gestor.api)] == [
        f"L{n}" for n in range(0, 59, 2)
    ]
    told = report["linhas_puladas"] if duplicados == "pular" else report["erros"]
    assert [each["linha"] for each in told] == list(range(3, 61, 2))


@pytest.mark.parametrize("key", ["email", "telefone", "id_externo", "documento"])
def test_a_line_that_is_not_taken_bars_no_other_whatever_they_share(team: Team, key: str) -> None:
    values = {"documento": new_cpf(), "email": new_email("b"), "telefone": new_phone()}
    shared = values.get(key, "crm-9")
    other = "documento" if key != "documento" else "email"
    csv = f"nome,{other},{key}\nA,{values[other]},\nB,{values[other]},{shared}\nC,,{shared}\n"
    report = imported(team.gestor.api, csv)
    assert [lead["nome"] for lead in all_leads(team.gestor.api)] == ["A", "C"]
    assert named(report["linhas_puladas"]) == [(3, other, "DUPLICADO_NO_ARQUIVO")]
