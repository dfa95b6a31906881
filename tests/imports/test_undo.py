"""POST /imports/{id}/undo: what an import made is gone, what it changed is as before, and what
somebody has touched since stays and is named."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.support.activities import act, lease
from tests.support.api import Team, open_team
from tests.support.derived import check
from tests.support.leads import all_leads, create, events, imported, new_cpf, new_phone, rows, run
from tests.support.queues import claimed, release
from tests.support.reviews import asked as review
from tests.support.undone import left_of, state, undo, undone

DAY = "2026-01-02"


def brought(team: Team, csv: str, **query: Any) -> tuple[int, list[dict[str, Any]]]:
    """An import's number, and the leads that there are after it."""
    run_id = imported(team.gestor.api, csv, **query)["id"]
    return run_id, all_leads(team.gestor.api)


def updated(team: Team, csv: str) -> int:
    report = imported(team.gestor.api, csv, duplicados="atualizar")
    assert report["atualizados"] > 0
    return report["id"]


def test_what_it_made_is_gone_and_comes_again_as_new(team: Team, sql: Engine) -> None:
    csv = (
        "nome;telefone;email;documento;etapa;motivo_perda;proximo_contato_em;responsavel_id\n"
        f"Ana;{new_phone()};ana@exemplo.com.br;{new_cpf()};novo;;2031-01-01;{team.vendedor.id}\n"
        f"Bia;{new_phone()};bia@exemplo.com.br;{new_cpf()};perdido;preço;;{team.vendedor.id}\n"
    )
    before = state(sql, team.equipe_id)
    run_id, leads = brought(team, csv)
    ids = [lead["id"] for lead in leads]
    reply = undone(team.gestor.api, run_id)
    assert reply == {
        "id": run_id,
        "estado": "desfeita",
        "excluidos": 2,
        "restaurados": 0,
        "mantidos": [],
        "mantidos_total": 0,
        "trabalho_id": None,
    }
    assert state(sql, team.equipe_id) == before
    assert left_of(sql, ids) == []
    for lead_id in ids:
        assert team.gestor.api.get(f"/leads/{lead_id}").status == 404
        assert team.gestor.api.post(f"/leads/{lead_id}/restore").status == 404
        assert events(sql, lead_id)[-1] == ("lead_excluido", [], None, None, team.gestor.id)
    assert imported(team.gestor.api, csv)["criados"] == 2
    check(sql, team.equipe_id)


def test_what_it_changed_is_as_before(team: Team, sql: Engine) -> None:
    document, phone = new_cpf(), new_phone()
    create(
        team.gestor.api,
        nome="Ana",
        documento=document,
        telefone=phone,
        email=f"ana{document}@exemplo.com.br",
        cidade="Lins",
        valor="10.00",
        etiquetas=["vip"],
        origem="Site",
        responsavel_id=team.vendedor.id,
        proximo_contato_em="2031-01-01T12:00:00Z",
        atributos={"a": 1},
    )
    before = state(sql, team.equipe_id)
    run_id = updated(
        team,
        "documento;nome;telefone;email;cidade;valor;renda_mensal;etiquetas;origem;responsavel_id;"
        "proximo_contato_em;previsto_para;etapa;b\n"
        f"{document};Bia;{new_phone()};bia{document}@exemplo.com.br;Bauru;20;30;novo;Feira;"
        f"{team.colleague.id};2031-02-01;2031-03-01;qualificado;2\n",
    )
    assert state(sql, team.equipe_id) != before
    reply = undone(team.gestor.api, run_id)
    assert (reply["excluidos"], reply["restaurados"], reply["mantidos"]) == (0, 1, [])
    assert state(sql, team.equipe_id) == before
    check(sql, team.equipe_id)
    (lead,) = all_leads(team.gestor.api)
    assert lead["versao"] == 3
    kind, fields, de, para, who = events(sql, lead["id"])[-1]
    assert (kind, de, para, who) == ("lead_desfeito", "qualificado", "novo", team.gestor.id)
    assert fields == next(e[1] for e in events(sql, lead["id"]) if e[0] == "lead_movido")
    told = team.gestor.api.get(f"/leads/{lead['id']}/timeline").data["itens"][0]
    assert told["frase"] == "Pessoa de Teste desfez a importação."


