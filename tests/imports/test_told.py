"""Every line that did not become what it says is named, and only taken lines bar others."""

from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import Engine

from tests.imports.test_import import COUNTS
from tests.support.api import Team, new_email
from tests.support.leads import all_leads, create, imported, new_cpf, new_phone, rows
from tests.support.undone import undone


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


# ---------------------------------------------------------------- what no lead in that stage has

NOT_LOST = "Só um lead perdido tem motivo de perda."
PROMISE = "2027-02-01T12:00:00Z"
NOT_CLOSED = "Só um lead fechado tem a data do fechamento."
OF_OPEN = (
    "nome,etapa,motivo_perda,fechado_em\n"
    "A,novo,Preço,2025-02-01\n"
    "B,perdido,Preço,2025-02-01\n"
    "C,,,2025-02-01\n"
    "D,ganho,Preço,2025-02-01\n"
    "E,novo,,\n"
)
DROPPED = [
    (2, "motivo_perda", "VALOR_INVALIDO"),
    (2, "fechado_em", "VALOR_INVALIDO"),
    (4, "fechado_em", "VALOR_INVALIDO"),
    (5, "motivo_perda", "VALOR_INVALIDO"),
]


def of_taken(team: Team, run_id: int, **query: str) -> list[dict[str, Any]]:
    asked = urlencode({"resultado": "importada", "limite": 100, **query})
    found: list[dict[str, Any]] = team.gestor.api.get(f"/imports/{run_id}/errors?{asked}").data[
        "itens"
    ]
    return found


@pytest.mark.parametrize("query", [{}, {"dry_run": 1}])
def test_what_an_open_lead_cannot_have_is_named_and_its_line_is_taken(
    team: Team, query: dict[str, Any]
) -> None:
    report = imported(team.gestor.api, OF_OPEN, **query)
    assert (report["criados"], report["rejeitados"], report["avisados"]) == (5, 0, 4)
    assert sorted(named(report["avisos"])) == sorted(DROPPED)
    assert {each["mensagem"] for each in report["avisos"]} == {NOT_LOST, NOT_CLOSED}
    if not query:
        assert [lead["motivo_perda"] for lead in all_leads(team.gestor.api)][:2] == [None, "Preço"]
        assert team.gestor.api.get(f"/imports/{report['id']}").data["avisos"] == report["avisos"]
        lines = of_taken(team, report["id"])
        assert named(lines) == named(report["avisos"])
        assert {each["resultado"] for each in lines} == {"criada"}


def test_a_default_that_a_lead_cannot_have_is_nothing_that_its_line_says(team: Team) -> None:
    mapping = {"padroes": {"motivo_perda": "Não informado"}}
    report = imported(team.gestor.api, "nome,etapa\nA,novo\nB,perdido\n", mapping)
    assert (report["criados"], report["avisados"], report["avisos"]) == (2, 0, [])


def test_what_a_known_lead_cannot_have_is_named_too(team: Team) -> None:
    api, open_, closed = team.gestor.api, new_cpf(), new_cpf()
    create(api, documento=open_, cidade="Lins")
    create(api, documento=closed, etapa="ganho")
    promised = create(api, documento=new_cpf(), etapa="ganho", proximo_contato_em=PROMISE)
    csv = (
        "documento,cidade,motivo_perda,proximo_contato_em\n"
        f"{open_},Lins,Preço,\n{closed},Assis,,2027-02-01\n"
        f"{promised['documento']},,,{PROMISE}\n"  # which it has
    )
    report = imported(api, csv, duplicados="atualizar")
    assert [report[name] for name in COUNTS] == [3, 0, 1, 2, 0, 0]
    assert named(report["avisos"]) == [
        (2, "motivo_perda", "VALOR_INVALIDO"),
        (3, "proximo_contato_em", "VALOR_INVALIDO"),
    ]
    lines = of_taken(team, report["id"])
    assert [each["resultado"] for each in lines] == ["igual", "atualizada"]
    undone(api, report["id"])
    assert all_leads(api)[1]["cidade"] is None


def test_of_what_is_left_out_the_first_hundred_are_told_and_all_are_listed(team: Team) -> None:
    report = imported(team.gestor.api, "nome,fechado_em\n" + "A,2025-02-01\n" * 120)
    assert (report["avisados"], len(report["avisos"])) == (120, 100)
    page = team.gestor.api.get(f"/imports/{report['id']}/errors?resultado=importada&limite=100")
    rest = of_taken(team, report["id"], cursor=page.data["proximo"])
    assert [each["linha"] for each in rest] == list(range(102, 122))


def test_lines_that_came_in_are_none_to_be_corrected(team: Team) -> None:
    run_id = imported(team.gestor.api, OF_OPEN)["id"]
    path = f"/imports/{run_id}/errors"
    assert team.gestor.api.get(path).data["itens"] == []
    reply = team.gestor.api.get(f"{path}?resultado=importada&formato=csv")
    assert (reply.status, reply.campos) == (422, {"formato": "VALOR_INVALIDO"})
