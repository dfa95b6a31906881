"""A score is explained to the point, and scoring is no change to a lead."""

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.support.api import Team, new_email
from tests.support.leads import all_leads, create, events, imported, new_cpf, new_phone, rows, run

BEST: dict[str, Any] = {
    "produto": "seguro",
    "valor": "100000.00",
    "renda_mensal": "20000.00",
    "origem": "indicação",
    "etapa": "proposta",
}


def explained(team: Team, lead: dict[str, Any]) -> dict[str, Any]:
    """The explanation of a lead's score; its parts add up, whatever the lead."""
    score = team.gestor.api.get(f"/leads/{lead['id']}/score").data
    assert sum(part["pontos"] for part in score["partes"]) == score["score"] == lead["score"]
    assert score["faixa"] == lead["faixa"]
    assert all(part["pontos"] and part["motivo"] for part in score["partes"])
    return score


def points(team: Team, **fields: Any) -> dict[str, int]:
    """Points of the parts by reason."""
    score = explained(team, create(team.gestor.api, **fields))
    return {part["motivo"]: part["pontos"] for part in score["partes"]}


def test_a_bare_lead_has_its_starting_point_as_only_reason(team: Team) -> None:
    score = explained(team, create(team.gestor.api))
    assert [part["campo"] for part in score["partes"]] == ["base"]
    assert (score["probabilidade"], score["modelo"]) == (None, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("telefone", "phone"),
        ("email", "email"),
        ("documento", "cpf"),
        ("produto", "seguro"),
        ("renda_mensal", "3000.00"),
        ("valor", "20000.00"),
        ("origem", "indicação"),
        ("origem", "lista fria"),
        ("etapa", "qualificado"),
    ],
)
def test_each_field_gives_its_reason(team: Team, field: str, value: str) -> None:
    fresh = {"phone": new_phone, "email": new_email, "cpf": new_cpf}
    given = fresh[value]() if value in fresh else value
    score = explained(team, create(team.gestor.api, **{field: given}))
    assert [part["campo"] for part in score["partes"]] == ["base", field]


@pytest.mark.parametrize(
    ("value", "reasons"),
    [("2999.99", 0), ("3000", 1), ("7999.99", 1), ("8000", 2), ("19999.99", 2), ("20000", 3)],
)
def test_steps_are_reached_exactly(team: Team, value: str, reasons: int) -> None:
    score = explained(team, create(team.gestor.api, renda_mensal=value))
    assert [part["campo"] for part in score["partes"]].count("renda_mensal") == reasons


def test_the_upper_limit_is_a_part_of_its_own(team: Team) -> None:
    found = {"telefone": new_phone(), "email": new_email("lead"), "documento": new_cpf()}
    score = explained(team, create(team.gestor.api, **BEST, **found))
    assert score["score"] == 100
    (limit,) = [part for part in score["partes"] if part["campo"] == "limite"]
    assert limit["pontos"] < 0


@pytest.mark.parametrize("origem", ["Indicação", "INDICAÇÃO", "indicacao"])
def test_a_source_is_known_in_any_case(team: Team, origem: str) -> None:
    assert points(team, origem=origem) == points(team, origem="indicação")


def test_emptying_a_field_takes_its_points_back(team: Team) -> None:
    lead = create(team.gestor.api, produto="seguro", etapa="proposta")
    path = f"/leads/{lead['id']}"
    after = team.gestor.api.patch(path, {"produto": None, "etapa": "novo"}).data
    assert [part["campo"] for part in explained(team, after)["partes"]] == ["base"]


def test_scoring_is_no_change_to_the_lead(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api, **BEST)
    assert lead["versao"] == 1
    assert len(events(sql, lead["id"])) == 1
    after = team.gestor.api.patch(f"/leads/{lead['id']}", {"etapa": "contatado"}).data
    assert after["score"] != lead["score"]
    assert after["versao"] == 2
    assert [event[0] for event in events(sql, lead["id"])] == ["lead_criado", "lead_movido"]


def test_a_change_that_matters_to_no_rule_keeps_the_score(team: Team) -> None:
    lead = create(team.gestor.api, **BEST)
    before = explained(team, lead)
    after = team.gestor.api.patch(f"/leads/{lead['id']}", {"cidade": "Lins"}).data
    assert explained(team, after) == before


def test_every_imported_score_is_explained_and_ranked_as_sql_does(team: Team, sql: Engine) -> None:
    sources = ("site", "lista", "indicação", "carteira", "")
    stages = ("novo", "contatado", "qualificado", "proposta", "ganho")
    lines = [f"L{n},{sources[n % 5]},{stages[n // 5]},{n * 1_500},{n * 9_000}" for n in range(25)]
    imported(team.gestor.api, "nome,origem,etapa,renda_mensal,valor\n" + "\n".join(lines))
    ranked = all_leads(team.gestor.api, ordenar="-score", limite=4)
    for lead in ranked:
        explained(team, lead)
    found = rows(
        sql,
        "select l.id, p.score from leads l join lead_pontuacao p on p.lead_id = l.id "
        "where l.equipe_id = :e and p.equipe_id = :e order by p.score desc, l.id desc",
        e=team.equipe_id,
    )
    assert [(lead["id"], lead["score"]) for lead in ranked] == found
    assert len({lead["score"] for lead in ranked}) > 5


def test_bands_follow_the_score(team: Team, sql: Engine) -> None:
    for origem in ("lista", "site", "indicação"):
        for etapa in ("novo", "qualificado", "proposta"):
            create(team.gestor.api, origem=origem, etapa=etapa, telefone=new_phone())
    by_band: dict[str, list[int]] = {"frio": [], "morno": [], "quente": []}
    for lead in all_leads(team.gestor.api):
        by_band[lead["faixa"]].append(lead["score"])
    assert max(by_band["frio"]) < min(by_band["morno"])
    assert max(by_band["morno"]) < min(by_band["quente"])


def test_a_change_of_a_lead_scores_it_in_the_same_reply(team: Team) -> None:
    lead = create(team.gestor.api)
    body = {"etapa": "proposta", "origem": "indicação", "telefone": new_phone()}
    moved = team.gestor.api.patch(f"/leads/{lead['id']}", body)
    assert moved.data["score"] > lead["score"]
    score = team.gestor.api.get(f"/leads/{lead['id']}/score").data
    assert (score["score"], score["faixa"]) == (moved.data["score"], moved.data["faixa"])
    assert moved.headers["ETag"] == team.gestor.api.get(f"/leads/{lead['id']}").headers["ETag"]


def test_a_lead_that_was_scored_again_is_sent_with_another_etag(team: Team, sql: Engine) -> None:
    """Also where the points are the same and only the probability is new."""
    lead = create(team.gestor.api)
    path = f"/leads/{lead['id']}"
    tag = team.gestor.api.get(path).headers["ETag"]
    scored = "update lead_pontuacao set probabilidade = 0.5, calculado_em = clock_timestamp() "
    run(sql, scored + "where lead_id = :id", id=lead["id"])
    again = team.gestor.api.get(path, headers={"If-None-Match": tag})
    assert (again.status, again.data["probabilidade"]) == (200, 0.5)
    assert again.headers["ETag"] != tag
    renamed = team.gestor.api.patch(path, {"nome": "Outro"}, headers={"If-Match": tag})
    assert renamed.status == 200  # If-Match asks for the version alone
