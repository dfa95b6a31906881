"""POST /leads/bulk: one action on many leads, each with the rules of the single one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.support import stays
from tests.support.actors import new_key
from tests.support.api import Api, Reply, Team, new_email
from tests.support.derived import check
from tests.support.leads import all_leads, create, events, new_cpf, new_phone, rows, run, upload

THEN = "2026-03-02T12:00:00Z"
LATER = "2026-03-09T12:00:00Z"
MISSING = 2**62


def bulk(api: Api, acao: str, *, headers: Any = None, **body: Any) -> Reply:
    return api.post("/leads/bulk", {"acao": acao, **body}, headers=headers)


def done(team: Team, acao: str, ids: Any = None, **body: Any) -> tuple[int, int, dict[int, str]]:
    """alterados, iguais and falhas of a bulk that was taken."""
    which = {} if ids is None else {"ids": [lead_id(each) for each in ids]}
    reply = bulk(team.gestor.api, acao, **which, **body)
    assert reply.status == 200, reply.body
    falhas = {each["id"]: each["codigo"] for each in reply.data["falhas"]}
    assert [*falhas] == [each["id"] for each in reply.data["falhas"]] == sorted(falhas)
    return reply.data["alterados"], reply.data["iguais"], falhas


def lead_id(lead: Any) -> int:
    return lead["id"] if isinstance(lead, dict) else lead


def read(team: Team, lead: dict[str, Any], *names: str) -> Any:
    found = team.gestor.api.get(f"/leads/{lead['id']}").data
    return tuple(found[name] for name in names) if names else found


@pytest.fixture
def leads(team: Team) -> list[dict[str, Any]]:
    return [create(team.gestor.api, nome=f"Lead {n}") for n in range(3)]


def last(sql: Engine, lead: dict[str, Any]) -> tuple[Any, ...]:
    return events(sql, lead["id"])[-1]


# ---------------------------------------------------------------- each action


def test_assign(team: Team, sql: Engine, leads: list[dict[str, Any]]) -> None:
    one, two, three = leads
    assert done(team, "assign", [one, two], responsavel_id=team.vendedor.id) == (2, 0, {})
    assert done(team, "assign", leads, responsavel_id=team.vendedor.id) == (1, 2, {})
    for lead in leads:
        assert read(team, lead, "responsavel_id", "versao") == (team.vendedor.id, 2)
        told = ("lead_alterado", ["responsavel_id"], None, None, team.gestor.id)
        assert last(sql, lead) == told
    assert done(team, "assign", [three], responsavel_id=None) == (1, 0, {})
    assert read(team, three, "responsavel_id", "versao") == (None, 3)
    check(sql, team.equipe_id)


@pytest.mark.parametrize("who", ["inactive", "foreign", "missing"])
def test_nobody_but_an_active_member_is_assigned(
    team: Team, other_team: Team, leads: list[dict[str, Any]], who: str
) -> None:
    team.gestor.api.patch(f"/users/{team.colleague.id}", {"ativo": False})
    user = {"inactive": team.colleague.id, "foreign": other_team.vendedor.id, "missing": MISSING}
    reply = bulk(team.gestor.api, "assign", ids=[leads[0]["id"]], responsavel_id=user[who])
    assert (reply.status, reply.campos) == (422, {"responsavel_id": "USUARIO_INEXISTENTE"})
    assert read(team, leads[0]) == leads[0]


def test_tag_and_untag(team: Team, sql: Engine, leads: list[dict[str, Any]]) -> None:
    one, two, three = leads
    team.gestor.api.patch(f"/leads/{two['id']}", {"etiquetas": ["b", "a"]})
    full = [f"e{n}" for n in range(20)]
    team.gestor.api.patch(f"/leads/{three['id']}", {"etiquetas": full})
    failed = {three["id"]: "LONGO_DEMAIS"}
    assert done(team, "tag", leads, etiquetas=["a", "b", "a"]) == (1, 1, failed)
    assert [read(team, lead, "etiquetas")[0] for lead in leads] == [["a", "b"], ["b", "a"], full]
    assert last(sql, one)[:2] == ("lead_alterado", ["etiquetas"])
    assert done(team, "untag", leads, etiquetas=["a", "e3"]) == (3, 0, {})
    assert done(team, "untag", leads, etiquetas=["a", "e3"]) == (0, 3, {})
    left = [each for each in full if each != "e3"]
    assert [read(team, lead, "etiquetas")[0] for lead in leads] == [["b"], ["b"], left]


def test_set(team: Team, sql: Engine, leads: list[dict[str, Any]]) -> None:
    one, two, three = leads
    campos = {
        "origem": "Indicação",
        "produto": "Seguro",
        "campanha": "outubro",
        "uf": "são paulo",
        "cidade": "Lins",
        "valor": 12.5,
        "previsto_para": "2030-09-30",
        "proximo_contato_em": LATER,
        "ultimo_contato_em": THEN,
        "atributos": {"lote": 7},
    }
    team.gestor.api.patch(f"/leads/{two['id']}", {**campos, "atributos": {"a": {"b": 1}}})
    many = {f"a{n}": n for n in range(100)}
    team.gestor.api.patch(f"/leads/{three['id']}", {"atributos": many})
    assert done(team, "set", leads, campos=campos) == (2, 0, {three["id"]: "LONGO_DEMAIS"})
    by_hand = create(team.gestor.api)
    expected = team.gestor.api.patch(f"/leads/{by_hand['id']}", campos).data
    found = read(team, one)
    own = {"id", "nome", "criado_em", "atualizado_em", "etapa_desde"}
    assert {n: v for n, v in found.items() if n not in own} == {
        n: v for n, v in expected.items() if n not in own
    }
    assert last(sql, one) == last(sql, by_hand)
    assert last(sql, two)[:2] == ("lead_alterado", ["atributos"])
    assert read(team, two, "atributos")[0] == {"a": {"b": 1}, "lote": 7}
    emptied = {"origem": None, "valor": None, "atributos": {"lote": None}}
    assert done(team, "set", [one, two], campos=emptied) == (2, 0, {})
    assert read(team, one, "origem", "valor", "atributos") == (None, None, {})
    check(sql, team.equipe_id)


def test_move(team: Team, sql: Engine, leads: list[dict[str, Any]]) -> None:
    _, two, three = leads
    api = team.gestor.api
    api.post(f"/leads/{two['id']}/move", {"etapa": "perdido", "motivo_perda": "preço"})
    api.post(f"/leads/{three['id']}/move", {"etapa": "ganho"})
    assert done(team, "move", leads, etapa=" PROPÓSTA ") == (3, 0, {})
    assert done(team, "move", leads, etapa="proposta") == (0, 3, {})
    for lead, before in zip(leads, ("novo", "perdido", "ganho"), strict=True):
        etapa, motivo, fechado = read(team, lead, "etapa", "motivo_perda", "fechado_em")
        assert (etapa, motivo, fechado) == ("proposta", None, None)
        kind, fields, de, para, _ = last(sql, lead)
        assert (kind, de, para) == ("lead_movido", before, "proposta")
        assert {"etapa", "etapa_desde"} <= set(fields)
        assert [stay.etapa for stay in stays.of(sql, team.equipe_id, lead["id"])][-2:] == [
            before,
            "proposta",
        ]
    check(sql, team.equipe_id)


def test_a_move_is_told_as_the_move_of_a_single_lead(team: Team, sql: Engine) -> None:
    by_hand, by_bulk = create(team.gestor.api), create(team.gestor.api)
    for etapa, more in (
        ("contatado", {}),
        ("perdido", {"motivo_perda": "preço"}),
        ("ganho", {}),
        ("novo", {}),
    ):
        body = {"etapa": etapa, **more}
        assert team.gestor.api.post(f"/leads/{by_hand['id']}/move", body).status == 200
        assert done(team, "move", [by_bulk], **body) == (1, 0, {})
        assert last(sql, by_bulk) == last(sql, by_hand)
        names = ("etapa", "motivo_perda", "versao")
        assert read(team, by_bulk, *names) == read(team, by_hand, *names)
        closed = [read(team, lead, "fechado_em", "etapa_desde") for lead in (by_hand, by_bulk)]
        assert (closed[0][0] is None) is (closed[1][0] is None)


def test_a_loss_needs_its_reason(team: Team, leads: list[dict[str, Any]]) -> None:
    one, two, three = leads
    move = f"/leads/{two['id']}/move"
    team.gestor.api.post(move, {"etapa": "perdido", "motivo_perda": "preço"})
    failed = {one["id"]: "MOTIVO_OBRIGATORIO", three["id"]: "MOTIVO_OBRIGATORIO"}
    assert done(team, "move", leads, etapa="perdido") == (0, 1, failed)
    assert done(team, "move", leads, etapa="perdido", motivo_perda="prazo") == (3, 0, {})
    assert {read(team, lead, "motivo_perda")[0] for lead in leads} == {"prazo"}


def test_dates_are_told(team: Team, sql: Engine, leads: list[dict[str, Any]]) -> None:
    one, two, three = leads
    for lead, since in ((one, THEN), (two, LATER)):
        move = f"/leads/{lead['id']}/move"
        assert team.gestor.api.post(move, {"etapa": "novo", "etapa_desde": since}).status == 200
    failed = {two["id"]: "FORA_DA_FAIXA", three["id"]: "FORA_DA_FAIXA"}
    body = {"etapa": "ganho", "fechado_em": "2026-03-05T12:00:00.123456Z"}
    assert done(team, "move", leads, **body) == (1, 0, failed)
    since = "2026-03-05T12:00:00.123456Z"
    assert read(team, one, "fechado_em", "etapa_desde") == (since, since)
    assert done(team, "move", [one], **body) == (0, 1, {})
    # Moved to where it is, its dates are corrected.
    assert done(team, "move", [one], **{**body, "fechado_em": LATER}) == (1, 0, {})
    assert read(team, one, "fechado_em", "etapa_desde") == (LATER, LATER)
    early = "2026-03-01T12:00:00Z"
    failed = {one["id"]: "FORA_DA_FAIXA"}
    assert done(team, "move", [one], etapa="ganho", fechado_em=early) == (0, 0, failed)
    told = stays.of(sql, team.equipe_id, one["id"])
    assert [(stay.etapa, stay.informada) for stay in told] == [("novo", True), ("ganho", True)]


@pytest.mark.parametrize(
    ("body", "campo", "codigo"),
    [
        ({"etapa": "nenhuma"}, "etapa", "ETAPA_INEXISTENTE"),
        ({"etapa": "ganho", "motivo_perda": "preço"}, "motivo_perda", "VALOR_INVALIDO"),
        ({"etapa": "novo", "fechado_em": THEN}, "fechado_em", "VALOR_INVALIDO"),
        (
            {"etapa": "ganho", "fechado_em": (datetime.now(UTC) + timedelta(hours=1)).isoformat()},
            "fechado_em",
            "FORA_DA_FAIXA",
        ),
    ],
)
def test_what_no_lead_can_take_is_the_request_s_fault(
    team: Team, leads: list[dict[str, Any]], body: dict[str, Any], campo: str, codigo: str
) -> None:
    reply = bulk(team.gestor.api, "move", ids=[lead["id"] for lead in leads], **body)
    assert (reply.status, reply.campos) == (422, {campo: codigo})


def test_reasons_are_those_of_the_equipe(team: Team, leads: list[dict[str, Any]]) -> None:
    funnel = team.gestor.api.get("/stages").data
    items = [{name: each[name] for name in ("chave", "nome", "tipo")} for each in funnel["itens"]]
    body = {"itens": items, "motivos_perda": ["Preço"]}
    assert team.gestor.api.call("PUT", "/stages", json=body).status == 200
    assert done(team, "move", leads, etapa="perdido", motivo_perda="PRECO") == (3, 0, {})
    assert read(team, leads[0], "motivo_perda") == ("Preço",)
    reply = bulk(
        team.gestor.api, "move", ids=[leads[0]["id"]], etapa="perdido", motivo_perda="outro"
    )
    assert (reply.status, reply.campos) == (422, {"motivo_perda": "VALOR_INVALIDO"})


def test_delete_and_restore(team: Team, sql: Engine, leads: list[dict[str, Any]]) -> None:
    one, two, three = leads
    assert done(team, "restore", leads) == (0, 0, {lead["id"]: "NAO_ENCONTRADO" for lead in leads})
    assert done(team, "delete", [one, two]) == (2, 0, {})
    assert done(team, "delete", leads) == (
        1,
        0,
        {one["id"]: "NAO_ENCONTRADO", two["id"]: "NAO_ENCONTRADO"},
    )
    assert last(sql, one) == ("lead_excluido", [], None, None, team.gestor.id)
    assert all_leads(team.gestor.api) == []
    assert rows(sql, "select 1 from lead_pontuacao where equipe_id = :e", e=team.equipe_id) == []
    assert done(team, "restore", [one, three, two]) == (3, 0, {})
    assert last(sql, one) == ("lead_restaurado", [], None, None, team.gestor.id)
    for lead in leads:
        now = read(team, lead)
        assert now == lead | {"versao": 3, "atualizado_em": now["atualizado_em"]}
    check(sql, team.equipe_id)


KEYS: dict[str, Callable[[], Any]] = {
    "documento": new_cpf,
    "email": lambda: new_email("b"),
    "telefone": new_phone,
    "id_externo": lambda: new_email("crm"),
    "contatos": lambda: [{"tipo": "whatsapp_id", "valor": new_email("BR.").split("@")[0]}],
}


@pytest.mark.parametrize("key", KEYS)
def test_a_key_that_is_taken_keeps_a_lead_deleted(team: Team, sql: Engine, key: str) -> None:
    """By a live lead, or by another one of the same call."""
    api, mine, shared = team.gestor.api, KEYS[key](), KEYS[key]()
    taken, free = create(api, **{key: mine}), create(api)
    api.delete(f"/leads/{taken['id']}")
    twins = []
    for _ in range(2):
        twins.append(create(api, **{key: shared}))
        api.delete(f"/leads/{twins[-1]['id']}")
    api.delete(f"/leads/{free['id']}")
    create(api, **{key: mine})
    codigo = "ID_EXTERNO_DUPLICADO" if key == "id_externo" else "LEAD_DUPLICADO"
    failed = {taken["id"]: codigo, twins[1]["id"]: codigo}
    deleted = [taken, *twins, free]
    assert done(team, "restore", deleted, dry_run=True) == (2, 0, failed)
    assert done(team, "restore", deleted) == (2, 0, failed)
    expected = (0, 0, failed) if key == "id_externo" else (2, 0, {})
    assert done(team, "restore", [*failed], permitir_duplicado=True) == expected
    check(sql, team.equipe_id)


def test_what_was_in_a_stage_that_is_gone_comes_back_in_the_first(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api, etapa="qualificado")
    team.gestor.api.delete(f"/leads/{lead['id']}")
    archive = (
        "update etapas set arquivada_em = now() where equipe_id = :e and chave = 'qualificado'"
    )
    run(sql, archive, e=team.equipe_id)
    assert done(team, "restore", [lead]) == (1, 0, {})
    assert read(team, lead, "etapa") == ("novo",)
    assert last(sql, lead)[:4] == ("lead_restaurado", [], "qualificado", "novo")


# ---------------------------------------------------------------- which leads


def test_ids_that_are_not_there_stop_nobody(
    team: Team, other_team: Team, leads: list[dict[str, Any]]
) -> None:
    """Another equipe's read like missing ones."""
    foreign = create(other_team.gestor.api)
    asked = [leads[0]["id"], foreign["id"], MISSING, leads[1]["id"], leads[0]["id"]]
    failed = {foreign["id"]: "NAO_ENCONTRADO", MISSING: "NAO_ENCONTRADO"}
    assert done(team, "tag", asked, etiquetas=["a"]) == (2, 0, failed)
    assert other_team.gestor.api.get(f"/leads/{foreign['id']}").data == foreign


