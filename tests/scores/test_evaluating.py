"""What a rule says of a lead is the same in SQL and in Python, whatever both say."""

import random
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, case, select

from models.db.messages.queries import Query, compile_query
from models.lead import LEADS
from services.rules import conditions
from services.rules.conditions import OPERATORS, Takes, Unfit, condition
from services.rules.definition import Bands, Group, Rule, RuleSet
from services.rules.evaluating import (
    Sight,
    by_field,
    eligible,
    points_of,
    prior_points,
    told_of,
)
from services.rules.fields import FIELDS
from services.rules.summing import total
from services.scores.seen import as_lead, seen
from services.scores.statement import Scoring, Versions, scored
from tests.support.api import open_team
from tests.support.leads import create, new_cpf, run

WORDS = ["", "são paulo", "SAO PAULO", "Ação", "acao", "vip", "12", "12,5", "-3", "1.234", "true"]
WORDS += ["12\n", " 7 ", "007", "x" * 40, "ÇÃÕ", "ß", "Łódź", "100%", "a,b", "1e3", "--1", "ﾖ"]
NUMBERS = [0, 1, 2, 7, 12, 12.5, -3, 1.234, 0.1, 1000, 1e15, 1e-7, 10**16, -0.0, 100.0]
PATHS = ["a", "b", "a.b", "a.b.c", "lista.0", "lista", "Ação", "x.y"]
ATTRIBUTES = [f"atributos.{path}" for path in PATHS]
STAGES = ["novo", "contatado", "qualificado", "proposta"]


def _value(dice: random.Random, levels: int = 2) -> Any:
    kind = dice.choice(["word", "number", "bool", "null", "list", "object"] if levels else ["word"])
    if kind == "object":
        return {key: _value(dice, levels - 1) for key in dice.sample(["a", "b", "c", "0"], k=2)}
    found = {"word": dice.choice(WORDS), "number": dice.choice(NUMBERS), "bool": dice.random() < 1}
    return found.get(kind) if kind != "list" else [dice.choice(WORDS), dice.choice(NUMBERS)]


def _body(dice: random.Random) -> dict[str, Any]:
    places = ["São Paulo", "SÃO PAULO", "Sao Paulo", "Ji-Paraná", "12"]
    chosen: dict[str, Any] = {
        "email": f"p{dice.randint(1, 10**9)}@exemplo.com.br",
        "telefone": f"+55119{dice.randint(10_000_000, 99_999_999)}",
        "documento": new_cpf(),
        "empresa": "Padaria São José",
        "cidade": dice.choice(places),
        "campanha": dice.choice([*places, "Verão, 2026"]),
        "uf": dice.choice(["SP", "RJ"]),
        "produto": dice.choice(["Consórcio", "CONSORCIO", "Crédito"]),
        "origem": dice.choice(["Indicação", "site", "SITE"]),
        "valor": dice.choice(["0.01", "12.50", "1000.00", "99999.99"]),
        "renda_mensal": dice.choice(["0.01", "12.50", "1000.00", "99999.99"]),
        "etiquetas": dice.sample(["vip", "VIP 2", "Ação", "x"], k=dice.randint(0, 3)),
        "etapa": dice.choice(STAGES),
        "proximo_contato_em": (datetime.now(UTC) + timedelta(days=2)).isoformat(),
        "contatos": [{"tipo": "whatsapp_id", "valor": f"BR.{dice.randint(10**12, 10**13)}"}],
    }
    attributes = {key: _value(dice) for key in ("a", "b", "lista", "Ação", "x")}
    body = {name: value for name, value in chosen.items() if dice.random() < 0.5}
    return body | {"atributos": {k: v for k, v in attributes.items() if dice.random() < 0.7}}


@pytest.fixture(scope="module")
def leads(app: Flask, sql: Engine) -> int:
    """A team with leads of all kinds, written over HTTP, and what HTTP lets nobody write."""
    dice, team = random.Random(11), open_team(app)
    for _ in range(60):
        lead = create(team.gestor.api, **_body(dice))
        for _ in range(dice.choice([0, 0, 1, 3])):
            body = {"tipo": "ligacao", "texto": "Falou-se."}
            body |= (
                {"resultado": dice.choice(["atendeu", "nao_atendeu", "outro"])}
                if dice.random() < 0.7
                else {}
            )
            path = f"/leads/{lead['id']}/activities"
            assert team.gestor.api.post(path, body).status == 201
    raw = '{"a": 1.50, "b": -0.0, "lista": ["12"], "x": {"y": 1e3}, "Ação": "12\\u000a"}'
    one = "(select min(id) from leads where equipe_id = :e)"
    changed = (
        f"update leads set atributos = cast(:raw as jsonb), etiquetas = '{{a,b}}' where id = {one}"
    )
    run(sql, changed, raw=raw, e=team.equipe_id)
    aged = "update leads set etapa_desde = etapa_desde - (id % 40) * interval '7 hours', "
    aged += "criado_em = criado_em - (id % 7) * interval '40 days 23:59:59.999999' "
    run(sql, aged + "where equipe_id = :e", e=team.equipe_id)
    wrong = "update lead_contatos set retirado_em = now() where equipe_id = :e and lead_id % 5 = 0"
    run(sql, wrong, e=team.equipe_id)
    return team.equipe_id


