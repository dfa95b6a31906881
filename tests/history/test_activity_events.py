"""Every row of `atividades` that is written or changed has its event, in ids and field names."""

from typing import Any

from sqlalchemy import Engine

from tests.support.activities import act, of_lead
from tests.support.api import Team
from tests.support.follower import settle
from tests.support.leads import create, imported, new_cpf, rows
from tests.support.queues import claimed

FIRST, SECOND, THIRD = (f"2031-05-0{day}T12:00:00Z" for day in (1, 2, 3))
_TOLD = (
    "select tipo, campos, dados, usuario_id, importacao_id from eventos "
    "where lead_id = :id and tipo like 'atividade%' order by id"
)
FOLLOWS = {"consequencia": 1}
MADE = ["prevista_para", "tipo"]
ENDED = ["concluida_em", "encerrada"]


def told(sql: Engine, lead: dict[str, Any] | int) -> list[tuple[Any, ...]]:
    """(tipo, campos, dados) of the events of a lead's activities."""
    lead_id = lead if isinstance(lead, int) else lead["id"]
    return [row[:3] for row in rows(sql, _TOLD, id=lead_id)]


def test_promises_that_follow_from_a_date_have_events(team: Team, sql: Engine) -> None:
    api, lead = team.vendedor.api, create(team.vendedor.api, proximo_contato_em=FIRST)
    first = of_lead(api, lead["id"])[0]["id"]
    made = {"atividade_id": first, **FOLLOWS}
    assert told(sql, lead) == [("atividade_criada", MADE, made)]
    second = act(api, lead, "reuniao", prevista_para=SECOND)["atividade"]["id"]
    path = f"/leads/{lead['id']}"
    api.patch(path, {"proximo_contato_em": THIRD})
    assert sorted(told(sql, lead)[2:], key=str) == [
        ("atividade_alterada", ENDED, {"atividade_id": second, **FOLLOWS}),
        ("atividade_alterada", ["prevista_para"], made),
    ]
    before = len(told(sql, lead))
    api.patch(path, {"proximo_contato_em": None})
    ends = told(sql, lead)[before:]
    assert ends and all(each[:2] == ("atividade_alterada", ENDED) for each in ends)
    assert {row[3] for row in rows(sql, _TOLD, id=lead["id"])} == {team.vendedor.id}


def test_promises_that_a_result_settles_have_events(team: Team, sql: Engine) -> None:
    api, lead = team.vendedor.api, create(team.vendedor.api, proximo_contato_em=FIRST)
    due = act(api, lead, "reuniao", prevista_para="2026-01-01T12:00:00Z")["atividade"]["id"]
    before = len(told(sql, lead))
    act(api, lead, resultado="atendeu")
    kept = ("atividade_alterada", ["concluida_em"], {"atividade_id": due, **FOLLOWS})
    assert told(sql, lead)[before] == kept
    assert len(told(sql, lead)) == before + 2
    act(api, lead, resultado="sem_interesse", etapa="perdido", motivo_perda="Preço")
    assert told(sql, lead)[-2][:2] == ("atividade_alterada", ENDED)


def test_the_note_of_a_skip_has_its_event(team: Team, sql: Engine) -> None:
    create(team.vendedor.api)
    lead_id = claimed(team.vendedor.api)
    assert team.vendedor.api.post("/queue/skip", {"motivo": "Almoço"}).status == 200
    (note,) = of_lead(team.gestor.api, lead_id)
    fields = ["concluida_em", "texto", "tipo"]
    assert told(sql, lead_id) == [("atividade_criada", fields, {"atividade_id": note["id"]})]


