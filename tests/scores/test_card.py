"""A card gives a lead the same logit in SQL and in Python, and its parts add up to it."""

import json
import random
from contextlib import closing
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, literal, select

from models.db.messages.queries import compile_query
from models.lead import LEADS
from services.scores import card as cards
from services.scores.card import Card, Categories, Numbers, Points, Prior
from services.scores.curve import Curve
from services.scores.features import CATEGORY, FEATURES, NUMBER, find_feature
from services.scores.seen import as_lead, seen
from tests.support.api import open_team
from tests.support.leads import create, new_cpf, run

LEADS_OF_ALL_KINDS = 40
ATTRIBUTES = [f"atributos.{path}" for path in ("a", "b", "a.b", "Ação", "nada")]
TEXTS = ["", "sim", "São Paulo", "sao paulo", "12", "12,5", "1.234", "-3", "100%", "ß", "x" * 70]
LEVELS = ["sim", "nao", "sao paulo", "site", "indicacao", "sp", "11", "21", "12", "1.50", "true"]
LEVELS += ["100%", "d'avila", "1", "5", "ß", "\\", "{}", "null"]
ODD_MOMENTS = (
    *("0001-01-01 00:00:00+00", "1899-12-31 23:59:59.999999+00", "1900-01-01 00:00:00+00"),
    *("2200-12-31 23:59:59.999999+00", "2201-01-01 00:00:00+00", "9999-12-31 23:59:59+00"),
)
ODD = '{"a": 1.50, "b": -0.0, "Ação": true}'


def _body(dice: random.Random) -> dict[str, Any]:
    chosen: dict[str, Any] = {
        "email": f"p{dice.randint(1, 10**9)}@exemplo.com.br",
        "telefone": dice.choice(["+5511987654321", "+552133334444", "+12025550123"]),
        "documento": dice.choice([new_cpf(), "11222333000181"]),
        "empresa": "Padaria",
        "cidade": dice.choice(["São Paulo", "D'Ávila"]),
        "uf": dice.choice(["SP", "RJ"]),
        "produto": "Consórcio",
        "origem": dice.choice(["Indicação", "site"]),
        "valor": dice.choice(["0.01", "12.50", "1000.00", "99999.99"]),
        "renda_mensal": dice.choice(["0.01", "12.50", "1000.00"]),
        "contatos": [{"tipo": "whatsapp_id", "valor": f"BR.{dice.randint(10**12, 10**13)}"}],
    }
    values = [*TEXTS, 3, -1.5, True, None, {"b": "sim"}, ["sim"]]
    attributes = {key: dice.choice(values) for key in ("a", "b", "Ação")}
    body = {name: value for name, value in chosen.items() if dice.random() < 0.6}
    return body | {"atributos": attributes}


@pytest.fixture(scope="module")
def leads(app: Flask, sql: Engine) -> int:
    """A team with leads of all kinds."""
    dice, team = random.Random(5), open_team(app)
    for _ in range(LEADS_OF_ALL_KINDS):
        body = _body(dice)
        reply = team.gestor.api.post("/leads?duplicados=permitir", {"nome": "Lead", **body})
        if reply.status != 201:
            for name in ("telefone", "email", "documento"):
                body.pop(name, None)
            create(team.gestor.api, **body)
    run(
        sql,
        "update leads set criado_em = criado_em - (id % 90) * interval '7 days 7 hours' "
        "where equipe_id = :e",
        e=team.equipe_id,
    )
    for place, moment in enumerate(ODD_MOMENTS):
        nth = "(select id from leads where equipe_id = :e order by id offset :n limit 1)"
        dated = f"update leads set criado_em = :m where id = {nth}"
        run(sql, dated, m=moment, n=3 + place, e=team.equipe_id)
    one = "(select min(id) from leads where equipe_id = :e)"
    odd = f"update leads set atributos = cast(:odd as jsonb) where id = {one}"
    run(sql, odd, odd=ODD, e=team.equipe_id)
    return team.equipe_id


def within(most: int) -> st.SearchStrategy[float]:
    """Nothing that is nearly 0: PostgreSQL has no product of two such numbers."""
    return st.floats(-most, most).map(lambda each: round(each, 9))


logits = within(8)