def test_filters_choose_the_leads(team: Team, sql: Engine) -> None:
    api, second = team.gestor.api, new_phone()
    here = create(api, nome="Água Viva", uf="SP", origem="Site", etiquetas=["a", "b"])
    other = create(api, nome="Pedra", uf="SP", contatos=[{"tipo": "telefone", "valor": second}])
    away = create(api, nome="Água", uf="RJ", responsavel_id=team.vendedor.id)
    for n, (filtros, expected) in enumerate(
        (
            ({"uf": ["sp"]}, [here, other]),
            ({"uf": ["SP"], "q": "agua"}, [here]),
            ({"origem": ["SITE"], "etiqueta": ["b", "a"]}, [here]),
            ({"responsavel_id": team.vendedor.id}, [away]),
            ({"responsavel_id": "nenhum"}, [here, other]),
            ({"telefone": second}, [other]),
            ({"faixa": ["frio", "morno", "quente"], "etapa": ["Novo"]}, [here, other, away]),
            ({"criado_de": THEN, "criado_ate": LATER}, []),
            ({"todos": True}, [here, other, away]),
        )
    ):
        tag = f"x{n}"
        changed = (len(expected), 0, {})
        assert done(team, "tag", filtros=filtros, etiquetas=[tag], dry_run=True) == changed
        assert done(team, "tag", filtros=filtros, etiquetas=[tag]) == changed
        found = {lead["id"] for lead in all_leads(api, etiqueta=tag)}
        assert found == {lead["id"] for lead in expected}
    check(sql, team.equipe_id)


