"""Activities that are changed and deleted, and who may do it."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.support.activities import act, at, changed, kept, of_lead, place, promises
from tests.support.actors import new_key
from tests.support.api import Api, Team
from tests.support.leads import create, events, rows

LATER, LATEST = "2031-05-02T12:00:00Z", "2031-05-03T12:00:00Z"


def test_a_promise_that_is_kept(team: Team, sql: Engine) -> None:
    api, lead = team.vendedor.api, create(team.vendedor.api)
    task = act(api, lead, prevista_para=LATER, texto="Ligar.")["atividade"]
    due = act(api, lead, "tarefa", prevista_para=at(hours=-2))["atividade"]
    found = changed(api, task["id"], resultado="agendou", prevista_para=LATEST, etapa="proposta")
    done, lead = found["atividade"], found["lead"]
    assert (done["resultado"], done["texto"], done["prevista_para"]) == (
        "agendou",
        "Ligar.",
        LATEST,
    )
    assert done["concluida_em"] == lead["ultimo_contato_em"] == done["atualizado_em"]
    assert (lead["etapa"], lead["proximo_contato_em"]) == ("proposta", LATEST)
    assert [each for each, _ in promises(sql, lead["id"])] == [LATEST.replace("Z", ".000000Z")]
    read = {each["id"]: each for each in of_lead(api, lead["id"])}
    assert read[task["id"]] == done
    assert read[due["id"]]["concluida_em"] is not None
    assert place(sql, lead["id"])["livre_em"] is not None
    told = rows(
        sql,
        "select tipo, campos from eventos where lead_id = :id "
        "and (dados->>'atividade_id')::bigint = :a order by id",
        id=lead["id"],
        a=task["id"],
    )
    fields = ["concluida_em", "prevista_para", "resultado"]
    assert told[-1] == ("atividade_alterada", fields)


def test_whoever_cares_for_the_lead_keeps_a_promise_that_another_wrote(team: Team) -> None:
    lead = create(team.vendedor.api)
    task = act(team.gestor.api, lead, "tarefa", prevista_para=LATER, texto="Ligar.")["atividade"]
    path, mine = f"/activities/{task['id']}", team.vendedor.api
    for said in ({"texto": "Outra coisa."}, {"prevista_para": LATEST}, {"tipo": "nota"}):
        assert mine.patch(path, said).status == 403
    assert mine.patch(path, {"concluida_em": at(), "texto": "Feito."}).status == 403
    assert mine.delete(path).status == 403
    assert mine.patch(path, {"concluida_em": at()}).status == 200
    assert mine.patch(path, {"concluida_em": None}).status == 403
    assert mine.get("/tasks").data["itens"] == []


def test_who_keeps_a_promise_that_nobody_wrote_is_its_author(team: Team) -> None:
    lead = create(team.vendedor.api, proximo_contato_em=LATER)
    (task,) = of_lead(team.vendedor.api, lead["id"])
    done = {"tipo": "ligacao", "resultado": "atendeu", "texto": "Quer uma simulação."}
    found = changed(team.vendedor.api, task["id"], **done)["atividade"]
    assert found["usuario_id"] == team.vendedor.id
    team.gestor.api.patch(f"/leads/{lead['id']}", {"responsavel_id": team.colleague.id})
    path = f"/activities/{task['id']}"
    assert team.colleague.api.patch(path, {"texto": "Não ligou."}).status == 403
    assert team.colleague.api.delete(path).status == 403


def test_a_promise_is_done_moved_and_opened_again(team: Team, sql: Engine) -> None:
    api, lead = team.vendedor.api, create(team.vendedor.api)
    task = act(api, lead, "tarefa", prevista_para=LATER)["atividade"]["id"]

    def next_contact(**said: Any) -> str | None:
        return changed(api, task, **said)["lead"]["proximo_contato_em"]

    assert next_contact(prevista_para=LATEST) == LATEST
    assert next_contact(concluida_em=at()) is None
    assert next_contact(concluida_em=None) == LATEST
    assert next_contact(prevista_para=None) is None
    assert of_lead(api, lead["id"])[0]["concluida_em"] is not None
    assert next_contact(prevista_para=LATER) is None  # it is done, and a date opens it not
    assert next_contact(concluida_em=None) == LATER
    assert next_contact(resultado="outro") is None
    assert next_contact(resultado=None, concluida_em=None) == LATER
    kept(sql, team.equipe_id)


def test_what_changes_nothing_is_not_written(team: Team, sql: Engine) -> None:
    api, lead = team.vendedor.api, create(team.vendedor.api)
    task = act(api, lead, "tarefa", prevista_para=LATER, texto="Ligar.")["atividade"]
    before = events(sql, lead["id"])
    for said in ({}, {"texto": " Ligar. "}, {"prevista_para": LATER}, {"tipo": "tarefa"}):
        found = changed(api, task["id"], **said)
        assert (found["atividade"], found["lead"]["versao"]) == (task, 2)
    assert events(sql, lead["id"]) == before
    moved = changed(api, task["id"], etapa="contatado")
    assert (moved["atividade"], moved["lead"]["etapa"]) == (task, "contatado")
    assert len(events(sql, lead["id"])) == len(before) + 1


def test_a_result_that_is_corrected(team: Team, sql: Engine) -> None:
    api, lead = team.vendedor.api, create(team.vendedor.api)
    done = act(api, lead, resultado="nao_atendeu")["atividade"]["id"]
    assert place(sql, lead["id"])["tentativas"] == 1
    changed(api, done, resultado="atendeu")
    assert place(sql, lead["id"])["tentativas"] == 0
    changed(api, done, resultado=None)
    assert place(sql, lead["id"])["livre_em"] is None
    reply = api.patch(f"/activities/{done}", {"resultado": "sem_interesse"})
    assert reply.campos == {"etapa": "OBRIGATORIO"}
    reply = api.patch(f"/activities/{done}", {"resultado": "outro", "tipo": "nota"})
    assert reply.campos == {"resultado": "VALOR_INVALIDO"}


def test_a_promise_beside_a_result_that_is_there(team: Team) -> None:
    api, lead = team.vendedor.api, create(team.vendedor.api)
    done = act(api, lead, resultado="atendeu")["atividade"]["id"]
    # The promise is an activity of its own by then: what was said of it may be corrected, and moves
    # nothing.
    for due in (LATER, LATER, at(days=1), LATEST, None):
        found = changed(api, done, prevista_para=due)["lead"]
        assert found["proximo_contato_em"] == LATER
        (task,) = api.get("/tasks").data["itens"]
        assert task["prevista_para"] == LATER
    assert changed(api, task["id"], prevista_para=LATEST)["lead"]["proximo_contato_em"] == LATEST


def test_a_deleted_activity_takes_its_promise_along(team: Team, sql: Engine) -> None:
    api, lead = team.vendedor.api, create(team.vendedor.api)
    first, second = (
        act(api, lead, prevista_para=due)["atividade"]["id"] for due in (LATER, LATEST)
    )
    called = act(api, lead, resultado="atendeu", etapa="contatado")["atividade"]["id"]
    reply = api.delete(f"/activities/{first}")
    assert reply.data == {"id": first}
    path = f"/leads/{lead['id']}"
    assert api.get(path).data["proximo_contato_em"] == LATEST
    assert events(sql, lead["id"])[-2][:2] == ("atividade_excluida", [])
    assert events(sql, lead["id"])[-1][:2] == ("lead_alterado", ["proximo_contato_em"])
    before = api.get(path).data
    assert place(sql, lead["id"])["livre_em"] is not None
    assert api.delete(f"/activities/{called}").status == 200
    assert api.get(path).data == before  # what was said stays
    assert place(sql, lead["id"])["livre_em"] is None
    assert api.delete(f"/activities/{second}").status == 200
    assert api.get(path).data["proximo_contato_em"] is None
    for gone in (first, 2**62):
        assert api.delete(f"/activities/{gone}").status == 404
        assert api.patch(f"/activities/{gone}", {}).status == 404
    assert of_lead(api, lead["id"]) == []
    kept(sql, team.equipe_id)


@pytest.mark.parametrize("call", ["patch", "delete"])
def test_who_may_change_an_activity(app: Flask, team: Team, other_team: Team, call: str) -> None:
    """Its author and a gestor; who sees the lead is told that it is not theirs, others nothing."""
    lead = create(team.vendedor.api)
    people = {
        "vendedor": team.vendedor.api,
        "gestor": team.gestor.api,
        "colleague": team.colleague.api,
        "gestor's key": Api(app, new_key(team)["chave"]),
        "vendedor's key": Api(app, new_key(team, "vendedor")["chave"]),
        "other": other_team.gestor.api,
    }

    def status(author: str, who: str) -> int:
        wrote = act(people[author], lead, "nota", texto="Minha.")["atividade"]["id"]
        more = {"json": {"texto": "Sua."}} if call == "patch" else {}
        return people[who].call(call.upper(), f"/activities/{wrote}", **more).status

    allowed = ("vendedor", "gestor", "gestor's key")
    assert [status("vendedor", who) for who in allowed] == [200] * 3
    assert [status("vendedor", who) for who in ("colleague", "other", "vendedor's key")] == [
        404
    ] * 3
    assert [status("gestor", who) for who in ("vendedor", "gestor")] == [403, 200]
    assert status("gestor's key", "vendedor") == 403


def test_a_key_changes_what_it_wrote_alone(app: Flask, team: Team) -> None:
    """A key with the role vendedor is a gestor's, and has less power than its gestor."""
    key = Api(app, new_key(team, "vendedor")["chave"])
    other = Api(app, new_key(team, "vendedor")["chave"])
    lead = create(team.gestor.api, responsavel_id=team.gestor.id)
    own = act(key, lead, "nota", texto="Da chave.")["atividade"]["id"]
    person = act(team.gestor.api, lead, "nota", texto="Da pessoa.")["atividade"]["id"]
    assert key.patch(f"/activities/{own}", {"texto": "x"}).status == 200
    assert key.patch(f"/activities/{person}", {"texto": "x"}).status == 403
    assert other.delete(f"/activities/{own}").status == 403
    assert team.gestor.api.delete(f"/activities/{own}").status == 200


def test_what_nobody_wrote_is_of_who_cares_for_the_lead(team: Team) -> None:
    lead = create(team.gestor.api, responsavel_id=team.vendedor.id, proximo_contato_em=LATER)
    (task,) = team.vendedor.api.get("/tasks").data["itens"]
    assert (task["usuario_id"], task["tipo"]) == (None, "tarefa")
    found = changed(team.vendedor.api, task["id"], concluida_em=at())
    assert found["lead"]["proximo_contato_em"] is None
    assert found["lead"]["id"] == lead["id"]
