"""Drafts of rules: begun from what is there, changed as a whole, refused if they are nonsense."""

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.support.api import Team
from tests.support.leads import create, rows
from tests.support.publishing import BANDS, draft, publish, rule

DRAFTS = "/scores/rules/drafts"
WHOLE: dict[str, Any] = {
    "base": 15,
    "grupos": [{"nome": "origem", "minimo": -5, "maximo": 15}],
    "regras": [
        rule("origem", "em", ["Evento", "Feira"], grupo="origem"),
        rule("dias_sem_contato", "acima", 30, -10, meia_vida_dias=7.5),
    ],
    "faixas": {"quente": 80, "morno": 50, "frio": 0},
}


def test_a_draft_begins_as_what_is_in_force(team: Team) -> None:
    api = team.gestor.api
    made = api.post(DRAFTS, {})
    assert (made.status, made.headers["Location"]) == (201, f"{DRAFTS}/{made.data['n']}")
    in_force = api.get("/scores/rules").data
    for part in ("base", "grupos", "regras", "faixas"):
        assert made.data[part] == in_force[part]
    assert [each["n"] for each in in_force["rascunhos"]] == [made.data["n"]]
    assert in_force["versao"] == 0


def test_a_draft_has_its_own_parts_in_the_place_of_others(team: Team) -> None:
    api = team.gestor.api
    made = api.post(DRAFTS, {"a_partir_de": "credito", "base": 1}).data
    ready = api.post(DRAFTS, {"a_partir_de": "credito"}).data
    assert made["base"] == 1
    assert made["regras"] == ready["regras"] != api.get("/scores/rules").data["regras"]


@pytest.mark.parametrize("source", ["credito", "consorcio", "seguros", "investimentos"])
def test_each_ready_set_is_one_to_start_from(team: Team, source: str) -> None:
    api = team.gestor.api
    assert source in [each["nome"] for each in api.get("/scores/rules").data["conjuntos"]]
    made = api.post(DRAFTS, {"a_partir_de": source}).data
    assert api.post(f"{DRAFTS}/{made['n']}/publish").status == 202
    lead = create(api, valor="90000.00", origem="indicação")
    score = api.get(f"/leads/{lead['id']}/score").data
    assert score["versao"] == made["n"]
    assert sum(part["pontos"] for part in score["partes"]) == score["score"] == lead["score"]


def test_a_draft_is_replaced_as_a_whole(team: Team) -> None:
    api = team.gestor.api
    n = draft(api, rule("email", "preenchido"))
    changed = api.call("PUT", f"{DRAFTS}/{n}", json=WHOLE)
    assert changed.status == 200, changed.body
    assert api.get(f"{DRAFTS}/{n}").data == changed.data
    assert {part: changed.data[part] for part in ("base", "faixas")} == {
        part: WHOLE[part] for part in ("base", "faixas")
    }
    first, second = changed.data["regras"]
    assert (first["valor"], first["grupo"]) == (["Evento", "Feira"], "origem")
    assert (second["valor"], second["meia_vida_dias"]) == (30, 7.5)
    api.call("PUT", f"{DRAFTS}/{n}", json={"base": 0, "regras": [], "faixas": BANDS})
    assert api.get(f"{DRAFTS}/{n}").data["grupos"] == []


def test_a_deleted_draft_is_gone(team: Team) -> None:
    api = team.gestor.api
    n = draft(api)
    assert api.delete(f"{DRAFTS}/{n}").status == 200
    assert api.get(f"{DRAFTS}/{n}").status == api.delete(f"{DRAFTS}/{n}").status == 404


def test_what_was_published_is_a_draft_no_longer(team: Team) -> None:
    api = team.gestor.api
    n, _ = publish(api, rule("email", "preenchido"))
    asked = [
        api.get(f"{DRAFTS}/{n}"),
        api.call("PUT", f"{DRAFTS}/{n}", json=WHOLE),
        api.delete(f"{DRAFTS}/{n}"),
        api.post(f"{DRAFTS}/{n}/publish"),
    ]
    assert {(each.status, each.codigo) for each in asked} == {(409, "REGRAS_JA_PUBLICADAS")}