def test_filters_of_a_restore_choose_deleted_leads(team: Team) -> None:
    api = team.gestor.api
    gone, away, live = (create(api, uf=uf) for uf in ("SP", "RJ", "SP"))
    assert done(team, "delete", [gone, away]) == (2, 0, {})
    assert done(team, "restore", filtros={"uf": ["SP"]}) == (1, 0, {})
    assert {lead["id"] for lead in all_leads(api)} == {gone["id"], live["id"]}


def test_a_filter_by_what_is_not_there_is_refused(team: Team, other_team: Team) -> None:
    for filtros, codigo in (
        ({"etapa": ["nenhuma"]}, "ETAPA_INEXISTENTE"),
        ({"responsavel_id": other_team.vendedor.id}, "USUARIO_INEXISTENTE"),
    ):
        reply = bulk(team.gestor.api, "delete", filtros=filtros)
        assert (reply.status, reply.campos) == (422, {f"filtros.{next(iter(filtros))}": codigo})


def test_a_thousand_leads_are_one_call(team: Team, sql: Engine) -> None:
    lines = "".join(f"Lead {n},SP\n" for n in range(1_001))
    assert upload(team.gestor.api, f"nome,uf\n{lines}").data["criados"] == 1_001
    ids = [lead for (lead,) in rows(sql, IDS, e=team.equipe_id)]
    reply = bulk(team.gestor.api, "delete", ids=ids)
    assert (reply.status, reply.campos) == (422, {"ids": "LONGO_DEMAIS"})
    assert done(team, "move", ids[:1_000], etapa="perdido", motivo_perda="x") == (1_000, 0, {})
    assert done(team, "delete", filtros={"etapa": ["perdido"]}) == (1_000, 0, {})
    check(sql, team.equipe_id)