@pytest.mark.parametrize("etapa", ["ganho", "perdido"])
def test_a_lead_that_it_closed_is_open_again(team: Team, sql: Engine, etapa: str) -> None:
    document = new_cpf()
    lead = create(
        team.gestor.api, documento=document, proximo_contato_em="2031-01-01T12:00:00Z", valor="9"
    )
    act(team.gestor.api, lead, "tarefa", prevista_para="2031-02-01T12:00:00Z")
    before = state(sql, team.equipe_id)
    run_id = updated(
        team, f"documento,etapa,motivo_perda,fechado_em\n{document},{etapa},preço,{DAY}\n"
    )
    assert undone(team.gestor.api, run_id)["restaurados"] == 1
    assert state(sql, team.equipe_id) == before
    assert rows(sql, "select 1 from lead_instantaneo where lead_id = :id", id=lead["id"]) == []
    check(sql, team.equipe_id)


def test_a_lead_that_it_opened_is_closed_as_it_was(team: Team, sql: Engine) -> None:
    document = new_cpf()
    create(
        team.gestor.api,
        documento=document,
        etapa="perdido",
        motivo_perda="preço",
    )
    before = state(sql, team.equipe_id)
    csv = f"documento,etapa,proximo_contato_em\n{document},novo,2031-01-01\n"
    report = imported(team.gestor.api, csv, duplicados="atualizar", reabrir=1)
    assert report["atualizados"] == 1
    assert undone(team.gestor.api, report["id"])["restaurados"] == 1
    assert state(sql, team.equipe_id) == before
    check(sql, team.equipe_id)


def test_promises_that_it_moved_or_ended_are_where_they_were(team: Team, sql: Engine) -> None:
    document = new_cpf()
    lead = create(
        team.gestor.api, documento=document, proximo_contato_em="2031-01-01T12:00:00Z", valor="9"
    )
    for month in (2, 4):
        act(team.gestor.api, lead, "tarefa", prevista_para=f"2031-0{month}-01T12:00:00Z")
    before = state(sql, team.equipe_id)
    run_id = updated(team, f"documento,proximo_contato_em\n{document},2031-03-01\n")
    assert state(sql, team.equipe_id) != before
    assert undone(team.gestor.api, run_id)["restaurados"] == 1
    assert state(sql, team.equipe_id) == before
    check(sql, team.equipe_id)


def test_contacts_that_it_added_are_gone(team: Team, sql: Engine) -> None:
    document, other = new_cpf(), new_phone()
    create(
        team.gestor.api,
        documento=document,
        valor="9",
        contatos=[{"tipo": "telefone", "valor": phone} for phone in (new_phone(), other)],
    )
    before = state(sql, team.equipe_id)
    csv = f"documento,c1,c2,c3\n{document},{other},{new_phone()},a{document}@exemplo.com.br\n"
    mapping = {"colunas": dict.fromkeys(("c1", "c2", "c3"), "contatos")}
    report = imported(team.gestor.api, csv, mapping, duplicados="atualizar")
    assert report["atualizados"] == 1
    assert state(sql, team.equipe_id) != before
    assert undone(team.gestor.api, report["id"])["restaurados"] == 1
    assert state(sql, team.equipe_id) == before
    check(sql, team.equipe_id)


# ------------------------------------------------ what stays


def changed(team: Team, sql: Engine, lead: dict[str, Any]) -> None:
    assert team.gestor.api.patch(f"/leads/{lead['id']}", {"cidade": "Lins"}).status == 200


def deleted(team: Team, sql: Engine, lead: dict[str, Any]) -> None:
    assert team.gestor.api.delete(f"/leads/{lead['id']}").status == 200


def noted(team: Team, sql: Engine, lead: dict[str, Any]) -> None:
    act(team.gestor.api, lead, "nota", texto="nota de exemplo")


def given_back(team: Team, sql: Engine, lead: dict[str, Any]) -> None:
    assert claimed(team.vendedor.api) == lead["id"]
    release(team.vendedor.api, lead["id"])


def held(team: Team, sql: Engine, lead: dict[str, Any]) -> None:
    lease(sql, team.vendedor, lead["id"])


def contested(team: Team, sql: Engine, lead: dict[str, Any]) -> None:
    review(team.gestor.api, lead["id"])


TOUCHED = {
    "alterado": changed,
    "excluido": deleted,
    "atividade": noted,
    "fila": given_back,
    "reservado": held,
    "score": contested,
}