def test_a_keyed_draft_is_begun_once(team: Team) -> None:
    key = {"Idempotency-Key": "um-rascunho"}
    first, again = (team.gestor.api.post(DRAFTS, WHOLE, headers=key) for _ in range(2))
    assert first.data == again.data
    assert len(team.gestor.api.get("/scores/rules").data["rascunhos"]) == 1


def test_only_so_many_drafts_are_kept(team: Team) -> None:
    for _ in range(20):
        n = draft(team.gestor.api)
    refused = team.gestor.api.post(DRAFTS, {})
    assert (refused.status, refused.codigo) == (409, "RASCUNHOS_DEMAIS")
    team.gestor.api.delete(f"{DRAFTS}/{n}")
    assert team.gestor.api.post(DRAFTS, {}).status == 201


def test_a_vendedor_reads_the_rules_and_no_draft(team: Team) -> None:
    draft(team.gestor.api)
    shown = team.vendedor.api.get("/scores/rules").data
    assert (len(shown["regras"]), shown["rascunhos"]) == (16, [])


def bad(**changes: Any) -> dict[str, Any]:
    return {"base": 20, "grupos": [], "regras": [], "faixas": BANDS, **changes}


def of_rule(*arguments: Any, **more: Any) -> dict[str, Any]:
    return bad(regras=[rule(*arguments, **more)])


