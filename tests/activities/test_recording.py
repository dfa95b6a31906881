"""One call after a telephone call: what it keeps, what follows for the lead, and what it costs."""

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.support.activities import act, aged, at, kept, of_lead, place, post, promises
from tests.support.api import Team
from tests.support.leads import create, events, new_phone, rows

LATER, LATEST = "2031-05-02T12:00:00Z", "2031-05-03T12:00:00Z"


@pytest.mark.parametrize(
    ("said", "done"),
    [
        ({}, True),
        ({"resultado": "atendeu"}, True),
        ({"prevista_para": LATER}, False),
        ({"prevista_para": LATER, "resultado": "atendeu"}, True),
        ({"prevista_para": LATER, "concluida_em": "2026-08-01T14:30:00Z"}, True),
    ],
)
def test_what_promises_nothing_or_has_a_result_is_done(
    team: Team, sql: Engine, said: dict[str, Any], done: bool
) -> None:
    lead = create(team.gestor.api)
    aged(sql, lead)
    found = act(team.gestor.api, lead, **said)["atividade"]
    assert (found["concluida_em"] is not None) is done
    assert found["concluida_em"] == (said.get("concluida_em") or found["criado_em"]) or not done
    assert found["prevista_para"] == said.get("prevista_para")
    assert (found["lead_id"], found["usuario_id"]) == (lead["id"], team.gestor.id)


def test_the_reply_is_what_is_read_afterwards(team: Team) -> None:
    lead, api = create(team.vendedor.api), team.vendedor.api
    reply = post(api, lead, "reuniao", resultado="outro", texto="  A\nB  ", etapa="Proposta")
    assert reply.data["atividade"]["texto"] == "A\nB"
    assert of_lead(api, lead["id"]) == [reply.data["atividade"]]
    found = api.get(f"/leads/{lead['id']}")
    assert found.data == reply.data["lead"]
    assert found.headers["ETag"] == reply.headers["ETag"]
    assert found.data["etapa"] == "proposta"


@pytest.mark.parametrize("tipo", ["ligacao", "whatsapp", "email", "reuniao", "nota", "tarefa"])
def test_a_contact_leaves_its_marks(team: Team, sql: Engine, tipo: str) -> None:
    reaches = tipo not in ("nota", "tarefa")
    lead = create(team.gestor.api)
    aged(sql, lead)

    def marks(**said: Any) -> list[Any]:
        told = act(team.gestor.api, lead, tipo, **said)["lead"]["ultimo_contato_em"]
        first = rows(sql, "select primeira_resposta_em from leads where id = :id", id=lead["id"])
        return [told, first[0][0] and f"{first[0][0]:%Y-%m-%d}"]

    def expected(*dates: str | None) -> list[Any]:
        return list(dates) if reaches else [None, None]

    may, june, april = (f"2026-0{month}-10T12:00:00Z" for month in (5, 6, 4))
    assert marks(prevista_para=LATER) == [None, None]
    assert marks(concluida_em=may) == expected(may, "2026-05-10")
    assert marks(concluida_em=june) == expected(june, "2026-05-10")
    assert marks(concluida_em=april) == expected(june, "2026-04-10")


def test_what_changes_nothing_of_the_lead_is_no_version_of_it(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)
    noted = act(team.gestor.api, lead, "nota", texto="Só uma nota.")
    assert (noted["lead"]["versao"], noted["lead"]["atualizado_em"]) == (1, lead["atualizado_em"])
    called = act(team.gestor.api, lead, etapa="contatado")
    assert called["lead"]["versao"] == 2
    found = rows(
        sql,
        "select tipo, versao, campos, (dados->>'atividade_id')::bigint, de_etapa, para_etapa "
        "from eventos where lead_id = :id order by id",
        id=lead["id"],
    )
    fields = ["etapa", "etapa_desde", "primeira_resposta_em", "ultimo_contato_em"]
    done, note = ["concluida_em", "tipo"], ["concluida_em", "texto", "tipo"]
    assert found[1:] == [
        ("atividade_criada", None, note, noted["atividade"]["id"], None, None),
        ("atividade_criada", None, done, called["atividade"]["id"], None, None),
        ("lead_movido", 2, fields, None, "novo", "contatado"),
    ]
    assert {event[4] for event in events(sql, lead["id"])} == {team.gestor.id}


