"""`motivos_perda` of an equipe are its only reasons of loss, whoever writes them."""

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.leads.test_moves import move
from tests.support.api import Reply, Team
from tests.support.leads import all_leads, create, events, imported, new_cpf, run, upload

REASONS = ["Preço", "Sem orçamento", "Concorrente"]


@pytest.fixture
def picky(team: Team, sql: Engine) -> Team:
    run(
        sql,
        "update configuracao set motivos_perda = :m where equipe_id = :e",
        m=REASONS,
        e=team.equipe_id,
    )
    return team


def lost_by(team: Team, how: str, reason: str) -> Reply:
    """A lead is lost for this reason."""
    api, lost = team.gestor.api, {"etapa": "perdido", "motivo_perda": reason}
    if how == "create":
        return api.post("/leads", {"nome": "Lead Exemplo", **lost})
    lead = create(api)
    if how == "patch":
        return api.patch(f"/leads/{lead['id']}", lost)
    return move(team, lead, **lost)


single = pytest.mark.parametrize("how", ["create", "patch", "move"])


@single
def test_a_reason_of_the_list_is_kept_as_the_list_spells_it(picky: Team, how: str) -> None:
    assert lost_by(picky, how, " SEM  ORCAMENTO ").data["motivo_perda"] == "Sem orçamento"


@single
def test_another_reason_is_refused_with_those_there_are(picky: Team, how: str) -> None:
    reply = lost_by(picky, how, "preços")
    assert (reply.status, reply.campos) == (422, {"motivo_perda": "VALOR_INVALIDO"})
    (error,) = reply.data["erros"]
    assert (error["opcoes"], error["parecido"]) == (REASONS, "Preço")


@pytest.mark.parametrize("duplicados", ["pular", "atualizar", "erro"])
def test_a_file_s_reasons_are_those_of_the_list(picky: Team, duplicados: str) -> None:
    csv = "nome,etapa,motivo_perda\nA,perdido,PRECO\nB,perdido,outro\nC,novo,\n"
    report = imported(picky.gestor.api, csv, duplicados=duplicados)
    assert (report["criados"], report["rejeitados"]) == (2, 1)
    (error,) = report["erros"]
    assert (error["linha"], error["campo"], error["codigo"]) == (
        3,
        "motivo_perda",
        "VALOR_INVALIDO",
    )
    kept = {lead["nome"]: lead["motivo_perda"] for lead in all_leads(picky.gestor.api)}
    assert kept == {"A": "Preço", "C": None}


def test_a_file_that_updates_is_held_to_the_list_too(picky: Team) -> None:
    lead = create(picky.gestor.api, documento=(document := new_cpf()))
    csv = f"documento,etapa,motivo_perda\n{document},perdido,"
    for reason, rejected in (("outro", 1), ("concorrente", 0)):
        report = imported(picky.gestor.api, f"{csv}{reason}\n", duplicados="atualizar")
        assert (report["atualizados"], report["rejeitados"]) == (1 - rejected, rejected)
    assert picky.gestor.api.get(f"/leads/{lead['id']}").data["motivo_perda"] == "Concorrente"


def test_a_mapping_s_reason_is_one_of_the_list(picky: Team) -> None:
    mapping: dict[str, Any] = {"padroes": {"etapa": "perdido", "motivo_perda": "outro"}}
    reply = upload(picky.gestor.api, "nome\nA\n", mapping)
    assert (reply.status, reply.campos) == (
        422,
        {"mapeamento.padroes.motivo_perda": "VALOR_INVALIDO"},
    )


def test_the_same_reason_in_another_spelling_is_no_change(picky: Team, sql: Engine) -> None:
    lead = lost_by(picky, "create", "Preço").data
    path = f"/leads/{lead['id']}"
    assert picky.gestor.api.patch(path, {"motivo_perda": "PRECO"}).data == lead
    assert move(picky, lead, "perdido", motivo_perda="preco").data == lead
    assert len(events(sql, lead["id"])) == 1


def test_a_reason_of_before_the_list_stays(team: Team, sql: Engine) -> None:
    """A change that is not about it does not look at it."""
    lead = create(team.gestor.api, etapa="perdido", motivo_perda="outro")
    run(
        sql,
        "update configuracao set motivos_perda = :m where equipe_id = :e",
        m=REASONS,
        e=team.equipe_id,
    )
    after = team.gestor.api.patch(f"/leads/{lead['id']}", {"cidade": "Lins"}).data
    assert (after["cidade"], after["motivo_perda"]) == ("Lins", "outro")
    team.gestor.api.delete(f"/leads/{lead['id']}")
    restored = team.gestor.api.post(f"/leads/{lead['id']}/restore").data
    assert restored["motivo_perda"] == "outro"


def test_another_equipe_s_list_limits_nobody(picky: Team, other_team: Team) -> None:
    assert lost_by(other_team, "create", "outro").data["motivo_perda"] == "outro"
