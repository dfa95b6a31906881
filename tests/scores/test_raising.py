"""What would raise a score is told as it would come out, and nothing is told that would not."""

import random
from typing import Any

import pytest
from sqlalchemy import Engine

from services.rules.definition import Bands, Group, Rule, RuleSet
from tests.support.api import Team, new_email
from tests.support.leads import create, new_cpf, new_phone
from tests.support.rules import put_in_force

BANDS = Bands(65, 40)


def rule(campo: str, operador: str, valor: Any, pontos: int, **more: Any) -> Rule:
    return Rule(campo, operador, valor, pontos, f"{campo} {operador} {valor}", **more)


def changes(team: Team, lead: dict[str, Any]) -> list[tuple[str, int]]:
    told = team.gestor.api.get(f"/leads/{lead['id']}/score").data["mudancas"]
    assert all(each["motivo"] for each in told)
    return [(each["campo"], each["pontos"]) for each in told]


def test_the_three_largest_come_first(team: Team) -> None:
    lead = create(team.gestor.api, origem="site")
    assert changes(team, lead) == [("renda_mensal", 15), ("telefone", 8), ("valor", 8)]
    known = create(team.gestor.api, telefone=new_phone(), renda_mensal="100.00", valor="20000.00")
    # What a person earns can be asked, and not be changed.
    assert changes(team, known) == [("documento", 6), ("email", 4), ("produto", 4)]


def test_there_is_nothing_to_raise_at_the_top_or_when_it_is_closed(team: Team) -> None:
    best = {"origem": "indicação", "etapa": "proposta", "renda_mensal": "30000.00"}
    lead = create(team.gestor.api, **best, valor="90000.00", telefone=new_phone())
    assert (lead["score"], changes(team, lead)) == (100, [])
    assert changes(team, create(team.gestor.api, etapa="ganho")) == []


def test_limits_of_groups_count(team: Team, sql: Engine) -> None:
    rules = (
        rule("telefone", "preenchido", None, 20, grupo="contato"),
        rule("email", "preenchido", None, 20, grupo="contato"),
        rule("documento", "vazio", None, -7),
        rule("produto", "em", ("seguro", "crédito"), 4),
        rule("produto", "igual", "Crédito", 3),
        rule("etapa", "igual", "proposta", 50),
        rule("dias_sem_contato", "maximo", 3, 50),
    )
    grupos = (Group("contato", None, 25),)
    put_in_force(sql, team.equipe_id, RuleSet(10, rules, BANDS, grupos))
    lead = create(team.gestor.api, email=new_email("lead"))
    assert changes(team, lead) == [("documento", 7), ("produto", 7), ("telefone", 5)]


def test_contacts_and_attributes_are_what_a_seller_finds_out(team: Team, sql: Engine) -> None:
    rules = (
        rule("contatos", "minimo", 3, 9),
        rule("contatos.telefone", "minimo", 1, 2),
        rule("telefone", "preenchido", None, 1),
        rule("atributos.casa.propria", "igual", True, 6),
        rule("atributos.parcelas", "entre", (5, 7), 8),
        rule("atributos.parcelas", "acima", 5, -3),
    )
    put_in_force(sql, team.equipe_id, RuleSet(10, rules, BANDS))
    lead = create(team.gestor.api, email=new_email("lead"))
    assert changes(team, lead) == [
        ("contatos", 11),
        ("atributos.parcelas", 8),
        ("atributos.casa.propria", 6),
    ]
    # What is known already is what it is: neither the lead's answer nor a list in its way changes.
    known = {"casa": [1], "parcelas": 9}
    astray = create(team.gestor.api, email=new_email("lead"), atributos=known)
    # A phone is a contact too.
    assert changes(team, astray) == [("contatos", 11), ("telefone", 3), ("contatos.telefone", 2)]