@pytest.mark.parametrize("reason", TOUCHED)
def test_a_new_lead_that_somebody_touched_stays(team: Team, sql: Engine, reason: str) -> None:
    run_id, (ana, _) = brought(team, "nome,valor\nAna,90000\nBia,1\n")
    TOUCHED[reason](team, sql, ana)
    before = [row for row in state(sql, team.equipe_id)["leads"] if row["id"] == ana["id"]]
    reply = undone(team.gestor.api, run_id)
    assert (reply["excluidos"], reply["mantidos_total"]) == (1, 1)
    assert reply["mantidos"] == [{"lead_id": ana["id"], "motivo": reason}]
    assert state(sql, team.equipe_id)["leads"] == before
    shown = team.gestor.api.get(f"/imports/{run_id}").data
    assert (shown["estado"], shown["criados"]) == ("desfeita", 2)
    assert shown["desfeito"] == {
        name: reply[name] for name in ("excluidos", "restaurados", "mantidos", "mantidos_total")
    }


@pytest.mark.parametrize("reason", ["alterado", "excluido"])
def test_a_known_lead_that_somebody_changed_stays(team: Team, sql: Engine, reason: str) -> None:
    document = new_cpf()
    lead = create(team.gestor.api, documento=document, nome="Antes")
    run_id = updated(team, f"documento,nome\n{document},Depois\n")
    TOUCHED[reason](team, sql, lead)
    reply = undone(team.gestor.api, run_id)
    assert (reply["restaurados"], reply["mantidos_total"]) == (0, 1)
    assert reply["mantidos"] == [{"lead_id": lead["id"], "motivo": reason}]
    assert rows(sql, "select nome from leads where id = :id", id=lead["id"]) == [("Depois",)]


def test_a_known_lead_about_which_something_was_done_is_as_before(team: Team, sql: Engine) -> None:
    """Its values are as the import left them: a note changes none."""
    document = new_cpf()
    lead = create(team.gestor.api, documento=document, nome="Antes")
    run_id = updated(team, f"documento,nome,proximo_contato_em\n{document},Depois,2031-01-01\n")
    noted(team, sql, lead)
    assert undone(team.gestor.api, run_id)["restaurados"] == 1
    after = team.gestor.api.get(f"/leads/{lead['id']}").data
    assert (after["nome"], after["proximo_contato_em"]) == ("Antes", None)
    check(sql, team.equipe_id)


def test_an_old_contact_that_another_lead_has_now_is_not_taken_from_it(
    team: Team, sql: Engine
) -> None:
    document, phone = new_cpf(), new_phone()
    lead = create(team.gestor.api, documento=document, telefone=phone)
    run_id = updated(team, f"documento,telefone\n{document},{new_phone()}\n")
    create(team.gestor.api, telefone=phone)
    reply = undone(team.gestor.api, run_id)
    assert reply["mantidos"] == [{"lead_id": lead["id"], "motivo": "duplicado"}]


def test_a_contact_that_two_leads_had_before_is_theirs_again(team: Team, sql: Engine) -> None:
    document, phone = new_cpf(), new_phone()
    create(team.gestor.api, documento=document, telefone=phone, valor="1")
    two = team.gestor.api.post(
        "/leads?permitir_duplicado=1", {"nome": "Irmã", "telefone": phone, "valor": "1"}
    )
    assert two.status == 201
    run_id = updated_one(team, document)
    assert undone(team.gestor.api, run_id)["restaurados"] == 1
    assert {lead["telefone"] for lead in all_leads(team.gestor.api)} == {phone}


def updated_one(team: Team, document: str) -> int:
    return updated(team, f"documento,telefone\n{document},{new_phone()}\n")


def test_a_lead_does_not_go_back_to_who_is_gone(team: Team, sql: Engine) -> None:
    document = new_cpf()
    lead = create(team.gestor.api, documento=document, responsavel_id=team.vendedor.id)
    run_id = updated(team, f"documento,responsavel_id\n{document},{team.colleague.id}\n")
    left = team.gestor.api.patch(f"/users/{team.vendedor.id}", {"ativo": False})
    assert left.status == 200
    reply = undone(team.gestor.api, run_id)
    assert reply["mantidos"] == [{"lead_id": lead["id"], "motivo": "responsavel"}]