def test_a_result_keeps_what_is_due_and_a_promise_what_is_earlier(team: Team, sql: Engine) -> None:
    api, lead = team.gestor.api, create(team.gestor.api)
    for due in (at(days=-1), at(hours=2), LATER):
        act(api, lead, "tarefa", prevista_para=due)
    assert len(promises(sql, lead["id"])) == 3
    act(api, lead, "nota", texto="Nada dito.")
    assert len(promises(sql, lead["id"])) == 3
    act(api, lead, resultado="nao_atendeu")
    assert len(promises(sql, lead["id"])) == 2
    found = act(api, lead, resultado="atendeu", prevista_para=LATEST)
    assert found["lead"]["proximo_contato_em"] == LATEST
    assert promises(sql, lead["id"]) == [(LATEST.replace("Z", ".000000Z"), None)]
    task = of_lead(api, lead["id"])[0]
    assert (task["tipo"], task["usuario_id"]) == ("tarefa", team.gestor.id)
    again = act(api, lead, resultado="atendeu", prevista_para=LATER)
    assert again["lead"]["proximo_contato_em"] == LATER
    assert len(promises(sql, lead["id"])) == 2
    kept(sql, team.equipe_id)


def test_a_lost_lead_and_a_deleted_one(team: Team, sql: Engine) -> None:
    api = team.gestor.api
    lead = create(api, etapa="perdido", motivo_perda="preço")
    assert act(api, lead, resultado="sem_interesse")["lead"]["etapa"] == "perdido"
    found = act(api, lead, prevista_para=LATER)
    assert found["lead"]["proximo_contato_em"] == LATER
    assert act(api, lead, motivo_perda="prazo")["lead"]["motivo_perda"] == "prazo"
    assert place(sql, lead["id"]) is None
    assert act(api, lead, etapa="novo")["lead"]["motivo_perda"] is None
    assert place(sql, lead["id"])["retorno_em"].startswith("2031")
    assert api.delete(f"/leads/{lead['id']}").status == 200
    task = found["atividade"]["id"]
    for reply in (
        post(api, lead),
        api.get(f"/leads/{lead['id']}/activities"),
        api.patch(f"/activities/{task}", {"texto": "x"}),
        api.delete(f"/activities/{task}"),
    ):
        assert reply.status == 404
    assert api.post(f"/leads/{lead['id']}/restore").status == 200
    assert place(sql, lead["id"])["retorno_em"].startswith("2031")
    kept(sql, team.equipe_id)


def test_a_retry_records_once_and_its_copy_goes_with_the_lead(team: Team, sql: Engine) -> None:
    lead, key = create(team.gestor.api), {"Idempotency-Key": "uma-ligacao"}
    body = {"tipo": "ligacao", "resultado": "nao_atendeu"}
    path = f"/leads/{lead['id']}/activities"
    first, again = (team.gestor.api.post(path, body, headers=key) for _ in range(2))
    assert (again.status, again.raw) == (201, first.raw)
    assert again.headers["ETag"] == first.headers["ETag"]
    assert len(of_lead(team.gestor.api, lead["id"])) == 1
    kept_reply = "select lead_id from idempotencia where equipe_id = :e"
    assert rows(sql, kept_reply, e=team.equipe_id) == [(lead["id"],)]


def test_texts_are_in_no_event(team: Team, sql: Engine) -> None:
    lead, text = create(team.gestor.api, telefone=new_phone()), "Mora com a irmã em Niterói"
    found = act(team.gestor.api, lead, texto=text, resultado="numero_errado")
    path = f"/activities/{found['atividade']['id']}"
    team.gestor.api.patch(path, {"texto": f"{text}."})
    team.gestor.api.delete(path)
    told = (
        "select count(*), count(*) filter (where e::text like :t) from eventos e "
        "where lead_id = :id"
    )
    assert rows(sql, told, t="%Niter%", id=lead["id"]) == [(5, 0)]


def test_pages_of_a_leads_activities(team: Team) -> None:
    api, lead = team.vendedor.api, create(team.vendedor.api)
    path = f"/leads/{lead['id']}/activities"
    assert api.get(path).data == {"itens": [], "proximo": None}
    for n in range(7):
        act(api, lead, "nota", texto=f"nota {n}")
    for limite in (1, 3, 20, 100):
        found, cursor = [], {}
        while True:
            page = api.get(path, query_string={"limite": limite, **cursor}).data
            found += [each["texto"] for each in page["itens"]]
            if page["proximo"] is None:
                break
            cursor = {"cursor": page["proximo"]}
        assert found == [f"nota {n}" for n in range(6, -1, -1)]
    other = create(api)
    first = api.get(path, query_string={"limite": 1}).data["proximo"]
    reply = api.get(f"/leads/{other['id']}/activities", query_string={"cursor": first})
    assert (reply.status, reply.codigo) == (400, "CURSOR_INVALIDO")