def test_nobody_is_told_to_change_what_a_person_must_not_be_judged_by(
    team: Team, sql: Engine
) -> None:
    rules = (
        rule("atributos.sexo", "igual", "F", 30),
        rule("atributos.idade", "minimo", 40, 30),
        rule("atributos.cliente.EstadoCivil", "igual", "casado", 30),
        rule("atributos.bairro", "igual", "Centro", 30),
        rule("atributos.profissao", "preenchido", None, 5),
    )
    put_in_force(sql, team.equipe_id, RuleSet(10, rules, BANDS))
    for known in ({}, {"sexo": "M", "idade": 30}):
        lead = create(team.gestor.api, atributos=known)
        assert changes(team, lead) == [("atributos.profissao", 5)]


VALUES: dict[str, list[Any]] = {
    "telefone": [None],
    "documento": [None],
    "produto": ["seguro", "crédito", "imóvel"],
    "valor": ["100.00", "5000.00", "9000.00"],
    "atributos.a": [1, "sim", 7],
}


@pytest.mark.parametrize("seed", range(6))
def test_what_is_told_comes_true(team: Team, sql: Engine, seed: int) -> None:
    """Random rules: each change that is told, once it is made, raises the score by its points."""
    dice = random.Random(seed)
    put_in_force(sql, team.equipe_id, _random(dice))
    for _ in range(6):
        lead = create(team.gestor.api, **_some(dice))
        path = f"/leads/{lead['id']}"
        told = team.gestor.api.get(f"{path}/score").data["mudancas"]
        pointed = [each["pontos"] for each in told]
        assert pointed == sorted(pointed, reverse=True) and all(each > 0 for each in pointed)
        for each in told:
            gains = [_gain(team, lead, made) for made in _made(each["campo"])]
            # Nothing that the test can think of raises it by more.
            assert max(gains) == each["pontos"], (lead, each)


def _random(dice: random.Random) -> RuleSet:
    def one() -> Rule:
        campo = dice.choice(list(VALUES))
        grupo = dice.choice([None, "g"])
        pontos = dice.choice([-15, -4, 3, 8, 20])
        if campo in ("telefone", "documento"):
            return rule(campo, dice.choice(["preenchido", "vazio"]), None, pontos, grupo=grupo)
        operador = dice.choice(["igual", "diferente", "preenchido"])
        valor = None if operador == "preenchido" else dice.choice(VALUES[campo])
        return rule(campo, operador, valor, pontos, grupo=grupo)

    return RuleSet(30, tuple(one() for _ in range(12)), BANDS, (Group("g", -10, 12),))


def _some(dice: random.Random) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "telefone": new_phone(),
        "documento": new_cpf(),
        "produto": dice.choice(VALUES["produto"]),
        "valor": dice.choice(VALUES["valor"]),
        "atributos": {"a": dice.choice(VALUES["atributos.a"])},
    }
    return {name: value for name, value in fields.items() if dice.random() < 0.4}


def _made(campo: str) -> list[dict[str, Any]]:
    """Bodies of a PATCH that change a field to each kind of value that rules can tell apart."""
    if campo == "telefone":
        return [{campo: new_phone()}]
    if campo == "documento":
        return [{campo: new_cpf()}]
    if campo.startswith("atributos."):
        return [{"atributos": {"a": value}} for value in (*VALUES[campo], "outro")]
    other = {"produto": "outro", "valor": "1.00"}[campo]
    return [{campo: value} for value in (*VALUES[campo], other)]


def _gain(team: Team, lead: dict[str, Any], made: dict[str, Any]) -> int:
    """By how much a change raises the score; it is taken back."""
    path = f"/leads/{lead['id']}"
    score = team.gestor.api.patch(path, made).data["score"]
    undone = {name: lead[name] for name in made}
    if "atributos" in made:
        undone = {"atributos": {"a": lead["atributos"].get("a")}}
    assert team.gestor.api.patch(path, undone).data["score"] == lead["score"]
    return score - lead["score"]
