"""GET and PUT /stages: an equipe's own funnel."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.support.api import Api, Reply, Team
from tests.support.leads import all_leads, create, events, rows

NEW = {"chave": "novo", "nome": "Novo", "tipo": "aberta"}
CONTACTED = {"chave": "contatado", "nome": "Contatado", "tipo": "aberta"}
WON = {"chave": "ganho", "nome": "Ganho", "tipo": "ganha"}
LOST = {"chave": "perdido", "nome": "Perdido", "tipo": "perdida"}
SHORT = [NEW, WON, LOST]


def put(api: Api, itens: list[dict[str, Any]], *, etag: str | None = None, **more: Any) -> Reply:
    headers = {"If-Match": etag} if etag else {}
    return api.call("PUT", "/stages", json={"itens": itens, **more}, headers=headers)


def keys(api: Api, which: str = "itens") -> list[str]:
    return [stage["chave"] for stage in api.get("/stages").data[which]]


def test_an_equipe_starts_with_six_stages(team: Team) -> None:
    create(team.gestor.api)
    data = team.vendedor.api.get("/stages").data
    assert [(s["chave"], s["tipo"], s["quantidade"]) for s in data["itens"]] == [
        ("novo", "aberta", 0),  # a vendedor counts their own
        ("contatado", "aberta", 0),
        ("qualificado", "aberta", 0),
        ("proposta", "aberta", 0),
        ("ganho", "ganha", 0),
        ("perdido", "perdida", 0),
    ]
    assert (data["arquivadas"], data["motivos_perda"]) == ([], None)
    assert team.gestor.api.get("/stages").data["itens"][0]["quantidade"] == 1


def test_stages_are_made_renamed_ordered_archived_and_brought_back(team: Team) -> None:
    api = team.gestor.api
    made = {"nome": "Análise de crédito", "tipo": "aberta", "prazo_dias": 5}
    reply = put(api, [made, NEW | {"nome": "Entrada"}, WON, LOST])
    assert [(s["chave"], s["nome"], s["prazo_dias"]) for s in reply.data["itens"]] == [
        ("analise_de_credito", "Análise de crédito", 5),
        ("novo", "Entrada", None),
        ("ganho", "Ganho", None),
        ("perdido", "Perdido", None),
    ]
    assert keys(api, "arquivadas") == ["contatado", "qualificado", "proposta"]
    assert create(api)["etapa"] == "analise_de_credito"  # the first open one
    assert create(api, etapa=" ENTRADA ")["etapa"] == "novo"
    assert api.post("/leads", {"nome": "L", "etapa": "contatado"}).status == 422
    assert put(api, [NEW, CONTACTED, {"chave": "analise_de_credito", **made}, WON, LOST]).status
    assert keys(api) == ["novo", "contatado", "analise_de_credito", "ganho", "perdido"]
    assert create(api, etapa="contatado")["etapa"] == "contatado"


def test_a_new_stage_whose_name_an_archived_one_has_is_another(team: Team) -> None:
    assert put(team.gestor.api, SHORT).status == 200
    made = put(team.gestor.api, [*SHORT, {"nome": "Contatado", "tipo": "aberta"}])
    assert made.data["itens"][-1]["chave"] == "contatado_2"


def test_a_funnel_that_is_sent_twice_is_the_same(team: Team) -> None:
    itens = [NEW, {"nome": "Simulação", "tipo": "aberta"}, WON, LOST]
    first = put(team.gestor.api, itens)
    create(team.gestor.api, etapa="simulacao")
    assert put(team.gestor.api, itens).headers["ETag"].startswith(first.headers["ETag"][:4])
    assert keys(team.gestor.api) == ["novo", "simulacao", "ganho", "perdido"]


@pytest.mark.parametrize(
    ("itens", "campos"),
    [
        ([NEW, WON], {"itens": "CURTO_DEMAIS"}),
        ([NEW, CONTACTED, WON], {"itens": "OBRIGATORIO"}),
        ([NEW, CONTACTED | {"nome": "NÓVO "}, WON, LOST], {"itens.1.nome": "REPETIDO"}),
        ([NEW, {"nome": "ganho", "tipo": "aberta"}, WON, LOST], {"itens.1.nome": "REPETIDO"}),
        ([*SHORT, {"chave": "x", "nome": "X", "tipo": "aberta"}], None),
        ([*SHORT, NEW | {"nome": "Outra"}], {"itens.3.chave": "REPETIDO"}),
        ([NEW | {"tipo": "morta"}, WON, LOST], {"itens.0.tipo": "VALOR_INVALIDO"}),
        ([NEW | {"prazo_dias": 0}, WON, LOST], {"itens.0.prazo_dias": "FORA_DA_FAIXA"}),
        ([*SHORT, *({"nome": f"E{n}", "tipo": "aberta"} for n in range(28))], None),
    ],
)
def test_a_funnel_that_is_none_is_refused(
    team: Team, itens: list[dict[str, Any]], campos: dict[str, str] | None
) -> None:
    before = team.gestor.api.get("/stages").data
    reply = put(team.gestor.api, itens)
    assert reply.status == 422
    assert campos is None or campos.items() <= reply.campos.items(), reply.campos
    assert team.gestor.api.get("/stages").data == before


def test_a_stage_with_leads_leaves_only_when_they_are_moved(team: Team, sql: Engine) -> None:
    api = team.gestor.api
    lead = create(api, etapa="contatado", telefone="11 98765-4321")
    create(api, etapa="contatado")
    refused = put(api, SHORT)
    assert (refused.status, refused.codigo) == (409, "ETAPA_EM_USO")
    assert refused.data["etapas"] == [{"chave": "contatado", "quantidade": 2}]
    assert "contatado" in keys(api)
    assert put(api, SHORT, mover={"Contatado": "novo"}).status == 200
    moved = api.get(f"/leads/{lead['id']}").data
    assert (moved["etapa"], moved["versao"]) == ("novo", 2)
    assert moved["score"] < lead["score"]  # no longer contacted
    assert events(sql, lead["id"])[-1] == (
        "lead_movido",
        ["etapa"],
        "contatado",
        "novo",
        team.gestor.id,
    )
    found = "select etapa, saiu_em is null from permanencias where lead_id = :id order by n"
    assert rows(sql, found, id=lead["id"]) == [("contatado", False), ("novo", True)]
    assert len(all_leads(api, etapa="novo")) == 2


def test_leads_move_into_a_stage_that_is_new(team: Team) -> None:
    create(team.gestor.api)
    itens = [{"nome": "Entrada", "tipo": "aberta"}, WON, LOST]
    reply = put(team.gestor.api, itens, mover={"novo": "entrada"})
    assert [(s["chave"], s["quantidade"]) for s in reply.data["itens"][:1]] == [("entrada", 1)]


@pytest.mark.parametrize("mover", [{"contatado": "ganho"}, {"x": "novo"}, {"contatado": "x"}])
def test_leads_move_to_a_stage_of_the_same_kind_only(team: Team, mover: dict[str, str]) -> None:
    create(team.gestor.api, etapa="contatado")
    assert put(team.gestor.api, SHORT, mover=mover).campos.keys() == {"mover"}


def test_the_kind_of_a_used_stage_stays(team: Team) -> None:
    create(team.gestor.api, etapa="contatado")
    itens = [NEW, CONTACTED | {"tipo": "ganha"}, WON, LOST]
    assert put(team.gestor.api, itens).codigo == "ETAPA_EM_USO"
    assert put(team.gestor.api, itens, mover={"contatado": "novo"}).status == 200
    assert create(team.gestor.api, etapa="contatado")["fechado_em"]


def test_etags_tell_what_changed_and_guard_the_funnel(team: Team) -> None:
    api = team.gestor.api
    first = api.get("/stages").headers["ETag"]
    assert api.get("/stages", headers={"If-None-Match": first}).status == 304
    create(api)
    counted = api.get("/stages").headers["ETag"]
    assert counted != first
    changed = put(api, [*SHORT, CONTACTED], etag=first)  # the version is the same
    assert changed.status == 200
    assert put(api, SHORT, etag=counted).codigo == "VERSAO_DESATUALIZADA"
    again = put(api, [*SHORT, CONTACTED], etag=changed.headers["ETag"])
    assert again.headers["ETag"] == changed.headers["ETag"]  # nothing changed


def test_a_lead_comes_back_although_its_stage_is_archived(team: Team) -> None:
    api = team.gestor.api
    lead = create(api, etapa="contatado")
    assert api.delete(f"/leads/{lead['id']}").status == 200
    assert put(api, SHORT).status == 200
    assert api.post(f"/leads/{lead['id']}/restore").data["etapa"] == "novo"


def test_reasons_of_loss_are_kept_with_the_funnel(team: Team) -> None:
    api = team.gestor.api
    assert put(api, SHORT, motivos_perda=["Sem orçamento"]).data["motivos_perda"]
    lost = {"nome": "L", "etapa": "perdido", "motivo_perda": "sem orcamento"}
    assert api.post("/leads", lost).data["motivo_perda"] == "Sem orçamento"
    refused = api.post("/leads", lost | {"motivo_perda": "outro"})
    assert refused.data["erros"][0]["opcoes"] == ["Sem orçamento"]
    assert put(api, SHORT).data["motivos_perda"] == ["Sem orçamento"]
    assert put(api, SHORT, motivos_perda=None).data["motivos_perda"] is None


@pytest.mark.parametrize("_", range(4))
def test_no_lead_is_created_into_a_stage_that_is_archived(team: Team, sql: Engine, _: int) -> None:
    api = team.gestor.api
    with ThreadPoolExecutor(9) as pool:
        made = [
            pool.submit(api.post, "/leads", {"nome": "L", "etapa": "contatado"}) for _ in range(8)
        ]
        archived = pool.submit(put, api, SHORT)
        statuses = {future.result().status for future in made}
    assert statuses <= {201, 422} and archived.result().status in (200, 409)
    stray = (
        "select count(*) from leads l join etapas e on e.equipe_id = l.equipe_id "
        "and e.chave = l.etapa where l.equipe_id = :e and e.arquivada_em is not null"
    )
    assert rows(sql, stray, e=team.equipe_id) == [(0,)]
