"""What a probability is not told of by the rules either: what a person must not be judged by, what
only people may let in, and what the guards of a training left out."""

from math import log
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.faults.tools import wait_until
from tests.scores.test_probability import CARD, adopt
from tests.support.api import Api, Team
from tests.support.closed import Row, bring, card, leads, train
from tests.support.jobs import work
from tests.support.leads import create, rows
from tests.support.publishing import BANDS, check_current, publish, rule

SEX = rule("atributos.sexo", "igual", "F", 40)
AGE = rule("atributos.idade", "minimo", 40, 40)
PLAN = rule("atributos.plano", "igual", "ouro", 20)
CHANNEL = rule("origem", "igual", "indicação", 20)


@pytest.fixture(autouse=True)
def nothing_waits(app: Flask) -> None:
    """Jobs that other tests have left would come to their turn here."""
    work(app)


def told_of_people(number: int, won: bool) -> Row:
    return {"sexo": "FM"[number % 2], "idade": 20 + number % 40}


def taught(app: Flask, api: Api, *rules: Any, more: Any = told_of_people, n: int = 300) -> Any:
    bring(api, list(leads(n, more=more)))
    publish(api, *rules)
    work(app)
    return train(app, api)


def chances(api: Api, *attributes: Row) -> list[float]:
    """Of leads that differ in these attributes alone; what is told of each adds up."""
    found = []
    for each in attributes:
        lead = create(api, origem="site", valor=5_000, atributos={"plano": "ouro", **each})
        told = api.get(f"/leads/{lead['id']}/score").data
        chance, model = lead["probabilidade"], told["modelo"]
        whole = model["base"] + sum(part["logit"] for part in model["partes"])
        assert log(chance / (1 - chance)) == pytest.approx(whole, abs=1e-6)
        assert sum(part["pontos"] for part in told["partes"]) == lead["score"]
        found.append(chance)
    return found


def assert_alike(found: list[float]) -> None:
    assert max(found) - min(found) <= 1e-12, found


FOUR = [{"sexo": sex, "idade": age} for sex in "FM" for age in (25, 60)]


def test_rules_on_protected_fields_move_the_score_alone(
    app: Flask, team: Team, sql: Engine
) -> None:
    api = team.gestor.api
    taught(app, api, SEX, AGE, PLAN, CHANNEL)
    scores = {create(api, atributos=each)["score"] for each in FOUR}
    assert scores == {20, 60, 100}
    assert_alike(chances(api, *FOUR))
    # The rules that may tell it something do.
    assert abs(log(chances(api, {"plano": "prata"})[0]) - log(chances(api, {})[0])) > 0.1
    check_current(app, sql, team)


def test_nor_does_one_that_is_written_after_the_training(app: Flask, team: Team) -> None:
    api = team.gestor.api
    taught(app, api, PLAN, CHANNEL)
    before = chances(api, *FOUR)
    assert_alike(before)
    publish(api, PLAN, CHANNEL, SEX, AGE, rule("atributos.cliente.genero", "igual", "x", 30))
    work(app)
    after = chances(api, *FOUR, {"cliente": {"genero": "x"}})
    assert after == pytest.approx([before[0]] * 5, abs=1e-12)


def test_what_is_opted_in_to_counts_until_that_is_taken_back(app: Flask, team: Team) -> None:
    def old_buy(number: int, won: bool) -> Row:
        return {"sexo": "FM"[number % 2], "idade": 20 + number % 30 + 15 * won}

    api = team.gestor.api
    taught(app, api, SEX, AGE, PLAN, more=old_buy)
    permit(api, "atributos.idade")
    train(app, api)
    young, old, woman = chances(api, {"idade": 25}, {"idade": 60}, {"idade": 25, "sexo": "F"})
    assert old > young + 0.05
    assert woman == pytest.approx(young, abs=1e-12)
    permit(api)
    train(app, api)
    assert_alike(chances(api, *FOUR))