def test_files_and_bulks_tell_too(team: Team, sql: Engine) -> None:
    api, document = team.gestor.api, new_cpf()
    imported(api, f"nome,documento,proximo_contato_em\nAna,{document},{FIRST}\n")
    (lead,) = api.post("/leads/search", {"documento": document}).data["itens"]
    ((tipo, campos, _, who, importacao),) = rows(sql, _TOLD, id=lead["id"])
    assert (tipo, campos, who) == ("atividade_criada", MADE, team.gestor.id) and importacao
    body = {"acao": "set", "ids": [lead["id"]], "campos": {"proximo_contato_em": SECOND}}
    api.post("/leads/bulk", body)
    assert told(sql, lead)[-1][:2] == ("atividade_alterada", ["prevista_para"])
    body = {"acao": "move", "ids": [lead["id"]], "etapa": "perdido", "motivo_perda": "Preço"}
    api.post("/leads/bulk", body)
    assert told(sql, lead)[-1][:2] == ("atividade_alterada", ENDED)


def test_a_follower_gets_them_and_a_timeline_tells_each_thing_once(team: Team, sql: Engine) -> None:
    api, lead = team.gestor.api, create(team.gestor.api, proximo_contato_em=FIRST)
    api.patch(f"/leads/{lead['id']}", {"proximo_contato_em": None})
    settle(sql, team.equipe_id)
    query = {"tipo": ["atividade_criada", "atividade_alterada"]}
    found = api.get("/events", query_string=query).data["itens"]
    assert [each["tipo"] for each in found] == ["atividade_criada", "atividade_alterada"]
    items = api.get(f"/leads/{lead['id']}/timeline").data["itens"]
    assert [each["tipo"] for each in items] == ["lead_alterado", "lead_criado", "tarefa"]


def test_what_ended_is_not_told_as_done(team: Team) -> None:
    api = team.vendedor.api
    for said in (
        {"tipo": "ligacao", "resultado": "nao_contatar"},
        {"resultado": "sem_interesse", "etapa": "perdido", "motivo_perda": "Preço"},
        {"tipo": "nota", "texto": "Comprou", "etapa": "ganho"},
    ):
        lead = create(api, proximo_contato_em=FIRST)
        task = of_lead(api, lead["id"])[0]
        assert task["encerrada"] is False
        act(api, lead, **{"tipo": "ligacao", **said})
        item = _item(api, lead, task["id"])
        assert item["frase"].endswith(": tarefa encerrada.")
        assert item["dados"]["encerrada"] is True and item["dados"]["concluida_em"]


def test_a_promise_that_is_due_is_kept_by_a_result(team: Team) -> None:
    api, lead = team.vendedor.api, create(team.vendedor.api)
    due = act(api, lead, "tarefa", prevista_para="2026-01-01T12:00:00Z")["atividade"]["id"]
    ahead = act(api, lead, "tarefa", prevista_para=FIRST)["atividade"]["id"]
    act(api, lead, resultado="atendeu", prevista_para=SECOND)
    assert _item(api, lead, due)["frase"].endswith(": feito.")
    assert _item(api, lead, ahead)["dados"]["encerrada"] is True


def test_a_promise_that_closes_its_lead_ends_and_may_be_opened_again(team: Team) -> None:
    api, lead = team.vendedor.api, create(team.vendedor.api, proximo_contato_em=FIRST)
    task = of_lead(api, lead["id"])[0]["id"]
    path = f"/activities/{task}"
    done = api.patch(path, {"texto": "Comprou", "etapa": "ganho"}).data["atividade"]
    assert done["encerrada"] and done["concluida_em"] and done["usuario_id"] is None
    opened = api.patch(path, {"concluida_em": None, "prevista_para": SECOND}).data["atividade"]
    assert (opened["encerrada"], opened["concluida_em"]) == (False, None)
    assert api.patch(path, {"resultado": "atendeu"}).data["atividade"]["encerrada"] is False


def _item(api: Any, lead: dict[str, Any], atividade_id: int) -> dict[str, Any]:
    items = api.get(f"/leads/{lead['id']}/timeline").data["itens"]
    return next(i for i in items if (i["origem"], i["id"]) == ("atividade", atividade_id))