_TEXT = "x" * 200
BAD: dict[str, tuple[dict[str, Any], str, str]] = {
    "no field": (of_rule("nascimento", "preenchido"), "regras.0.campo", "VALOR_INVALIDO"),
    "a name": (of_rule("nome", "igual", "Ana"), "regras.0.campo", "VALOR_INVALIDO"),
    "no path": (of_rule("atributos.", "preenchido"), "regras.0.campo", "VALOR_INVALIDO"),
    "a long path": (of_rule("atributos.a.b.c.d", "vazio"), "regras.0.campo", "VALOR_INVALIDO"),
    "no operator": (of_rule("email", "like", "x"), "regras.0.operador", "VALOR_INVALIDO"),
    "unfit": (of_rule("email", "igual", "x"), "regras.0.operador", "VALOR_INVALIDO"),
    "no value": (of_rule("uf", "igual"), "regras.0.valor", "VALOR_INVALIDO"),
    "a value": (of_rule("uf", "vazio", "SP"), "regras.0.valor", "VALOR_INVALIDO"),
    "no list": (of_rule("uf", "em", "SP"), "regras.0.valor", "VALOR_INVALIDO"),
    "no pair": (of_rule("valor", "entre", [1, 2, 3]), "regras.0.valor", "VALOR_INVALIDO"),
    "no amount": (of_rule("valor", "minimo", "dez"), "regras.0.valor", "VALOR_INVALIDO"),
    "fractions": (of_rule("valor", "minimo", "1.005"), "regras.0.valor", "VALOR_INVALIDO"),
    "no such amount": (of_rule("valor", "minimo", "1e400"), "regras.0.valor", "VALOR_INVALIDO"),
    "an endless amount": (of_rule("valor", "acima", "NaN"), "regras.0.valor", "VALOR_INVALIDO"),
    "too much": (of_rule("valor", "minimo", "1000000000000"), "regras.0.valor", "VALOR_INVALIDO"),
    "not a number": (of_rule("tentativas", "acima", "x"), "regras.0.valor", "VALOR_INVALIDO"),
    "an object": (of_rule("uf", "igual", {"a": 1}), "regras.0.valor", "TIPO_INVALIDO"),
    "a list of lists": (of_rule("uf", "em", [["SP"]]), "regras.0.valor", "TIPO_INVALIDO"),
    "many values": (of_rule("uf", "em", ["SP"] * 101), "regras.0.valor", "LONGO_DEMAIS"),
    "no values": (of_rule("uf", "em", []), "regras.0.valor", "LONGO_DEMAIS"),
    "NUL": (of_rule("uf", "igual", "S\0P"), "regras.0.valor", "TEXTO_INVALIDO"),
    "NUL in a field": (of_rule("atributos.a\0", "vazio"), "regras.0.campo", "TEXTO_INVALIDO"),
    "0 points": (of_rule("uf", "vazio", pontos=0), "regras.0.pontos", "VALOR_INVALIDO"),
    "101 points": (of_rule("uf", "vazio", pontos=101), "regras.0.pontos", "FORA_DA_FAIXA"),
    "-101 points": (of_rule("uf", "vazio", pontos=-101), "regras.0.pontos", "FORA_DA_FAIXA"),
    "half a point": (of_rule("uf", "vazio", pontos=0.5), "regras.0.pontos", "TIPO_INVALIDO"),
    "no reason": (of_rule("uf", "vazio", motivo=" "), "regras.0.motivo", "OBRIGATORIO"),
    "a long reason": (of_rule("uf", "vazio", motivo=_TEXT), "regras.0.motivo", "LONGO_DEMAIS"),
    "no group": (of_rule("uf", "vazio", grupo="x"), "regras.0.grupo", "VALOR_INVALIDO"),
    "no time": (
        of_rule("uf", "vazio", meia_vida_dias=0),
        "regras.0.meia_vida_dias",
        "FORA_DA_FAIXA",
    ),
    "for ever": (
        of_rule("uf", "vazio", meia_vida_dias=3_651),
        "regras.0.meia_vida_dias",
        "FORA_DA_FAIXA",
    ),
    "unknown": (of_rule("uf", "vazio", sql="1=1"), "regras.0.sql", "CAMPO_DESCONHECIDO"),
    "base": (bad(base=101), "base", "FORA_DA_FAIXA"),
    "bands": (bad(faixas={"quente": 40, "morno": 40}), "faixas.quente", "VALOR_INVALIDO"),
    "no band": (bad(faixas={"quente": 40, "morno": 0}), "faixas.morno", "FORA_DA_FAIXA"),
    "cold": (bad(faixas={**BANDS, "frio": 1}), "faixas.frio", "FORA_DA_FAIXA"),
    "limits": (
        bad(grupos=[{"nome": "a", "minimo": 5, "maximo": 4}]),
        "grupos.0.minimo",
        "VALOR_INVALIDO",
    ),
    "groups": (bad(grupos=[{"nome": "a"}, {"nome": "a"}]), "grupos.0.nome", "REPETIDO"),
    "201 rules": (bad(regras=[rule("uf", "vazio")] * 201), "regras", "LONGO_DEMAIS"),
    "10,000 rules": (bad(regras=[rule("uf", "vazio")] * 10_000), "regras", "LONGO_DEMAIS"),
    "too long": (bad(regras=[rule("uf", "em", [_TEXT] * 100)] * 9), "regras", "LONGO_DEMAIS"),
    "no source": ({"a_partir_de": 7}, "a_partir_de", "VALOR_INVALIDO"),
    "no such set": ({"a_partir_de": "imóveis"}, "a_partir_de", "VALOR_INVALIDO"),
}


@pytest.mark.parametrize(("body", "campo", "codigo"), BAD.values(), ids=BAD)
def test_nonsense_is_refused_where_it_stands(
    team: Team, sql: Engine, body: dict[str, Any], campo: str, codigo: str
) -> None:
    refused = team.gestor.api.post(DRAFTS, body)
    assert refused.status == 422, refused.body
    assert refused.campos[campo] == codigo
    assert rows(sql, "select 1 from regras where equipe_id = :e", e=team.equipe_id) == []


@pytest.mark.parametrize("n", [2**31, 2**63 - 1, 10**18])
def test_a_number_that_no_version_has_is_not_found(team: Team, n: int) -> None:
    api = team.gestor.api
    asked = [api.get(f"{DRAFTS}/{n}"), api.delete(f"{DRAFTS}/{n}")]
    asked += [api.post(f"{DRAFTS}/{n}/publish"), api.call("PUT", f"{DRAFTS}/{n}", json=WHOLE)]
    assert {each.status for each in asked} == {404}
    assert api.get(f"/scores/rules?versao={n}").status == 422