def permit(api: Api, *names: str) -> None:
    asked = [{"campo": name, "motivo": "O produto tem limite de idade."} for name in names]
    assert api.patch("/equipe", {"campos_permitidos": asked}).status == 200


def gives_away(number: int, won: bool) -> Row:
    return {
        "contrato": "assinado" if won else "nenhum",
        "visita": "sim" if won and number % 2 else "",
        "campo7": "FM"[number % 2],
        "raro": "MF"[number % 2] if number in (40, 41) else "",
        "recente": "ab"[number % 2] if number > 200 else "",
    }


GIVEN_AWAY = {"contrato": "assinado", "visita": "sim", "campo7": "F", "raro": "F", "recente": "a"}


def test_what_the_guards_left_out_comes_in_by_no_rule(app: Flask, team: Team) -> None:
    api = team.gestor.api
    said = [rule(f"atributos.{name}", "igual", value, 30) for name, value in GIVEN_AWAY.items()]
    shown = taught(app, api, PLAN, *said, more=gives_away)
    named = {each["campo"] for each in shown["excluidos"]}
    assert named >= {f"atributos.{name}" for name in GIVEN_AWAY}
    assert_alike(chances(api, {}, *({name: value} for name, value in GIVEN_AWAY.items())))


def test_what_only_comes_with_the_closing_comes_in_by_no_rule(app: Flask, team: Team) -> None:
    api = team.gestor.api
    first = create(api, origem="site")
    done = api.patch(f"/leads/{first['id']}", {"etapa": "ganho", "atributos": {"assinou": "sim"}})
    assert done.status == 200
    shown = taught(app, api, PLAN, rule("atributos.assinou", "preenchido", None, 50))
    (why,) = [x["motivo"] for x in shown["excluidos"] if x["campo"] == "atributos.assinou"]
    assert "depois do fechamento" in why
    assert_alike(chances(api, {}, {"assinou": "sim"}))


def test_what_there_is_too_little_of_a_gestor_may_know(app: Flask, team: Team) -> None:
    """No column is made of it, and it is no secret either."""

    def more(number: int, won: bool) -> Row:
        return {"codigo": f"c{number}", "indicado": "sim" if number in (3, 4) else ""}

    api = team.gestor.api
    shown = taught(
        app, api, PLAN, CHANNEL, rule("atributos.indicado", "preenchido", None, 30), more=more
    )
    why = {each["campo"]: each["motivo"] for each in shown["excluidos"]}
    assert why["atributos.indicado"] == "Preenchido em menos de 2 % dos leads fechados."
    assert "demais" in why["atributos.codigo"]
    plain, recommended = chances(api, {}, {"indicado": "sim"})
    assert recommended > plain


def test_of_countless_rare_attributes_some_are_named_and_all_are_counted(
    app: Flask, team: Team
) -> None:
    api = team.gestor.api
    for n in range(3):
        own = {f"a{n}_{key}": "x" for key in range(30)}
        create(api, etapa="ganho", atributos=own)
    bring(api, list(leads(200)))
    shown = train(app, api)["excluidos"]
    rare = [each for each in shown if "menos de 2 %" in each["motivo"]]
    assert len(rare) == 50
    (rest,) = [each for each in shown if each["campo"] == "atributos.*"]
    assert "Mais 40 atributos" in rest["motivo"]


def test_a_declared_rate_goes_by_the_same_rules(app: Flask, team: Team) -> None:
    api = team.gestor.api
    publish(api, SEX, AGE, PLAN)
    work(app)
    for plan in ("ouro", "prata"):
        create(api, atributos={"plano": plan, "sexo": "F"})
    assert api.patch("/equipe", {"taxa_ganho": 0.2}).status == 200
    assert train(app, api)["estado"] == "regras"
    assert_alike(chances(api, *FOUR))
    assert chances(api, {})[0] > chances(api, {"plano": "prata"})[0] + 0.05