def _scalar(dice: random.Random) -> Any:
    return dice.choice([*WORDS, *STAGES, *NUMBERS * 2, True, False])


def _rule(dice: random.Random) -> Rule:
    """One that can be applied, whatever it says."""
    while True:
        operador = dice.choice(sorted(OPERATORS))
        many = tuple(_scalar(dice) for _ in range(dice.randint(1, 4)))
        pair = (_scalar(dice), _scalar(dice))
        by_takes = {Takes.NOTHING: None, Takes.ONE: many[0], Takes.MANY: many, Takes.PAIR: pair}
        rule = Rule(
            dice.choice([*FIELDS, *ATTRIBUTES * 3]),
            operador,
            by_takes[OPERATORS[operador].takes],
            dice.choice([-100, -7, -1, 1, 5, 30, 100]),
            "Porque sim",
            dice.choice(["a", "b", None]),
            dice.choice([None, None, 0.5, 30, 365]),
        )
        if _fits(rule):
            return rule


def _fits(rule: Rule) -> bool:
    try:
        conditions.check(rule)
    except Unfit:
        return False
    return True


@pytest.mark.parametrize("seed", range(10))
def test_sql_and_python_agree_on_every_lead(leads: int, sql: Engine, seed: int) -> None:
    dice = random.Random(seed)
    said = [_rule(dice) for _ in range(150)]
    held = [case((condition(rule, LEADS), True), else_=False) for rule in said]
    mine = LEADS.c.equipe_id == leads
    # As the product sends it: constants are part of its text.
    query = compile_query(select(*held, *seen(LEADS)).where(mine))
    for row in _sent(sql, query):
        lead = as_lead(row[len(said) :])
        for rule, held_in_sql in zip(said, row, strict=False):
            assert held_in_sql is conditions.holds(rule, lead), (rule, lead)


def _sent(sql: Engine, query: Query) -> list[Any]:
    with sql.connect() as connection, closing(connection.connection.cursor()) as cursor:
        cursor.execute(query.sql, {})
        found = cursor.fetchall()
    assert len(found) == 60
    return found


def _rule_set(dice: random.Random) -> RuleSet:
    """Rules of which many look at the same, in groups with and without limits."""
    ends = [sorted(dice.sample(range(-30, 30), k=2)) for _ in "ab"]
    grupos = tuple(
        Group(nome, dice.choice([low, None]), dice.choice([high, None]))
        for nome, (low, high) in zip("ab", ends, strict=True)
    )
    said = tuple(_rule(dice) for _ in range(dice.choice([0, 1, 4, 20, 60, 200])))
    return RuleSet(dice.randint(0, 100), said, Bands(60, 30), grupos)


@pytest.mark.parametrize("seed", range(20))
def test_points_sums_and_bands_are_the_same(leads: int, sql: Engine, seed: int) -> None:
    said = _rule_set(random.Random(seed))
    mine = (LEADS.c.equipe_id == leads) & LEADS.c.excluido_em.is_(None)
    new = scored(Scoring.of(Versions(1, 0), said, None), LEADS, mine).subquery()
    shown = [new.c.pontos, new.c.score, new.c.faixa]
    query = compile_query(select(*shown, *seen(LEADS)).join(LEADS, LEADS.c.id == new.c.id))
    for pontos, score, faixa, *row in _sent(sql, query):
        points = points_of(said, as_lead(row))
        summed = total(said, points)
        assert (pontos, score, faixa) == (points, summed.score, summed.faixa)
        assert sum(part.pontos for part in summed.partes) == score


def test_what_a_model_may_learn_from() -> None:
    """What a lead is: neither how far the work on it has come, nor how old anything of it is."""
    campos = ["telefone", "etapa", "atributos.a", "dias_desde_criacao", "tentativas", "contatos"]
    said = [Rule(campo, "preenchido", None, 10 + n, "") for n, campo in enumerate(campos)]
    said.append(Rule("email", "preenchido", None, 7, "", meia_vida_dias=3))
    rules = RuleSet(0, tuple(said), Bands(60, 30))
    assert eligible(rules, Sight()) == [0, 2, 5]
    points = [10, 11, 3, 13, 14, 15, 7]
    assert prior_points(rules, points, Sight()) == 28
    less = Sight({"atributos.a": "Entrega o desfecho."})
    assert eligible(rules, less) == [0, 5]
    assert prior_points(rules, points, less) == less.sum(by_field(told_of(rules), points)) == 25


def test_what_may_be_opted_in_to_is_seen_then_and_what_is_protected_never() -> None:
    names = [f"atributos.{each}" for each in ("sexo", "idade", "mes", "cpf", "plano")]
    everything = Sight({}, tuple(names), calendario=True)
    assert [bool(Sight().refusal(each)) for each in names] == [True, True, True, True, False]
    assert [bool(everything.refusal(each)) for each in names] == [True, False, False, True, False]
    assert Sight.of(asdict(everything)) == everything