def test_a_lead_that_was_nobodys_is_nobodys_again(team: Team, sql: Engine) -> None:
    document = new_cpf()
    create(team.gestor.api, documento=document, responsavel_id=None)
    run_id = updated(team, f"documento,responsavel_id\n{document},{team.colleague.id}\n")
    assert undone(team.gestor.api, run_id)["restaurados"] == 1
    assert [lead["responsavel_id"] for lead in all_leads(team.gestor.api)] == [None]


def test_a_lead_does_not_go_back_to_a_stage_that_is_archived(team: Team, sql: Engine) -> None:
    document = new_cpf()
    lead = create(team.gestor.api, documento=document, etapa="contatado")
    run_id = updated(team, f"documento,etapa\n{document},proposta\n")
    run(
        sql,
        "update etapas set arquivada_em = now() where equipe_id = :e and chave = 'contatado'",
        e=team.equipe_id,
    )
    reply = undone(team.gestor.api, run_id)
    assert reply["mantidos"] == [{"lead_id": lead["id"], "motivo": "etapa"}]


def test_without_old_values_a_lead_stays(team: Team, sql: Engine) -> None:
    """As when they were erased with the person."""
    document = new_cpf()
    lead = create(team.gestor.api, documento=document)
    run_id = updated(team, f"documento,nome\n{document},Depois\n")
    run(sql, "update importacao_linhas set antes = null where importacao_id = :i", i=run_id)
    reply = undone(team.gestor.api, run_id)
    assert reply["mantidos"] == [{"lead_id": lead["id"], "motivo": "sem_valores"}]


def test_no_more_than_100_are_named(team: Team, sql: Engine) -> None:
    run_id, leads = brought(team, "nome\n" + "".join(f"Lead {n}\n" for n in range(120)))
    ids = [lead["id"] for lead in leads]
    bulk = {"acao": "tag", "ids": ids[:110], "etiquetas": ["vip"]}
    assert team.gestor.api.post("/leads/bulk", bulk).status == 200
    reply = undone(team.gestor.api, run_id)
    assert (reply["excluidos"], reply["mantidos_total"], len(reply["mantidos"])) == (10, 110, 100)


# ------------------------------------------------ what is refused


def test_it_is_undone_once(team: Team) -> None:
    run_id, _ = brought(team, "nome\nAna\n")
    key = {"Idempotency-Key": f"desfazer-{run_id}"}
    first = undo(team.gestor.api, run_id, headers=key)
    again = undo(team.gestor.api, run_id, headers=key)
    assert (first.status, again.status, again.data) == (200, 200, first.data)
    twice = undo(team.gestor.api, run_id)
    assert (twice.status, twice.codigo) == (409, "IMPORTACAO_DESFEITA")


def test_after_seven_days_it_is_too_late(team: Team, sql: Engine) -> None:
    run_id, leads = brought(team, "nome\nAna\n")
    aged = "update importacoes set concluida_em = concluida_em - interval '7 days 1 minute' "
    run(sql, aged + "where id = :i", i=run_id)
    reply = undo(team.gestor.api, run_id)
    assert (reply.status, reply.codigo) == (409, "PRAZO_PARA_DESFAZER")
    assert all_leads(team.gestor.api) == leads


def test_the_old_values_are_forgotten_with_it(team: Team, sql: Engine) -> None:
    document = new_cpf()
    create(team.gestor.api, documento=document, nome="Antes")
    run_id = updated(team, f"documento,nome\n{document},Depois\n")
    kept = "select antes->>'nome' from importacao_linhas where importacao_id = :i"
    assert rows(sql, kept, i=run_id) == [("Antes",)]
    undone(team.gestor.api, run_id)
    assert rows(sql, kept, i=run_id) == [(None,)]


def test_one_that_came_to_nothing_is_undone_too(team: Team) -> None:
    run_id, _ = brought(team, "nome,uf\nAna,XX\n")
    reply = undone(team.gestor.api, run_id)
    assert (reply["estado"], reply["excluidos"], reply["mantidos"]) == ("desfeita", 0, [])


def test_no_equipe_undoes_what_another_has_imported(app: Flask, team: Team, sql: Engine) -> None:
    run_id, leads = brought(team, "nome\nAna\n")
    stranger = open_team(app)
    assert undo(stranger.gestor.api, run_id).status == 404
    assert undo(team.vendedor.api, run_id).status == 403
    assert all_leads(team.gestor.api) == leads
