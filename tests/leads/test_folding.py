"""What people write in many ways is one thing: UFs, stages, sources, products."""

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.support.api import Reply, Team
from tests.support.leads import all_leads, create, imported, new_cpf, rows, run
from utils.brazil.states import STATES

FOUR = ["Indicação", "INDICACAO", " indicaçao ", "Indi\u200bcação"]


@pytest.mark.parametrize(
    "said",
    ["SP", "sp", " Sp ", "São Paulo", "SAO PAULO", "sao  paulo", "São\u200b Paulo", "S\u200bP"],
)
def test_a_uf_is_its_abbreviation_or_its_name(team: Team, said: str) -> None:
    lead = create(team.gestor.api, uf=said)
    assert lead["uf"] == "SP"
    path = f"/leads/{lead['id']}"
    assert team.gestor.api.patch(path, {"uf": said}).data == lead
    assert [found["id"] for found in all_leads(team.gestor.api, uf=said)] == [lead["id"]]
    imported(team.gestor.api, f"documento,uf\n{new_cpf()},{said}\n")
    assert [found["uf"] for found in all_leads(team.gestor.api, uf="sp")] == ["SP", "SP"]


def offered(reply: Reply, campo: str, codigo: str) -> dict[str, Any]:
    assert (reply.status, reply.campos) == (422, {campo: codigo}), reply.body
    (error,) = reply.data["erros"]
    return error


@pytest.mark.parametrize(("said", "near"), [("SPP", "SP"), ("12", None)])
def test_an_unknown_uf_is_refused_with_those_there_are(
    team: Team, said: str, near: str | None
) -> None:
    api = team.gestor.api
    lead = create(api)
    for reply, campo in (
        (api.post("/leads", {"nome": "Lead", "uf": said}), "uf"),
        (api.patch(f"/leads/{lead['id']}", {"uf": said}), "uf"),
        (api.get("/leads", query_string={"uf": said}), "uf.0"),
        (api.post("/leads/search", {"uf": ["SP", said]}), "uf.1"),
    ):
        error = offered(reply, campo, "VALOR_INVALIDO")
        assert (error["opcoes"], error["parecido"]) == (list(STATES), near)


def test_a_line_with_an_unknown_value_is_told_those_there_are(team: Team) -> None:
    csv = "nome,uf,etapa,responsavel_id\nA,SPP,contactado,999999999\nB,sp,CONTATADO,\n"
    report = imported(team.gestor.api, csv)
    assert (report["criados"], report["rejeitados"]) == (1, 1)
    told = {error["campo"]: error for error in report["erros"]}
    assert {campo: error["codigo"] for campo, error in told.items()} == {
        "uf": "VALOR_INVALIDO",
        "etapa": "ETAPA_INEXISTENTE",
        "responsavel_id": "USUARIO_INEXISTENTE",
    }
    assert (told["uf"]["parecido"], told["uf"]["opcoes"]) == ("SP", list(STATES))
    stages = ["novo", "contatado", "qualificado", "proposta", "ganho", "perdido"]
    assert (told["etapa"]["parecido"], sorted(told["etapa"]["opcoes"])) == (
        "contatado",
        sorted(stages),
    )
    assert told["responsavel_id"]["parecido"] is None
    people = [str(person.id) for person in (team.gestor, team.vendedor, team.colleague)]
    assert told["responsavel_id"]["opcoes"] == people
    assert all_leads(team.gestor.api)[0]["etapa"] == "contatado"


@pytest.mark.parametrize("field", ["origem", "produto"])
def test_a_lead_keeps_its_spelling_and_is_found_by_any(team: Team, field: str) -> None:
    ids = [create(team.gestor.api, **{field: said})["id"] for said in FOUR]
    create(team.gestor.api, **{field: "indicação de cliente"})
    for said in FOUR:
        found = all_leads(team.gestor.api, **{field: said})
        assert [lead["id"] for lead in found] == ids
        assert [lead[field] for lead in found] == [each.strip() for each in FOUR]
        assert searched(team, **{field: [said, "outra coisa"]}) == ids


def searched(team: Team, **body: Any) -> list[int]:
    reply = team.gestor.api.post("/leads/search", {"ordenar": "criado_em", **body})
    assert reply.status == 200, reply.body
    return [lead["id"] for lead in reply.data["itens"]]


@pytest.mark.parametrize("field", ["origem", "produto"])
def test_a_change_of_spelling_is_a_change(team: Team, field: str) -> None:
    lead = create(team.gestor.api, **{field: "Indicação"})
    after = team.gestor.api.patch(f"/leads/{lead['id']}", {field: "INDICACAO"}).data
    assert (after[field], after["versao"]) == ("INDICACAO", 2)
    assert len(all_leads(team.gestor.api, **{field: "indicação"})) == 1


@pytest.mark.parametrize("field", ["origem", "produto"])
def test_a_group_is_spelt_as_its_first_lead_was(team: Team, field: str) -> None:
    leads = [create(team.gestor.api, **{field: said}) for said in ("INDICACAO", *FOUR)]
    imported(team.gestor.api, f"nome,{field}\nA,indicação\nB,Site\n")

    def groups() -> dict[str, int]:
        counted = team.gestor.api.get("/metrics").data[f"por_{field}"]
        return {group[field]: group["quantidade"] for group in counted}

    assert groups() == {"INDICACAO": 6, "Site": 1}
    team.gestor.api.delete(f"/leads/{leads[0]['id']}")
    assert groups() == {"INDICACAO": 5, "Site": 1}
    team.gestor.api.patch(f"/leads/{leads[1]['id']}", {field: "outra"})
    assert groups() == {"INDICACAO": 4, "Site": 1, "outra": 1}


