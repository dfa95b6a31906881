"""GET /leads/{id}/timeline: what happened, in order, in sentences."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.support.actors import new_key
from tests.support.api import Api, Reply, Team
from tests.support.leads import create, imported, rows, run

FIRST = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def named(team: Team) -> Team:
    """Ana is the gestor, Bruno the vendedor, Clara the colleague."""
    for person, nome in ((team.gestor, "Ana"), (team.vendedor, "Bruno"), (team.colleague, "Clara")):
        changed = team.gestor.api.patch(f"/users/{person.id}", {"nome": nome})
        assert changed.status == 200
    return team


def timeline(api: Api, lead_id: int, **query: Any) -> Reply:
    return api.get(f"/leads/{lead_id}/timeline", query_string=query)


def items(api: Api, lead_id: int, **query: Any) -> list[dict[str, Any]]:
    """All of them, page by page."""
    found: list[dict[str, Any]] = []
    while True:
        reply = timeline(api, lead_id, **query)
        assert reply.status == 200, reply.body
        found += reply.data["itens"]
        if reply.data["proximo"] is None:
            return found
        query["cursor"] = reply.data["proximo"]


def told(api: Api, lead_id: int) -> list[str]:
    """The sentences, the oldest first."""
    return [item["frase"] for item in items(api, lead_id)][::-1]


def act(sql: Engine, team: Team, lead_id: int, **fields: Any) -> int:
    """An activity as it stands in its table."""
    row = {"tipo": "ligacao", "criado_em": datetime.now(UTC), **fields}
    names = ["equipe_id", "lead_id", *row]
    statement = (
        f"insert into atividades ({', '.join(names)}) "
        f"values ({', '.join(f':{name}' for name in names)}) returning id"
    )
    ((activity_id,),) = rows(sql, statement, equipe_id=team.equipe_id, lead_id=lead_id, **row)
    return int(activity_id)


def test_what_people_do_is_told(named: Team) -> None:
    api, bruno = named.gestor.api, named.vendedor.api
    lead = create(api)["id"]
    api.post(f"/leads/{lead}/move", {"etapa": "contatado"})
    api.patch(f"/leads/{lead}", {"nome": "Outro", "telefone": "11987650001", "uf": "SP"})
    api.patch(f"/leads/{lead}", {"responsavel_id": named.vendedor.id})
    bruno.patch(f"/leads/{lead}", {"etapa": "proposta", "valor": "10.00", "cidade": "Campinas"})
    bruno.post(f"/leads/{lead}/move", {"etapa": "perdido", "motivo_perda": "preço"})
    api.delete(f"/leads/{lead}")
    api.post(f"/leads/{lead}/restore")
    assert told(api, lead) == [
        "Ana criou o lead.",
        "Ana moveu de Novo para Contatado.",
        "Ana mudou o nome, o telefone e a UF.",
        "Ana passou o lead para Bruno.",
        "Bruno moveu de Contatado para Proposta e mudou a cidade e o valor.",
        "Bruno moveu de Proposta para Perdido.",
        "Ana excluiu o lead.",
        "Ana restaurou o lead.",
    ]


def test_who_cares_for_the_lead_is_told(named: Team) -> None:
    api, lead = named.gestor.api, create(named.gestor.api)["id"]
    for owner in (named.colleague.id, named.gestor.id, None):
        assert api.patch(f"/leads/{lead}", {"responsavel_id": owner}).status == 200
    assert told(api, lead)[1:] == [
        "Ana passou o lead para Clara.",
        "Ana assumiu o lead.",
        "Ana deixou o lead sem responsável.",
    ]
    given = items(api, lead)[2]
    assert given["dados"]["responsavel_id"] == named.colleague.id


def test_many_fields_are_counted(named: Team) -> None:
    api, lead = named.gestor.api, create(named.gestor.api)["id"]
    fields = {"cidade": "Campinas", "uf": "SP", "empresa": "Padaria", "nome": "N", "valor": "1.00"}
    api.patch(f"/leads/{lead}", fields)
    assert told(api, lead)[-1] == "Ana mudou a cidade, a empresa, o nome e mais 2 campos."


def test_a_key_an_import_and_a_bulk_are_told_apart(named: Team) -> None:
    api = named.gestor.api
    machine = Api(api.app, new_key(named)["chave"])
    lead = create(machine)["id"]
    machine.post(f"/leads/{lead}/move", {"etapa": "contatado"})
    assert told(api, lead) == [
        "Uma integração criou o lead.",
        "Uma integração moveu de Novo para Contatado.",
    ]
    imported(api, "nome,id_externo\nUm,crm-tempo-1\n")
    imported(api, "nome,id_externo,etapa\nDois,crm-tempo-1,proposta\n", duplicados="atualizar")
    (found,) = api.get("/leads", query_string={"q": "Dois"}).data["itens"]
    assert told(api, found["id"]) == [
        "Importado por Ana.",
        "Ana moveu de Novo para Proposta e mudou o nome, por importação.",
    ]
    given = f"nome,id_externo,responsavel_id\nDois,crm-tempo-1,{named.vendedor.id}\n"
    imported(api, given, duplicados="atualizar")
    assert told(api, found["id"])[-1] == "Ana passou o lead para Bruno, por importação."
    imported(machine, "nome\nPela integração\n")
    (found,) = api.get("/leads", query_string={"q": "integração"}).data["itens"]
    assert told(api, found["id"]) == ["Importado por uma integração."]


def test_activities_stand_among_the_events(named: Team, sql: Engine) -> None:
    api, lead, bruno = named.gestor.api, create(named.gestor.api)["id"], named.vendedor.id
    promise = datetime(2026, 12, 3, 17, 30, tzinfo=UTC)
    done = {"usuario_id": bruno, "concluida_em": FIRST}
    act(sql, named, lead, resultado="nao_atendeu", texto="Caixa postal", **done)
    act(sql, named, lead, tipo="tarefa", prevista_para=promise)
    act(sql, named, lead, tipo="tarefa", prevista_para=promise, concluida_em=FIRST)
    act(sql, named, lead, tipo="reuniao", prevista_para=promise, usuario_id=bruno)
    act(sql, named, lead, tipo="nota", texto="Prefere manhã", **done)
    act(sql, named, lead, tipo="whatsapp", resultado="outro", chave_id=7, **done)
    act(sql, named, lead, tipo="email", resultado="atendeu", concluida_em=FIRST)
    api.patch(f"/leads/{lead}", {"uf": "SP"})
    assert told(api, lead) == [
        "Ana criou o lead.",
        "Bruno ligou: não atendeu.",
        "Retorno combinado para 03/12/2026 14:30.",
        "Retorno combinado para 03/12/2026 14:30: feito.",
        "Reunião combinada para 03/12/2026 14:30.",
        "Bruno fez uma anotação.",
        "Uma integração registrou uma mensagem no WhatsApp: outro resultado.",
        "Mensagem de e-mail: atendeu.",
        "Ana mudou a UF.",
    ]
    call = items(api, lead)[-2]
    assert (call["origem"], call["tipo"], call["usuario_id"]) == ("atividade", "ligacao", bruno)
    shown = {name: call["dados"][name] for name in ("lead_id", "resultado", "texto")}
    assert shown == {"lead_id": lead, "resultado": "nao_atendeu", "texto": "Caixa postal"}
    assert call["dados"]["concluida_em"] == "2026-03-01T12:00:00Z"
    assert set(call["dados"]) == set(
        "id lead_id usuario_id tipo resultado texto prevista_para concluida_em encerrada criado_em "
        "atualizado_em".split()
    )


@pytest.mark.parametrize(
    ("instant", "shown"),
    [
        ("0001-01-01T00:00:00Z", "01/01/0001 00:00"),
        ("9999-12-31T23:59:59Z", "31/12/9999 20:59"),
        ("0476-09-04T12:00:00Z", "04/09/0476 08:53"),
    ],
)
def test_any_promise_is_told(named: Team, sql: Engine, instant: str, shown: str) -> None:
    api, lead = named.gestor.api, create(named.gestor.api)["id"]
    act(sql, named, lead, tipo="tarefa", prevista_para=instant)
    assert told(api, lead)[-1] == f"Retorno combinado para {shown}."


def test_the_zone_is_the_equipes(named: Team, sql: Engine) -> None:
    api, lead = named.gestor.api, create(named.gestor.api)["id"]
    act(sql, named, lead, tipo="tarefa", prevista_para="2026-12-03T17:30:00Z")
    api.patch("/equipe", {"fuso": "America/Manaus"})
    assert told(api, lead)[-1] == "Retorno combinado para 03/12/2026 13:30."


def test_names_are_those_of_today(named: Team) -> None:
    api, lead = named.gestor.api, create(named.gestor.api)["id"]
    api.post(f"/leads/{lead}/move", {"etapa": "contatado"})
    api.patch(f"/users/{named.gestor.id}", {"nome": "Ana Maria"})
    stages = api.get("/stages").data["itens"]
    renamed = [
        {
            "chave": each["chave"],
            "nome": "Em contato" if each["chave"] == "contatado" else each["nome"],
            "tipo": each["tipo"],
        }
        for each in stages
    ]
    assert api.call("PUT", "/stages", json={"itens": renamed}).status == 200
    assert told(api, lead)[-1] == "Ana Maria moveu de Novo para Em contato."


def test_an_event_tells_nothing_personal(named: Team) -> None:
    secret = {"nome": "Segredo Silva", "email": "segredo@exemplo.com.br", "cidade": "Segredopolis"}
    lead = create(named.gestor.api)["id"]
    named.gestor.api.patch(f"/leads/{lead}", secret)
    raw = timeline(named.gestor.api, lead).raw
    assert b"egredo" not in raw


@pytest.mark.parametrize("limite", [1, 2, 3, 7, 100])
def test_pages_hold_each_item_once_in_order(named: Team, sql: Engine, limite: int) -> None:
    """Also where many are of one moment."""
    lead = create(named.gestor.api)["id"]
    insert = (
        "insert into eventos (equipe_id, tipo, lead_id, usuario_id, criado_em) "
        "values (:e, 'lead_alterado', :l, :u, :t)"
    )
    for number in range(12):
        moment = FIRST + timedelta(seconds=number // 6)
        run(sql, insert, e=named.equipe_id, l=lead, u=named.gestor.id, t=moment)
        act(sql, named, lead, criado_em=moment, concluida_em=moment, resultado="atendeu")
    found = items(named.gestor.api, lead, limite=limite)
    keys = [(item["quando"], item["origem"], item["id"]) for item in found]
    assert len(keys) == 25
    assert keys == sorted(keys, reverse=True)
    assert len(set(keys)) == 25


def test_that_an_activity_was_written_is_told_by_itself(named: Team, sql: Engine) -> None:
    lead = create(named.gestor.api)["id"]
    insert = "insert into eventos (equipe_id, tipo, lead_id) values (:e, :t, :l)"
    for tipo in ("atividade_criada", "atividade_alterada", "atividade_excluida"):
        run(sql, insert, e=named.equipe_id, t=tipo, l=lead)
    assert told(named.gestor.api, lead)[1:] == [
        "O sistema mudou uma atividade.",
        "O sistema excluiu uma atividade.",
    ]


def test_only_those_who_see_the_lead_see_it(team: Team, other_team: Team) -> None:
    lead = create(team.vendedor.api)["id"]
    for who in (team.gestor, team.vendedor):
        assert len(items(who.api, lead)) == 1
    missing = timeline(team.colleague.api, 2**62)
    for who in (team.colleague, other_team.gestor, other_team.vendedor):
        reply = timeline(who.api, lead)
        assert (reply.status, reply.message) == (404, missing.message)
    team.gestor.api.delete(f"/leads/{lead}")
    assert timeline(team.gestor.api, lead).status == 404


def test_a_lease_shows_it(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)["id"]
    values = {"e": team.equipe_id, "l": lead, "u": team.vendedor.id}
    run(
        sql,
        "update fila set reservado_por = :u, reservado_ate = now() + interval '1 hour' "
        "where equipe_id = :e and lead_id = :l",
        **values,
    )
    run(sql, "insert into reservas values (:e, :u, :l, now() + interval '1 hour')", **values)
    assert len(items(team.vendedor.api, lead)) == 1
    assert timeline(team.colleague.api, lead).status == 404


def test_a_cursor_of_another_list_is_refused(team: Team, other_team: Team) -> None:
    lead, second = (create(team.gestor.api)["id"] for _ in range(2))
    for _ in range(2):
        team.gestor.api.patch(f"/leads/{lead}", {"uf": "SP"})
        team.gestor.api.patch(f"/leads/{lead}", {"uf": "RJ"})
    cursor = timeline(team.gestor.api, lead, limite=1).data["proximo"]
    assert timeline(team.vendedor.api, lead, cursor=cursor).status == 404
    foreign = create(other_team.gestor.api)["id"]
    leads = team.gestor.api.get("/leads?limite=1").data["proximo"]
    for api, of, said in (
        (team.gestor.api, second, cursor),
        (team.gestor.api, lead, cursor[:-1]),
        (team.gestor.api, lead, "x.y"),
        (team.gestor.api, lead, leads),
        (other_team.gestor.api, foreign, cursor),
    ):
        reply = timeline(api, of, cursor=said)
        assert (reply.status, reply.codigo) == (400, "CURSOR_INVALIDO")


@pytest.mark.parametrize(
    ("query", "field"),
    [({"limite": 0}, "limite"), ({"limite": 101}, "limite"), ({"tipo": "x"}, "tipo")],
)
def test_a_wrong_query_is_refused(team: Team, query: dict[str, Any], field: str) -> None:
    lead = create(team.gestor.api)["id"]
    reply = timeline(team.gestor.api, lead, **query)
    assert (reply.status, set(reply.campos)) == (422, {field})
