"""What a rule says of a lead is the same in SQL and in Python, whatever both say."""

import random
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, case, select

from models.db.messages.queries import compile_query
from models.lead import LEADS
from services.scores import conditions
from services.scores.conditions import OPERATORS, Takes, Unfit, condition
from services.scores.definition import Rule
from services.scores.fields import FIELDS
from services.scores.seen import as_lead, seen
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


scalars = st.one_of(
    st.sampled_from(WORDS), st.sampled_from(NUMBERS), st.booleans(), st.sampled_from(STAGES)
)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    campo = draw(st.sampled_from([*FIELDS, *ATTRIBUTES * 3]))
    operador = draw(st.sampled_from(sorted(OPERATORS)))
    takes = OPERATORS[operador].takes
    many = st.lists(scalars, min_size=1, max_size=4).map(tuple)
    pair = st.tuples(scalars, scalars)
    valor = draw({Takes.ONE: scalars, Takes.MANY: many, Takes.PAIR: pair}.get(takes, st.none()))
    fades = draw(st.sampled_from([None, None, 0.5, 30, 365]))
    points = draw(st.integers(-100, 100).filter(bool))
    return Rule(campo, operador, valor, points, "Porque sim", meia_vida_dias=fades)


def _fits(rule: Rule) -> bool:
    try:
        conditions.check(rule)
    except Unfit:
        return False
    return True


@settings(max_examples=300)
@given(st.lists(rules().filter(_fits), min_size=1, max_size=20))
def test_sql_and_python_agree_on_every_lead(leads: int, sql: Engine, said: list[Rule]) -> None:
    held = [case((condition(rule, LEADS), True), else_=False) for rule in said]
    mine = LEADS.c.equipe_id == leads
    # As the product sends it: constants are part of its text.
    query = compile_query(select(*held, *seen(LEADS)).where(mine))
    with sql.connect() as connection, closing(connection.connection.cursor()) as cursor:
        cursor.execute(query.sql, {})
        found = cursor.fetchall()
    assert len(found) == 60
    for row in found:
        lead = as_lead(row[len(said) :])
        assert list(row[: len(said)]) == [conditions.holds(rule, lead) for rule in said]
