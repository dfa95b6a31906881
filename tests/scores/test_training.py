"""A model learned from the equipe's own closed leads: asked for, kept, shown, and used."""

from itertools import islice
from math import exp, log

import pytest
from flask import Flask
from sqlalchemy import Engine

from services.model import comparing, material
from tests.support.api import Api, Team
from tests.support.closed import as_open, bring, card, leads, train
from tests.support.jobs import ask, seen, work
from tests.support.leads import all_leads, create, rows, run

FIGURES = ("auc", "brier", "log_loss", "ece")
MODELS = "select versao, estado from modelos where equipe_id = :e order by 1"
IN_FORCE = "select modelo_versao from configuracao where equipe_id = :e"


@pytest.fixture(autouse=True)
def nothing_waits(app: Flask) -> None:
    """Jobs that other tests have left would come to their turn here."""
    work(app)


# A reply begins with these, in this order.
BEGINS = ("versao", "estado", "treinado_em", "n")


def taught(app: Flask, team: Team, n: int = 400) -> None:
    closed = list(leads(n))
    bring(team.gestor.api, [*closed, *map(as_open, leads(12, seed=2))])
    train(app, team.gestor.api)


def test_before_any_training_there_are_reasons_instead_of_figures(team: Team) -> None:
    for who in (team.gestor, team.vendedor):
        shown = card(who.api)
        assert list(shown.items())[:4] == [*zip(BEGINS, (0, "sem_modelo", None, 0), strict=True)]
        assert shown["motivo"] == "A equipe ainda não treinou um modelo."
        assert [shown[name] for name in FIGURES] == [None] * 4
    assert create(team.gestor.api)["probabilidade"] is None


def test_what_was_learned_is_shown_with_how_good_it_is(app: Flask, team: Team) -> None:
    taught(app, team)
    shown = card(team.vendedor.api)
    assert tuple(shown)[:4] == BEGINS
    assert (shown["versao"], shown["estado"], shown["n"]) == (1, "em_uso", 400)
    assert shown["motivo"] is None and shown["posteriores"] == 0
    assert shown["janela"]["de"].startswith("2026-01-01T00:00:00")
    for name in FIGURES:
        assert shown[name]["de"] <= shown[name]["valor"] <= shown[name]["ate"]
    assert shown["auc"]["valor"] > 0.65
    fields = {each["campo"]: each["faixas"] for each in shown["campos"]}
    plan = {each["rotulo"]: each for each in fields["atributos.plano"]}
    assert plan["ouro"]["pontos"] > 0 > plan["prata"]["pontos"]
    assert sum(each["n"] for each in plan.values()) == 400
    assert sum(each["ganhos"] for each in plan.values()) == shown["ganhos"]
    assert sum(row["n"] for row in shown["calibracao"]) == 400
    assert not {"telefone", "nome"} & fields.keys()


def test_open_leads_have_a_probability_and_closed_ones_none(app: Flask, team: Team) -> None:
    taught(app, team)
    found = all_leads(team.gestor.api)
    closed = [lead for lead in found if lead["fechado_em"]]
    alive = [lead for lead in found if not lead["fechado_em"]]
    assert (len(closed), len(alive)) == (400, 12)
    assert {lead["probabilidade"] for lead in closed} == {None}
    assert all(0 < lead["probabilidade"] < 1 for lead in alive)
    best = create(team.gestor.api, origem="Indicação", valor=5_000, atributos={"plano": "ouro"})
    worst = create(team.gestor.api, origem="Lista", valor=5_000, atributos={"plano": "prata"})
    assert best["probabilidade"] > 0.4 > 0.15 > worst["probabilidade"]
    path = f"/leads/{worst['id']}"
    better = team.gestor.api.patch(path, {"atributos": {"plano": "ouro"}}).data
    assert better["probabilidade"] > worst["probabilidade"]
    won = team.gestor.api.patch(path, {"etapa": "ganho"}).data
    assert won["probabilidade"] is None


def test_the_parts_of_a_probability_add_up(app: Flask, team: Team) -> None:
    taught(app, team)
    for lead in all_leads(team.gestor.api, etapa="novo"):
        shown = team.gestor.api.get(f"/leads/{lead['id']}/score").data
        logit = shown["modelo"]["base"] + sum(p["logit"] for p in shown["modelo"]["partes"])
        chance = shown["probabilidade"]
        assert logit == pytest.approx(log(chance / (1 - chance)), abs=1e-6)
        assert chance == pytest.approx(1 / (1 + exp(-logit)), abs=1e-9)
        assert shown["modelo"]["versao"] == 1


