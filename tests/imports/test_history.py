"""What a file may say of the past, and what of a lead's history an update leaves alone."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.support.api import Team
from tests.support.leads import all_leads, create, events, imported, new_cpf, upload

FUTURE = "2099-01-01"


def update(team: Team, csv: str, **query: Any) -> dict[str, Any]:
    return imported(team.gestor.api, csv, duplicados="atualizar", **query)


def read(team: Team, lead: dict[str, Any]) -> dict[str, Any]:
    return team.gestor.api.get(f"/leads/{lead['id']}").data


@pytest.mark.parametrize("name", ["criado_em", "Criado em"])
def test_since_when_a_lead_is_known_is_taken(team: Team, name: str) -> None:
    csv = f"nome;{name}\nA;31/12/2024 14:30\nB;2024-01-02T03:04:05.678901Z\nC;\n"
    assert imported(team.gestor.api, csv)["criados"] == 3
    first, second, now = all_leads(team.gestor.api)
    assert first["criado_em"] == "2024-01-02T03:04:05.678901Z"
    assert second["criado_em"] == "2024-12-31T17:30:00Z"
    assert now["criado_em"] == now["atualizado_em"]
    data = team.gestor.api.get("/metrics").data
    assert (data["total"], data["hoje"]["novos"]) == (3, 1)


def test_it_can_be_mapped_and_have_a_default(team: Team) -> None:
    mapping = {"colunas": {"Entrada": "criado_em"}, "padroes": {"criado_em": "2024-05-06"}}
    imported(team.gestor.api, "nome,Entrada\nA,05/03/2024\nB,\n", mapping)
    assert [lead["criado_em"][:10] for lead in all_leads(team.gestor.api)] == [
        "2024-03-05",
        "2024-05-06",
    ]


def test_only_a_file_says_it(team: Team) -> None:
    reply = team.gestor.api.post("/leads", {"nome": "A", "criado_em": "2024-01-02T00:00:00Z"})
    assert (reply.status, reply.campos) == (422, {"criado_em": "CAMPO_DESCONHECIDO"})


def test_an_update_corrects_it_and_says_so(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api, documento=(document := new_cpf()))
    assert update(team, f"documento,criado_em\n{document},2024-05-06\n")["atualizados"] == 1
    assert read(team, lead)["criado_em"][:10] == "2024-05-06"
    assert events(sql, lead["id"])[-1][:2] == ("lead_alterado", ["criado_em"])
    kept = {"padroes": {"criado_em": "2020-01-01"}}
    csv = f"documento\n{document}\n"
    assert imported(team.gestor.api, csv, kept, duplicados="atualizar")["iguais"] == 1


@pytest.mark.parametrize(
    "field", ["criado_em", "fechado_em", "ultimo_contato_em", "nao_contatar_em"]
)
def test_the_past_does_not_lie_in_the_future(team: Team, field: str) -> None:
    report = imported(team.gestor.api, f"nome,etapa,{field}\nA,ganho,{FUTURE}\nB,ganho,\n")
    assert [(e["linha"], e["campo"], e["codigo"]) for e in report["erros"]] == [
        (2, field, "FORA_DA_FAIXA")
    ]
    assert [lead["nome"] for lead in all_leads(team.gestor.api)] == ["B"]
    reply = upload(team.gestor.api, "nome\nA\n", {"padroes": {field: FUTURE}})
    assert (reply.status, reply.campos) == (422, {f"mapeamento.padroes.{field}": "FORA_DA_FAIXA"})


def test_a_future_contact_is_what_a_plan_is(team: Team) -> None:
    assert imported(team.gestor.api, f"nome,proximo_contato_em\nA,{FUTURE}\n")["criados"] == 1


def test_who_must_not_be_contacted_is_not_offered(team: Team) -> None:
    report = imported(team.gestor.api, "nome;Não contatar em\nA;31/12/2024\nB;\n")
    assert report["criados"] == 2
    found = {lead["nome"]: lead for lead in all_leads(team.gestor.api)}
    assert found["A"]["nao_contatar_em"] == "2024-12-31T03:00:00Z"
    offered = [lead["id"] for lead in team.gestor.api.get("/queue").data["itens"]]
    assert offered == [found["B"]["id"]]


def test_a_file_never_takes_back_that_somebody_must_not_be_contacted(
    team: Team, sql: Engine
) -> None:
    lead = create(team.gestor.api, documento=(document := new_cpf()))
    csv = f"documento,nao_contatar_em\n{document},2024-05-06\n"
    assert update(team, csv)["atualizados"] == 1
    assert events(sql, lead["id"])[-1][:2] == ("lead_alterado", ["nao_contatar_em"])
    assert team.gestor.api.get("/queue").data["itens"] == []
    for said in ("2025-01-01", ""):
        assert update(team, f"documento,nao_contatar_em\n{document},{said}\n")["iguais"] == 1
    assert read(team, lead)["nao_contatar_em"] == "2024-05-06T03:00:00Z"


def test_nothing_is_closed_before_it_was_created(team: Team) -> None:
    csv = (
        "nome,etapa,criado_em,fechado_em\n"
        "A,ganho,2024-05-02,2024-05-01\nB,ganho,2024-05-01,2024-05-01\n"
        "C,novo,2024-05-02,2024-05-01\nD,ganho,,2024-05-01\n"
    )
    report = imported(team.gestor.api, csv)
    assert [(e["linha"], e["campo"], e["codigo"]) for e in report["erros"]] == [
        (2, "fechado_em", "FORA_DA_FAIXA")
    ]
    # The date of an open lead is none of it, and whoever says no creation says nothing wrong.
    closed = {lead["nome"]: lead["fechado_em"] for lead in all_leads(team.gestor.api)}
    assert closed["C"] is None
    assert closed.keys() == {"B", "C", "D"}


@pytest.mark.parametrize("etapa", ["ganho", "perdido"])
def test_a_closed_lead_is_opened_only_when_asked(team: Team, sql: Engine, etapa: str) -> None:
    reason = {"motivo_perda": "preço"} if etapa == "perdido" else {}
    lead = create(team.gestor.api, documento=(document := new_cpf()), etapa=etapa, **reason)
    csv = f"documento,etapa,cidade\n{document},novo,Lins\n"
    report = update(team, csv)
    (error,) = report["erros"]
    assert (error["linha"], error["campo"], error["codigo"]) == (2, "etapa", "LEAD_FECHADO")
    assert read(team, lead) == lead
    assert update(team, csv, reabrir=1)["atualizados"] == 1
    after = read(team, lead)
    assert (after["etapa"], after["fechado_em"], after["cidade"]) == ("novo", None, "Lins")
    assert events(sql, lead["id"])[-1][:4] == (
        "lead_movido",
        ["cidade", "etapa"],
        etapa,
        "novo",
    )


def test_a_line_that_would_open_a_lead_stands_in_no_other_lines_way(team: Team) -> None:
    email = f"{new_cpf()}@exemplo.com.br"
    lead = create(team.gestor.api, documento=(d := new_cpf()), email=email, etapa="ganho")
    report = update(team, f"documento,email,etapa,cidade\n{d},,novo,Bauru\n,{email},,Lins\n")
    assert (report["atualizados"], report["rejeitados"]) == (1, 1)
    assert read(team, lead)["cidade"] == "Lins"


def test_a_closed_lead_may_turn_out_otherwise(team: Team) -> None:
    lead = create(team.gestor.api, documento=(d := new_cpf()), etapa="ganho")
    assert update(team, f"documento,etapa,motivo_perda\n{d},perdido,golpe\n")["atualizados"] == 1
    assert read(team, lead)["etapa"] == "perdido"


@pytest.mark.parametrize(
    ("query", "field"), [("reabrir=2", "reabrir"), ("reabrir=", "reabrir"), ("reabre=1", "reabre")]
)
def test_the_parameter_is_a_flag(team: Team, query: str, field: str) -> None:
    reply = team.gestor.api.call(
        "POST", f"/leads/import?{query}", data=b"nome\nA\n", content_type="text/csv"
    )
    assert (reply.status, list(reply.campos)) == (422, [field])


def test_the_command_has_it_too(app: Flask, team: Team, tmp_path: Any) -> None:
    lead = create(team.gestor.api, documento=(document := new_cpf()), etapa="ganho")
    file = tmp_path / "leads.csv"
    file.write_text(f"documento,etapa\n{document},novo\n", "utf-8")
    arguments = ["leads", "import", str(file), "--usuario", team.gestor.email]
    arguments += ["--duplicados", "atualizar"]
    refused = app.test_cli_runner().invoke(args=arguments)
    assert "linha 2: etapa O lead está fechado" in refused.stdout
    assert read(team, lead)["etapa"] == "ganho"
    assert app.test_cli_runner().invoke(args=[*arguments, "--reabrir"]).exit_code == 0
    assert read(team, lead)["etapa"] == "novo"


def test_labels_are_added(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api, documento=(d := new_cpf()), etiquetas=["vip", "retorno"])
    assert update(team, f"documento,etiquetas\n{d},novo|vip\n")["atualizados"] == 1
    assert read(team, lead)["etiquetas"] == ["vip", "retorno", "novo"]
    assert events(sql, lead["id"])[-1][:2] == ("lead_alterado", ["etiquetas"])
    assert update(team, f"documento,etiquetas\n{d},retorno|novo\n")["iguais"] == 1


def test_labels_stay_within_their_bounds(team: Team) -> None:
    labels = [f"e{n}" for n in range(15)]
    lead = create(team.gestor.api, documento=(d := new_cpf()), etiquetas=labels)
    more = "|".join(f"f{n}" for n in range(6))
    (error,) = update(team, f"documento,etiquetas\n{d},{more}\n")["erros"]
    assert (error["linha"], error["campo"], error["codigo"]) == (2, "etiquetas", "LONGO_DEMAIS")
    assert read(team, lead) == lead
    assert update(team, f"documento,etiquetas\n{d},{more[:-3]}\n")["atualizados"] == 1
    assert len(read(team, lead)["etiquetas"]) == 20