@pytest.mark.parametrize("field", ["origem", "produto"])
def test_a_word_of_which_folding_leaves_nothing_is_a_word(team: Team, field: str) -> None:
    api = team.gestor.api
    marked = create(api, valor="500.00", **{field: "´"})["id"]
    create(api, valor="700.00")
    imported(api, f"nome,valor,{field}\nA,900.00,´\nB,300.00,\n")
    assert [lead["valor"] for lead in all_leads(api, **{field: "´"})] == ["500.00", "900.00"]
    assert marked in searched(team, **{field: ["´", "outra"]})
    groups = api.get("/metrics").data[f"por_{field}"]
    assert {group[field]: group["quantidade"] for group in groups} == {"´": 2, None: 2}


def test_a_vendedor_s_group_is_spelt_as_the_equipe_s(team: Team) -> None:
    create(team.gestor.api, origem="INDICACAO")
    create(team.vendedor.api, origem="Indicação")
    (group,) = team.vendedor.api.get("/metrics").data["por_origem"]
    assert (group["origem"], group["quantidade"]) == ("INDICACAO", 1)


def test_scores_treat_all_spellings_alike(team: Team, sql: Engine) -> None:
    base = create(team.gestor.api)["score"]
    scores = {said: create(team.gestor.api, origem=said)["score"] for said in FOUR}
    assert set(scores.values()) == {base + 20}
    imported(team.gestor.api, "nome,origem\nA,INDICAÇÃO\n")
    of = "select score from lead_pontuacao where equipe_id = :e order by lead_id desc limit 1"
    assert rows(sql, of, e=team.equipe_id) == [(base + 20,)]
    plain = create(team.gestor.api)
    changed = team.gestor.api.patch(f"/leads/{plain['id']}", {"origem": "Formulario"}).data
    assert changed["score"] == base + 12


def test_filtering_by_an_unknown_stage_offers_those_there_are(team: Team, other_team: Team) -> None:
    for caller in (team.gestor, team.vendedor):
        for reply in (
            caller.api.get("/leads?etapa=novo&etapa=contactado"),
            caller.api.post("/leads/search", {"etapa": ["novo", "contactado"]}),
        ):
            error = offered(reply, "etapa", "ETAPA_INEXISTENTE")
            assert (len(error["opcoes"]), error["parecido"]) == (6, "contatado")


def test_stages_are_filtered_however_they_are_written(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api, etapa="proposta")
    run(
        sql,
        "update etapas set nome = 'Em Negociação', nome_chave = 'em negociacao' "
        "where equipe_id = :e and chave = 'proposta'",
        e=team.equipe_id,
    )
    for said in ("proposta", "PROPOSTA", "em negociação", "EM  NEGOCIACAO", "em nego\u200bciação"):
        assert searched(team, etapa=[said]) == [lead["id"]]
        assert [found["id"] for found in all_leads(team.gestor.api, etapa=said)] == [lead["id"]]


def test_an_archived_stage_is_still_a_filter(team: Team, sql: Engine) -> None:
    """Deleted leads may be in it."""
    lead = create(team.gestor.api, etapa="qualificado")
    team.gestor.api.delete(f"/leads/{lead['id']}")
    run(
        sql,
        "update etapas set arquivada_em = now() where equipe_id = :e and chave = 'qualificado'",
        e=team.equipe_id,
    )
    assert all_leads(team.gestor.api, etapa="qualificado") == []
    deleted = all_leads(team.gestor.api, etapa="Qualificado", excluidos=1)
    assert [found["id"] for found in deleted] == [lead["id"]]


def test_filtering_by_an_unknown_user_offers_a_gestor_those_there_are(
    team: Team, other_team: Team
) -> None:
    people = [team.gestor.id, team.vendedor.id, team.colleague.id]
    for stranger in (other_team.vendedor.id, 2**62):
        for reply in (
            team.gestor.api.get(f"/leads?responsavel_id={stranger}"),
            team.gestor.api.post("/leads/search", {"responsavel_id": stranger}),
        ):
            error = offered(reply, "responsavel_id", "USUARIO_INEXISTENTE")
            assert (error["opcoes"], error["parecido"]) == (people, None)
        assert team.vendedor.api.get(f"/leads?responsavel_id={stranger}").data["itens"] == []


def test_who_has_left_is_still_a_filter(team: Team) -> None:
    lead = create(team.gestor.api, responsavel_id=team.vendedor.id)
    gone = team.gestor.api.patch(f"/users/{team.vendedor.id}", {"ativo": False})
    assert gone.status == 200, gone.body
    found = all_leads(team.gestor.api, responsavel_id=team.vendedor.id)
    assert [each["id"] for each in found] == [lead["id"]]
    reply = team.gestor.api.patch(f"/leads/{lead['id']}", {"responsavel_id": team.vendedor.id})
    assert reply.status == 200  # no change
    other = {"nome": "Lead", "responsavel_id": team.vendedor.id}
    error = offered(team.gestor.api.post("/leads", other), "responsavel_id", "USUARIO_INEXISTENTE")
    assert error["opcoes"] == [team.gestor.id, team.colleague.id]


def test_the_name_of_an_archived_stage_that_another_has_now_is_that_of_the_other(
    team: Team, sql: Engine
) -> None:
    run(
        sql,
        "update etapas set arquivada_em = now() where equipe_id = :e and chave = 'qualificado'; "
        "insert into etapas (equipe_id, chave, nome, nome_chave, tipo, ordem) "
        "values (:e, 'qualificado_2', 'Qualificado', 'qualificado', 'aberta', 3)",
        e=team.equipe_id,
    )
    lead = create(team.gestor.api, etapa="Qualificado")
    assert lead["etapa"] == "qualificado_2"
    assert searched(team, etapa=["Qualificado"]) == [lead["id"]]