def test_only_a_gestor_asks_and_only_for_what_there_is(team: Team) -> None:
    assert team.vendedor.api.post("/scores/model/train").status == 403
    for body, code in (
        ({"janela": "sim"}, "TIPO_INVALIDO"),
        ({"janela": None}, "TIPO_INVALIDO"),
        ({"lambda": 3}, "CAMPO_DESCONHECIDO"),
    ):
        reply = team.gestor.api.post("/scores/model/train", body)
        assert (reply.status, [*reply.campos.values()]) == (422, [code])


def test_a_repeated_key_asks_once(app: Flask, team: Team) -> None:
    key = {"Idempotency-Key": "treino-1"}
    first, again = (team.gestor.api.post("/scores/model/train", {}, headers=key) for _ in range(2))
    assert first.data["id"] == again.data["id"]
    assert first.headers["Location"] == f"/jobs/{first.data['id']}"


def test_an_equipe_learns_from_its_own_leads_alone(
    app: Flask, team: Team, other_team: Team
) -> None:
    bring(other_team.gestor.api, list(leads(60)))
    shown = train(app, team.gestor.api)
    assert (shown["n"], shown["estado"]) == (0, "regras")
    assert card(other_team.gestor.api)["estado"] == "sem_modelo"


def test_deleted_and_reopened_leads_teach_nothing(app: Flask, team: Team) -> None:
    bring(team.gestor.api, list(leads(60)))
    some = all_leads(team.gestor.api)[:5]
    for lead in some[:3]:
        team.gestor.api.delete(f"/leads/{lead['id']}")
    for lead in some[3:]:
        team.gestor.api.patch(f"/leads/{lead['id']}", {"etapa": "novo"})
    assert train(app, team.gestor.api)["n"] == 55


def test_leads_that_closed_before_there_were_snapshots_count_as_they_are(
    app: Flask, team: Team, sql: Engine
) -> None:
    bring(team.gestor.api, list(leads(60)))
    run(
        sql,
        "delete from lead_instantaneo where lead_id in (select lead_id from lead_instantaneo "
        "where equipe_id = :e order by 1 limit 20)",
        e=team.equipe_id,
    )
    shown = train(app, team.gestor.api)
    assert (shown["n"], shown["posteriores"]) == (60, 20)