@st.composite
def fields(draw: st.DrawFn) -> Points:
    campo = draw(st.sampled_from([*FEATURES, *ATTRIBUTES * 3]))
    tipo = FEATURES[campo].tipo if campo in FEATURES else draw(st.sampled_from([NUMBER, CATEGORY]))
    if tipo == NUMBER:
        cuts = draw(st.lists(st.sampled_from([-3.0, 0.0, 0.01, 1.0, 1.5, 12.5, 1e3]), unique=True))
        many = st.lists(logits, min_size=len(cuts) + 1, max_size=len(cuts) + 1)
        return Numbers(campo, tuple(sorted(cuts)), tuple(draw(many)), draw(logits))
    levels = draw(st.lists(st.sampled_from(LEVELS), unique=True))
    many = st.lists(logits, min_size=len(levels), max_size=len(levels))
    return Categories(campo, tuple(levels), tuple(draw(many)), draw(logits), draw(logits))


@st.composite
def curves(draw: st.DrawFn) -> Curve:
    corners = sorted(draw(st.lists(logits, max_size=5, unique=True)))
    many = st.lists(within(1), min_size=len(corners), max_size=len(corners))
    return Curve(draw(logits), draw(within(1)), tuple(corners), tuple(draw(many)))


priors = st.builds(Prior, within(100), st.floats(0.01, 50), within(2))


@settings(max_examples=150)
@given(
    st.builds(
        Card,
        logits,
        st.none() | priors,
        st.lists(fields(), max_size=12, unique_by=lambda each: each.campo).map(tuple),
        curva=st.none() | curves(),
    ),
    st.integers(-20_000, 20_000),
)
def test_sql_and_python_agree_on_every_lead(
    leads: int, sql: Engine, card: Card, prior: int
) -> None:
    kept = cards.from_json(json.loads(json.dumps(cards.to_json(card))))
    assert kept == card
    logit = cards.logit_sql(card, cards.sum_sql(card, LEADS, literal(prior)))
    # As the product sends it: constants are part of its text.
    query = compile_query(select(logit, *seen(LEADS)).where(LEADS.c.equipe_id == leads))
    with sql.connect() as connection, closing(connection.connection.cursor()) as cursor:
        cursor.execute(query.sql, {})
        found = cursor.fetchall()
    assert len(found) == LEADS_OF_ALL_KINDS
    for told, *row in found:
        lead = as_lead(row)
        parts = cards.logit_parts(kept, lead, prior)
        assert told == pytest.approx(cards.logit(kept, lead, prior), abs=1e-6)
        assert told == pytest.approx(card.base + sum(part[2] for part in parts), abs=1e-6)


def test_points_of_rules_that_no_lead_came_near_to_count_no_further() -> None:
    prior = Prior(media=30, desvio=10, peso=0.8)
    assert prior.part(40) == pytest.approx(0.8)
    assert prior.part(20_000) == prior.part(30 + 10 * cards.FURTHEST) == pytest.approx(2.4)


def test_a_lead_reads_as_its_snapshot_does() -> None:
    """Which keeps no telephone and no document, only what is read of them."""
    live = {"telefone": "+5521987654321", "documento": "11222333000181"}
    kept = {"telefone": True, "documento": True, "ddd": "21", "pessoa_juridica": True}
    bare = {"telefone": None, "documento": None}
    for campo in ("ddd", "pessoa_juridica", "telefone", "documento"):
        feature = find_feature(campo)
        assert feature is not None
        assert feature.read(live) == feature.read(kept) is not None
        assert feature.read(bare) is None
    person = find_feature("pessoa_juridica")
    assert person is not None
    assert person.read({"documento": "12345678909"}) == "nao"
    assert person.read({"documento": True, "pessoa_juridica": False}) == "nao"


@pytest.mark.parametrize("campo", ["nome", "etapa", "responsavel_id", "atributos.", "etiquetas"])
def test_what_is_personal_or_tells_of_the_work_is_no_feature(campo: str) -> None:
    assert find_feature(campo) is None


def test_a_reason_says_the_bin_in_words() -> None:
    number = Numbers("valor", (1000.0, 2500.5), (0.0, 0.1, 0.2), -0.1)
    said = [number.reason(value) for value in (None, 1.0, 1000.0, 9000.0)]
    assert said == [
        "valor: sem valor",
        "valor: menos de 1.000",
        "valor: de 1.000 até menos de 2.500,5",
        "valor: 2.500,5 ou mais",
    ]
    category = Categories("uf", ("sp",), (0.1,), 0.0, 0.0)
    assert [category.reason(value) for value in ("sp", "rj", None)] == [
        "uf: sp",
        "uf: outros",
        "uf: sem valor",
    ]