IDS = "select id from leads where equipe_id = :e order by id"


# ---------------------------------------------------------------- what is asked


@pytest.mark.parametrize(
    ("body", "campos"),
    [
        ({"ids": [1]}, {"acao": "OBRIGATORIO"}),
        ({"acao": "merge", "ids": [1]}, {"acao": "VALOR_INVALIDO"}),
        ({"acao": "delete"}, {"ids": "OBRIGATORIO"}),
        ({"acao": "delete", "ids": None}, {"ids": "OBRIGATORIO"}),
        ({"acao": "delete", "ids": []}, {"ids": "CURTO_DEMAIS"}),
        ({"acao": "delete", "ids": [0]}, {"ids.0": "FORA_DA_FAIXA"}),
        ({"acao": "delete", "ids": ["1"]}, {"ids.0": "TIPO_INVALIDO"}),
        ({"acao": "delete", "ids": [2**63]}, {"ids.0": "FORA_DA_FAIXA"}),
        ({"acao": "delete", "ids": list(range(1, 1_002))}, {"ids": "LONGO_DEMAIS"}),
        ({"acao": "delete", "ids": [1], "filtros": {"uf": ["SP"]}}, {"filtros": "VALOR_INVALIDO"}),
        ({"acao": "delete", "filtros": {}}, {"filtros": "OBRIGATORIO"}),
        ({"acao": "delete", "filtros": {"uf": []}}, {"filtros": "OBRIGATORIO"}),
        ({"acao": "delete", "filtros": {"todos": False}}, {"filtros": "OBRIGATORIO"}),
        (
            {"acao": "delete", "filtros": {"todos": True, "uf": ["SP"]}},
            {"filtros": "VALOR_INVALIDO"},
        ),
        (
            {"acao": "delete", "filtros": {"ordenar": "id"}},
            {"filtros.ordenar": "CAMPO_DESCONHECIDO"},
        ),
        ({"acao": "delete", "ids": [1], "etapa": "novo"}, {"etapa": "CAMPO_DESCONHECIDO"}),
        ({"acao": "delete", "ids": [1], "dry_run": 1}, {"dry_run": "TIPO_INVALIDO"}),
        ({"acao": "assign", "ids": [1]}, {"responsavel_id": "OBRIGATORIO"}),
        ({"acao": "move", "ids": [1]}, {"etapa": "OBRIGATORIO"}),
        ({"acao": "move", "ids": [1], "etapa": None}, {"etapa": "OBRIGATORIO"}),
        ({"acao": "tag", "ids": [1]}, {"etiquetas": "OBRIGATORIO"}),
        ({"acao": "tag", "ids": [1], "etiquetas": []}, {"etiquetas": "CURTO_DEMAIS"}),
        ({"acao": "untag", "ids": [1], "etiquetas": ["a,b"]}, {"etiquetas.0": "VALOR_INVALIDO"}),
        ({"acao": "set", "ids": [1]}, {"campos": "OBRIGATORIO"}),
        ({"acao": "set", "ids": [1], "campos": {}}, {"campos": "OBRIGATORIO"}),
        (
            {"acao": "set", "ids": [1], "campos": {"email": "a@exemplo.com.br"}},
            {"campos.email": "CAMPO_DESCONHECIDO"},
        ),
        (
            {"acao": "restore", "ids": [1], "permitir_duplicado": True, "campos": {"uf": "SP"}},
            {"campos": "CAMPO_DESCONHECIDO"},
        ),
        ({"acao": "tag", "ids": [1], "etiquetas": ["a"], "permitir_duplicado": True}, None),
    ],
)
def test_what_is_asked_for_wrongly_is_refused(
    team: Team, body: dict[str, Any], campos: dict[str, str] | None
) -> None:
    reply = team.gestor.api.post("/leads/bulk", body)
    expected = campos or {"permitir_duplicado": "CAMPO_DESCONHECIDO"}
    assert (reply.status, reply.campos) == (422, expected)