def test_a_worse_model_is_not_adopted_and_it_says_so(
    app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    taught(app, team)
    before = {lead["id"]: lead["probabilidade"] for lead in all_leads(team.gestor.api)}
    monkeypatch.setattr(comparing, "_is_worse", lambda pairs: len(pairs) == 300)
    shown = train(app, team.gestor.api)
    assert (shown["versao"], shown["estado"], shown["n"]) == (1, "em_uso", 400)
    assert "erra mais que o modelo em uso" in shown["motivo"]
    assert rows(sql, IN_FORCE, e=team.equipe_id) == [(1,)]
    assert rows(sql, MODELS, e=team.equipe_id) == [(1, "em_uso"), (2, "recusado")]
    assert {lead["id"]: lead["probabilidade"] for lead in all_leads(team.gestor.api)} == before


def test_a_model_is_judged_by_leads_that_closed_since(app: Flask, team: Team, sql: Engine) -> None:
    """What sold before sells no more: the new one, which knows it, takes the old one's place."""
    taught(app, team)
    turned = [
        {**row, "origem": {"indicação": "lista", "lista": "indicação"}.get(row["origem"], "site")}
        for row in leads(300, seed=3)
    ]
    bring(team.gestor.api, turned)
    assert train(app, team.gestor.api)["versao"] == 2
    assert rows(sql, MODELS, e=team.equipe_id) == [(1, "substituido"), (2, "em_uso")]


def test_training_again_follows_and_replaces(app: Flask, team: Team, sql: Engine) -> None:
    taught(app, team)
    assert train(app, team.gestor.api)["versao"] == 2
    assert rows(sql, MODELS, e=team.equipe_id) == [(1, "substituido"), (2, "em_uso")]
    used = "select distinct modelo_versao from lead_pontuacao where equipe_id = :e"
    assert rows(sql, used, e=team.equipe_id) == [(2,)]


def test_a_worker_that_finds_nothing_read_reads_once_more(app: Flask, team: Team) -> None:
    """As after the one before it was killed while it learned."""
    bring(team.gestor.api, list(leads(60)))
    job_id = ask(team.gestor.api, "treinar")
    lost = iter([True])
    with pytest.MonkeyPatch.context() as patch:
        taken = material.taken
        patch.setattr(material, "taken", lambda job: None if next(lost, False) else taken(job))
        work(app)
    done = seen(team.gestor.api, job_id)
    assert (done["estado"], done["resultado"]["adotado"]) == ("concluida", True)
    assert next(lost, None) is None


def test_of_a_few_leads_nothing_is_learned(app: Flask, team: Team) -> None:
    bring(team.gestor.api, list(islice(leads(60), 29)))
    shown = train(app, team.gestor.api)
    assert (shown["n"], shown["estado"], shown["auc"]) == (29, "regras", None)
    assert "29" in shown["motivo"]
    assert create(team.gestor.api)["probabilidade"] is None


def test_a_declared_rate_gives_probabilities_before_there_are_leads(app: Flask, team: Team) -> None:
    for origem in ("indicação", "lista"):
        create(team.gestor.api, origem=origem)
    assert team.gestor.api.patch("/equipe", {"taxa_ganho": 0.2}).status == 200
    assert train(app, team.gestor.api)["estado"] == "regras"
    best, worst = (lead["probabilidade"] for lead in all_leads(team.gestor.api))
    assert 0 < worst < 0.2 < best < 0.5


def test_one_outcome_is_none_to_learn_from(app: Flask, team: Team) -> None:
    won = [row for row in leads(400) if row["etapa"] == "ganho"][:60]
    bring(team.gestor.api, won)
    shown = train(app, team.gestor.api)
    assert (shown["n"], shown["ganhos"], shown["estado"]) == (60, 60, "regras")
    assert "perdidos" in shown["motivo"]


def excluded(shown: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {each["campo"]: each["motivo"] for each in shown["excluidos"]}


def test_what_gives_the_outcome_away_is_named_and_left_out(app: Flask, team: Team) -> None:
    """Unless a gestor allows it with a reason; withdrawn, it is gone from the next model."""
    closed = list(leads(400, more=lambda n, won: {"contrato": "x" if won else "", "fixo": "a"}))
    bring(team.gestor.api, closed)
    shown = train(app, team.gestor.api)
    assert "desfecho" in excluded(shown)["atributos.contrato"]
    assert "mesmo valor" in excluded(shown)["atributos.fixo"]
    learned = {each["campo"] for each in shown["campos"]}
    assert not learned & {"atributos.contrato", "atributos.fixo"}
    allow(team.gestor.api, "atributos.contrato")
    shown = train(app, team.gestor.api)
    assert "atributos.contrato" in {each["campo"] for each in shown["campos"]}
    assert shown["auc"]["valor"] > 0.95
    assert team.gestor.api.patch("/equipe", {"campos_permitidos": []}).status == 200
    shown = train(app, team.gestor.api)
    assert shown["versao"] == 3
    assert "atributos.contrato" not in {each["campo"] for each in shown["campos"]}


def allow(api: Api, *names: str) -> None:
    asked = [{"campo": name, "motivo": "Já se sabe no primeiro contato."} for name in names]
    assert api.patch("/equipe", {"campos_permitidos": asked}).status == 200


def test_age_waits_for_a_decision_and_protected_traits_for_none(app: Flask, team: Team) -> None:
    def more(number: int, won: bool) -> dict[str, object]:
        return {
            "idade": 20 + number % 20 + 20 * won,
            "sexo": "FM"[number % 2],
            "cor da pele": number % 3,
        }

    bring(team.gestor.api, list(leads(120, more=more)))
    shown = train(app, team.gestor.api)
    assert "idade" in excluded(shown)["atributos.idade"].lower()
    learned = {each["campo"] for each in shown["campos"]}
    protected = {"atributos.sexo", "atributos.cor da pele"}
    assert not learned & {"atributos.idade", *protected}
    for name in protected:  # no snapshot keeps them, and the gestor is told all the same
        assert "protegida" in excluded(shown)[name]
    allow(team.gestor.api, "atributos.idade")
    assert "atributos.idade" not in excluded(train(app, team.gestor.api))


def test_what_appears_later_is_left_out(app: Flask, team: Team) -> None:
    closed = leads(400, more=lambda n, _: {"novo_campo": "ab"[n % 2] if n > 300 else ""})
    bring(team.gestor.api, list(closed))
    shown = train(app, team.gestor.api)
    assert "mais novos" in excluded(shown)["atributos.novo_campo"]