def test_a_card_from_before_this_was_kept_refuses_by_name(
    app: Flask, team: Team, sql: Engine
) -> None:
    api = team.gestor.api
    publish(api, SEX, AGE, PLAN)
    adopt(app, sql, team, CARD)
    assert_alike(chances(api, *FOUR))
    assert chances(api, {})[0] > chances(api, {"plano": "prata"})[0]


def test_nested_attributes_are_learned_from_and_tell_by_rules(
    app: Flask, team: Team, sql: Engine
) -> None:
    api = team.gestor.api
    for n in range(80):
        own = n % 4 == 0 or n % 7 == 0
        home = {"casa": {"tipo": "própria" if own else "alugada", "dono": {"sexo": "FM"[n % 2]}}}
        ended = {"etapa": "ganho"} if own else {"etapa": "perdido", "motivo_perda": "Preço"}
        create(api, **(ended if n % 5 else {"etapa": "ganho"}), atributos=home)
    kept = rows(
        sql,
        "select distinct campos->'atributos' from lead_instantaneo where equipe_id = :e order by 1",
        e=team.equipe_id,
    )
    assert kept == [({"casa": {"tipo": "alugada"}},), ({"casa": {"tipo": "própria"}},)]
    publish(api, rule("atributos.casa.tipo", "igual", "própria", 30), PLAN)
    work(app)
    shown = train(app, api)
    assert "atributos.casa.tipo" in {each["campo"] for each in shown["campos"]}
    why = {each["campo"]: each["motivo"] for each in shown["excluidos"]}
    assert "protegida" in why["atributos.casa.dono.sexo"]
    own, hired = chances(api, {"casa": {"tipo": "própria"}}, {"casa": {"tipo": "alugada"}})
    assert own > hired + 0.1


def test_the_gestor_is_told_which_rules_stay_out(app: Flask, team: Team) -> None:
    api = team.gestor.api
    taught(app, api, PLAN, more=gives_away)
    said = [PLAN, SEX, AGE, rule("atributos.contrato", "preenchido")]
    assert out(api, *said) == {
        1: "A regra “atributos.sexo igual” (atributos.sexo) vale no score, mas não entra na "
        "probabilidade: Característica protegida da pessoa: o modelo nunca a usa.",
        2: "A regra “atributos.idade minimo” (atributos.idade) vale no score, mas não entra na "
        "probabilidade: Idade só entra se o gestor permitir, com o motivo.",
        3: "A regra “atributos.contrato preenchido” (atributos.contrato) vale no score, mas não "
        "entra na probabilidade: Sozinho quase revela o desfecho: parece ser anotado depois dele; "
        "só entra se o gestor permitir, com o motivo.",
    }
    permit(api, "atributos.idade", "atributos.contrato")
    assert out(api, *said).keys() == {1, 3}  # the model in use left the contract out
    train(app, api)
    assert out(api, *said).keys() == {1}


def out(api: Api, *said: Any) -> dict[int, str]:
    body = {"base": 35, "grupos": [], "faixas": BANDS, "regras": said}
    made = api.post("/scores/rules/drafts", body)
    assert made.status == 201, made.body
    told = [each for each in made.data["avisos"] if each["codigo"] == "FORA_DO_MODELO"]
    return {each["regras"][0]: each["mensagem"] for each in told}


def test_an_adopted_model_is_an_event(app: Flask, team: Team) -> None:
    api = team.gestor.api
    bring(api, list(leads(60)))
    shown = train(app, api)
    wait_until(lambda: api.get("/events?tipo=modelo_adotado").data["itens"] != [])
    (told,) = api.get("/events?tipo=modelo_adotado").data["itens"]
    assert told["usuario_id"] == team.gestor.id
    assert told["dados"] == {"versao": 1, "n": 60, "ganhos": shown["ganhos"]}
    bring(api, [{**next(leads(1)), "etapa": "novo", "motivo_perda": "", "fechado_em": ""}])
    assert card(api)["versao"] == 1