def test_a_dry_run_says_the_same_and_writes_nothing(
    team: Team, sql: Engine, leads: list[dict[str, Any]]
) -> None:
    one, two, three = leads
    team.gestor.api.patch(f"/leads/{two['id']}", {"etiquetas": ["a"]})
    team.gestor.api.delete(f"/leads/{three['id']}")
    state = (
        "select l.versao, l.etiquetas, l.excluido_em, (select count(*) from eventos e "
        "where e.equipe_id = l.equipe_id) from leads l where l.equipe_id = :e order by id"
    )
    before = rows(sql, state, e=team.equipe_id)
    for acao, more in (
        ("tag", {"etiquetas": ["a"]}),
        ("delete", {}),
        ("restore", {}),
        ("move", {"etapa": "perdido", "motivo_perda": "x"}),
        ("assign", {"responsavel_id": team.vendedor.id}),
        ("set", {"campos": {"uf": "SP"}}),
    ):
        reply = bulk(team.gestor.api, acao, ids=[i["id"] for i in leads], dry_run=True, **more)
        assert (reply.status, reply.message) == (200, "Lote conferido")
        assert rows(sql, state, e=team.equipe_id) == before
    said = bulk(team.gestor.api, "tag", ids=[one["id"]], etiquetas=["a"], dry_run=True).data
    reply = bulk(team.gestor.api, "tag", ids=[one["id"]], etiquetas=["a"])
    assert (reply.data, reply.message) == (said, "Lote concluído")


