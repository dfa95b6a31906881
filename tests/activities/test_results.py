"""What comes of each result: contacts, stages, the queue, and who cares for the lead afterwards."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.support.activities import (
    act,
    aged,
    at,
    changed,
    kept,
    lease,
    of_lead,
    place,
    post,
    queue_settings,
)
from tests.support.actors import new_key
from tests.support.api import Api, Team, new_email
from tests.support.leads import create, events, new_phone, rows

LATER = "2031-05-02T12:00:00Z"


def phone(valor: str) -> dict[str, str]:
    return {"tipo": "telefone", "valor": valor}


def email(valor: str) -> dict[str, str]:
    return {"tipo": "email", "valor": valor}


def retired(sql: Engine, lead_id: int) -> list[tuple[int, str]]:
    query = (
        "select ordem, valor from lead_contatos where lead_id = :id and retirado_em is not null "
        "order by ordem desc"
    )
    return rows(sql, query, id=lead_id)


def test_without_interest_the_lead_is_lost_in_the_same_call(team: Team, sql: Engine) -> None:
    api, lead = team.vendedor.api, create(team.vendedor.api)
    said = {"resultado": "sem_interesse"}
    assert post(api, lead, **said).campos == {"etapa": "OBRIGATORIO"}
    assert post(api, lead, **said, etapa="ganho").campos == {"etapa": "VALOR_INVALIDO"}
    assert post(api, lead, **said, etapa="perdido").campos == {"motivo_perda": "MOTIVO_OBRIGATORIO"}
    assert post(api, lead, **said, etapa="perdida!").campos == {"etapa": "ETAPA_INEXISTENTE"}
    assert post(api, lead, **said, motivo_perda="x").campos == {"motivo_perda": "VALOR_INVALIDO"}
    assert of_lead(api, lead["id"]) == []
    found = act(api, lead, **said, etapa="Perdido", motivo_perda="preço")["lead"]
    assert (found["etapa"], found["motivo_perda"]) == ("perdido", "preço")
    assert found["fechado_em"] is not None
    assert place(sql, lead["id"]) is None


@pytest.mark.parametrize(
    "last",
    [
        {"resultado": "sem_interesse", "etapa": "perdido", "motivo_perda": "preço"},
        {"resultado": "nao_contatar"},
    ],
)
def test_nobody_is_to_call_after_the_last_word(team: Team, last: dict[str, str]) -> None:
    api, lead = team.vendedor.api, create(team.vendedor.api)
    act(api, lead, "reuniao", prevista_para=LATER)
    act(api, lead, prevista_para="2031-12-01T12:00:00Z", resultado="agendou")
    assert act(api, lead, **last)["lead"]["proximo_contato_em"] is None
    assert api.get("/tasks").data["itens"] == []


def test_who_is_not_to_be_contacted_is_out_of_the_queue_until_a_gestor_says_so(
    team: Team, sql: Engine
) -> None:
    api, lead = team.vendedor.api, create(team.vendedor.api, telefone=new_phone())
    promised = post(api, lead, resultado="nao_contatar", prevista_para=LATER)
    assert promised.campos == {"prevista_para": "VALOR_INVALIDO"}
    reply = post(api, lead, resultado="nao_contatar")
    assert "saiu da fila" in reply.message
    since = reply.data["lead"]["nao_contatar_em"]
    assert since == reply.data["atividade"]["concluida_em"]
    assert place(sql, lead["id"]) is None
    assert act(api, lead, resultado="nao_contatar")["lead"]["nao_contatar_em"] == since
    again = {"resultado": "atendeu", "etapa": "contatado", "prevista_para": LATER}
    assert post(api, lead, **again).status == 201
    assert place(sql, lead["id"]) is None
    path = f"/leads/{lead['id']}"
    lift = {"nao_contatar_em": None, "motivo_contato": "Pediu por escrito."}
    assert api.patch(path, lift).status == 403
    found = team.gestor.api.patch(path, lift)
    assert found.data["nao_contatar_em"] is None
    assert place(sql, lead["id"])["retorno_em"] is not None
    note = of_lead(api, lead["id"])[0]
    assert (note["tipo"], note["texto"]) == ("nota", "Pediu por escrito.")
    assert note["usuario_id"] == team.gestor.id
    assert [event[:2] for event in events(sql, lead["id"])[-2:]] == [
        ("atividade_criada", ["concluida_em", "texto", "tipo"]),
        ("lead_alterado", ["nao_contatar_em"]),
    ]
    count = len(of_lead(api, lead["id"]))
    refused = team.gestor.api.patch(path, lift)  # the reason would be lost
    assert (refused.status, refused.campos) == (422, {"motivo_contato": "VALOR_INVALIDO"})
    assert api.get(path).data["versao"] == found.data["versao"]
    assert len(of_lead(api, lead["id"])) == count


@pytest.mark.parametrize(
    ("sent", "field", "code"),
    [
        ({"nao_contatar_em": None}, "motivo_contato", "OBRIGATORIO"),
        ({"motivo_contato": "Pediu."}, "motivo_contato", "VALOR_INVALIDO"),
        ({"nao_contatar_em": LATER, "motivo_contato": "x"}, "nao_contatar_em", "VALOR_INVALIDO"),
        ({"nao_contatar_em": 0, "motivo_contato": "x"}, "nao_contatar_em", "VALOR_INVALIDO"),
        ({"nao_contatar_em": None, "motivo_contato": " "}, "motivo_contato", "OBRIGATORIO"),
        ({"nao_contatar_em": None, "motivo_contato": "a\0"}, "motivo_contato", "TEXTO_INVALIDO"),
        ({"nao_contatar_em": None, "motivo_contato": None}, "motivo_contato", "TIPO_INVALIDO"),
    ],
)
def test_the_reason_is_part_of_it(team: Team, sent: Any, field: str, code: str) -> None:
    lead = create(team.gestor.api)
    reply = team.gestor.api.patch(f"/leads/{lead['id']}", sent)
    assert (reply.status, reply.campos) == (422, {field: code})


def test_a_correction_does_not_repeat_a_result(team: Team) -> None:
    lead = create(team.gestor.api)
    done = act(team.gestor.api, lead, resultado="nao_contatar")["atividade"]
    lift = {"nao_contatar_em": None, "motivo_contato": "Engano."}
    assert team.gestor.api.patch(f"/leads/{lead['id']}", lift).status == 200
    found = changed(team.gestor.api, done["id"], texto="Era outra pessoa.", tipo="whatsapp")
    assert found["lead"]["nao_contatar_em"] is None
    again = changed(team.gestor.api, done["id"], resultado="outro")
    again = changed(team.gestor.api, done["id"], resultado="nao_contatar")
    assert again["lead"]["nao_contatar_em"] is not None


def test_a_wrong_number_gives_its_place_to_the_next_one(team: Team, sql: Engine) -> None:
    first, second, third = (new_phone() for _ in range(3))
    mail, api = new_email("certo"), team.vendedor.api
    lead = create(api, telefone=first, contatos=[email(mail), phone(second), phone(third)])
    found = act(api, lead, resultado="numero_errado")["lead"]
    assert (found["telefone"], found["email"]) == (second, mail)
    assert found["contatos"] == [phone(second), email(mail), phone(third)]
    assert retired(sql, lead["id"]) == [(-1, first)]
    assert events(sql, lead["id"])[-1][:2] == (
        "lead_alterado",
        ["contatos", "primeira_resposta_em", "telefone", "ultimo_contato_em"],
    )
    written = f"({third[3:5]}) {third[5:]}"
    found = act(api, lead, resultado="numero_errado", contato=written)["lead"]
    assert found["contatos"] == [phone(second), email(mail)]
    found = act(api, lead, "email", resultado="numero_errado")["lead"]
    assert (found["email"], found["contatos"]) == (None, [phone(second)])
    assert place(sql, lead["id"]) is not None
    reply = post(api, lead, resultado="numero_errado", contato=second)
    assert (reply.data["lead"]["telefone"], reply.data["lead"]["contatos"]) == (None, [])
    assert "saiu da fila" in reply.message
    assert place(sql, lead["id"]) is None
    assert retired(sql, lead["id"]) == [(-1, first), (-2, third), (-3, mail), (-4, second)]
    assert post(api, lead, resultado="numero_errado").campos == {"contato": "OBRIGATORIO"}
    fresh = new_phone()
    assert api.patch(f"/leads/{lead['id']}", {"telefone": fresh}).status == 200
    assert place(sql, lead["id"]) is not None
    assert retired(sql, lead["id"])[0] == (-1, first)


def test_a_retired_contact_finds_nobody_and_later_lists_leave_it_alone(
    team: Team, sql: Engine
) -> None:
    wrong, second, third = (new_phone() for _ in range(3))
    api = team.gestor.api
    lead = create(api, telefone=wrong, contatos=[phone(second)])
    act(api, lead, resultado="numero_errado")
    assert api.post("/leads/search", {"telefone": wrong}).data["itens"] == []
    assert create(api, telefone=wrong)["telefone"] == wrong  # no duplicate
    path = f"/leads/{lead['id']}"
    for contacts in ([phone(third)], [], [phone(third), phone(new_phone())]):
        assert api.patch(path, {"contatos": contacts}).status == 200
        assert retired(sql, lead["id"]) == [(-1, wrong)]
    back = api.patch(f"{path}?permitir_duplicado=1", {"telefone": wrong})
    assert back.data["telefone"] == wrong
    act(api, lead, resultado="numero_errado")
    assert retired(sql, lead["id"]) == [(-1, wrong)]
    assert api.delete(path).status == 200
    assert api.post(f"{path}/restore").data["telefone"] != wrong


@pytest.mark.parametrize(
    "contato", ["+5511900000000", "ninguem@exemplo.com.br", "BR.123456789012", "Maria"]
)
def test_a_contact_that_the_lead_does_not_have(team: Team, contato: str) -> None:
    lead = create(team.gestor.api, telefone=new_phone())
    reply = post(team.gestor.api, lead, resultado="numero_errado", contato=contato)
    assert (reply.status, reply.campos) == (422, {"contato": "VALOR_INVALIDO"})
    reply = post(team.gestor.api, lead, resultado="atendeu", contato=lead["telefone"])
    assert (reply.status, reply.campos) == (422, {"contato": "VALOR_INVALIDO"})
    found = act(team.gestor.api, lead, resultado="numero_errado", contato=lead["telefone"])
    assert found["lead"]["telefone"] is None


def test_after_so_many_attempts_in_vain_the_lead_leaves_the_queue(team: Team, sql: Engine) -> None:
    queue_settings(sql, team.equipe_id, tentativas=3)
    api, lead = team.vendedor.api, create(team.vendedor.api)
    for n in (1, 2):
        assert "fila" not in post(api, lead, resultado="nao_atendeu").message
        assert place(sql, lead["id"])["tentativas"] == n
    last = post(api, lead, resultado="nao_atendeu")
    assert "saiu da fila" in last.message
    assert place(sql, lead["id"]) is None
    assert "fila" not in post(api, lead, resultado="nao_atendeu").message
    act(api, lead, resultado="atendeu")
    assert place(sql, lead["id"])["tentativas"] == 0
    for _ in range(2):
        act(api, lead, resultado="nao_atendeu")
    promised = act(api, lead, resultado="nao_atendeu", prevista_para=LATER)
    assert place(sql, lead["id"])["retorno_em"] is not None
    api.delete(f"/activities/{of_lead(api, lead['id'])[0]['id']}")  # the promise
    assert place(sql, lead["id"]) is None
    api.delete(f"/activities/{promised['atividade']['id']}")
    assert place(sql, lead["id"])["tentativas"] == 2


@pytest.mark.parametrize(
    ("resultado", "hours"), [("nao_atendeu", 4), ("atendeu", 24), ("agendou", 24)]
)
def test_a_lead_rests_as_its_result_says(
    team: Team, sql: Engine, resultado: str, hours: int
) -> None:
    lead = create(team.vendedor.api)
    lease(sql, team.vendedor, lead["id"])
    done = act(team.vendedor.api, lead, resultado=resultado, etapa="contatado")["atividade"]
    found = place(sql, lead["id"])
    rests = datetime.fromisoformat(found["livre_em"]) - timedelta(hours=hours)
    assert rests == datetime.fromisoformat(done["concluida_em"])
    assert found["reservado_por"] is None


@pytest.mark.parametrize("how", ["result", "move", "POST move", "PATCH etapa", "note", "text"])
def test_who_holds_a_lease_and_acts_becomes_the_responsavel(
    team: Team, sql: Engine, how: str
) -> None:
    lead = create(team.gestor.api, proximo_contato_em=LATER)
    api, path = team.colleague.api, f"/leads/{lead['id']}"
    assert post(api, lead).status == 404
    lease(sql, team.colleague, lead["id"])
    calls: dict[str, Any] = {
        "result": lambda: post(api, lead, resultado="atendeu"),
        "move": lambda: post(api, lead, "nota", etapa="contatado"),
        "POST move": lambda: api.post(f"{path}/move", {"etapa": "contatado"}),
        "PATCH etapa": lambda: api.patch(path, {"etapa": "contatado"}),
        "note": lambda: post(api, lead, "nota", texto="Parece ocupado."),
        "text": lambda: api.patch(path, {"cidade": "Lins", "etapa": "novo"}),
    }
    assert calls[how]().status in (200, 201)
    found = place(sql, lead["id"])
    if how in ("note", "text"):
        assert found["reservado_por"] == team.colleague.id
        assert found["dono"] == 0
        return
    assert (found["reservado_por"], found["dono"]) == (None, team.colleague.id)
    assert api.get(path).data["responsavel_id"] == team.colleague.id
    told = [fields for kind, fields, *_ in events(sql, lead["id"]) if kind.startswith("lead")]
    assert "responsavel_id" in told[-1]
    assert [task["lead"]["id"] for task in api.get("/tasks").data["itens"]] == [lead["id"]]
    kept(sql, team.equipe_id)


def test_a_lease_that_is_over_or_a_key_gives_nothing(team: Team, sql: Engine, app: Any) -> None:
    lead = create(team.gestor.api)
    lease(sql, team.vendedor, lead["id"], minutes=-1)
    late = post(team.vendedor.api, lead, resultado="atendeu")
    assert (late.status, late.data["codigo"]) == (409, "SEM_RESERVA")
    assert post(team.colleague.api, lead, resultado="atendeu").status == 404
    lease(sql, team.gestor, lead["id"])
    machine = Api(app, new_key(team)["chave"])
    found = act(machine, lead, resultado="atendeu")
    assert found["lead"]["responsavel_id"] is None
    assert found["atividade"]["usuario_id"] == team.gestor.id
    assert place(sql, lead["id"])["reservado_por"] is None
    lease(sql, team.vendedor, lead["id"])
    assert act(team.gestor.api, lead, resultado="atendeu")["lead"]["responsavel_id"] is None
    assert post(team.vendedor.api, lead).status == 404


def test_backdated_and_later_contacts(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)
    aged(sql, lead)
    found = act(team.gestor.api, lead, concluida_em=at(days=-3))
    assert found["lead"]["ultimo_contato_em"] == found["atividade"]["concluida_em"]