def test_a_vendedor_has_no_bulk_and_a_gestor_s_key_has(
    app: Flask, team: Team, leads: list[dict[str, Any]]
) -> None:
    body = {"ids": [leads[0]["id"]], "etiquetas": ["a"]}
    for api in (team.vendedor.api, Api(app, new_key(team, "vendedor")["chave"])):
        assert bulk(api, "tag", **body).status == 403
    key = new_key(team)
    assert bulk(Api(app, key["chave"]), "tag", **body).data["alterados"] == 1


def test_the_event_names_the_key_that_did_it(
    app: Flask, team: Team, sql: Engine, leads: list[dict[str, Any]]
) -> None:
    key = new_key(team)
    ids = [lead["id"] for lead in leads]
    assert bulk(Api(app, key["chave"]), "move", ids=ids, etapa="ganho").data["alterados"] == 3
    told = (
        "select chave_id, usuario_id, versao from eventos "
        "where lead_id = any(:ids) and tipo = 'lead_movido'"
    )
    assert rows(sql, told, ids=ids) == [(key["id"], team.gestor.id, 2)] * 3


def test_a_retry_gets_the_first_reply(team: Team, sql: Engine, leads: list[dict[str, Any]]) -> None:
    key, ids = {"Idempotency-Key": "lote-1"}, [lead["id"] for lead in leads]
    first = bulk(team.gestor.api, "delete", ids=ids, headers=key)
    again = bulk(team.gestor.api, "delete", ids=ids, headers=key)
    assert (again.raw, again.data["alterados"]) == (first.raw, 3)
    assert bulk(team.gestor.api, "delete", ids=ids[:1], headers=key).codigo == "CHAVE_REUTILIZADA"


# ---------------------------------------------------------------- races


def test_bulks_and_changes_of_the_same_leads_lose_nothing(team: Team, sql: Engine) -> None:
    api = team.gestor.api
    ids = [create(api)["id"] for _ in range(20)]

    def write(n: int) -> int:
        if n % 3 == 0:
            return bulk(api, "tag", ids=ids[::-1] if n % 2 else ids, etiquetas=[f"t{n}"]).status
        if n % 3 == 1:
            return bulk(api, "set", ids=ids, campos={"atributos": {f"a{n}": n}}).status
        return api.patch(f"/leads/{ids[n % 20]}", {"cidade": f"Cidade {n}"}).status

    deadlocks = "select deadlocks from pg_stat_database where datname = current_database()"
    before = rows(sql, deadlocks)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(write, range(24))) == {200}
    for lead in all_leads(api):
        assert set(lead["etiquetas"]) == {f"t{n}" for n in range(0, 24, 3)}
        assert lead["atributos"] == {f"a{n}": n for n in range(1, 24, 3)}
    check(sql, team.equipe_id)
    assert rows(sql, deadlocks) == before


def test_of_restores_and_creates_of_one_key_one_wins(team: Team, sql: Engine) -> None:
    api, phone = team.gestor.api, new_phone()
    gone = []
    for _ in range(3):
        gone.append(create(api, telefone=phone)["id"])
        api.delete(f"/leads/{gone[-1]}")

    def write(n: int) -> int:
        if n % 2:
            return int(api.post("/leads", {"nome": "L", "telefone": phone}).status == 201)
        return bulk(api, "restore", ids=gone).data["alterados"]

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(write, range(6))) == 1
    assert len(all_leads(api)) == 1
    check(sql, team.equipe_id)
