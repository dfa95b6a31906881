"""What the linter finds odd, and what it lets pass."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.stage import DEFAULT_STAGES
from services.rules.conditions import Unfit, check, satisfies
from services.rules.definition import MAX_RULES, Bands, Group, Rule, RuleSet
from services.rules.ready import ready_sets
from services.rules.weighing.linting import Held, lint
from services.rules.weighing.reach import of_score
from services.rules.weighing.values import ANY

STAGES = [chave for chave, *_ in DEFAULT_STAGES]
BANDS = Bands(65, 40)


def rule(campo: str, operador: str = "preenchido", valor: Any = None, pontos: int = 5, **more: Any):
    return Rule(campo, operador, valor, pontos, more.pop("motivo", "Porque sim"), **more)


def found(*rules: Rule, base: int = 45, grupos: tuple[Group, ...] = (), **how: Any) -> list[Any]:
    """(code, rules) of what is odd; the base is in reach of every band."""
    reach = (rule("etiquetas", "contem", "·", 40), rule("etiquetas", "contem", "··", -40))
    given = RuleSet(base, (*rules, *reach), how.pop("faixas", BANDS), grupos)
    return [(each.codigo.value, each.regras) for each in lint(given, STAGES, **how)]


@pytest.mark.parametrize("ready", ready_sets(), ids=lambda each: each.nome)
def test_ready_sets_are_sound(ready: Any) -> None:
    for each in ready.regras.regras:
        check(each)
        assert each.grupo in {group.nome for group in ready.regras.grupos}
    assert 10 <= len(ready.regras.regras) <= 20
    assert lint(ready.regras, STAGES) == []


@pytest.mark.parametrize(
    ("campo", "operador", "valor", "codigo"),
    [
        ("contatos", "vazio", None, "CONTRADITORIA"),
        ("contatos", "abaixo", 0, "CONTRADITORIA"),
        ("tentativas", "igual", 1.5, "CONTRADITORIA"),
        ("dias_na_etapa", "entre", (1.2, 1.8), "CONTRADITORIA"),
        ("valor", "abaixo", "0.00", "CONTRADITORIA"),
        ("etapa", "vazio", None, "INALCANCAVEL"),
        ("etapa", "em", ("vendido", "Em Negociação"), "INALCANCAVEL"),
        ("uf", "igual", "São Paulo", "INALCANCAVEL"),
        ("ultimo_resultado", "igual", "vendeu", "INALCANCAVEL"),
    ],
)
def test_a_rule_that_can_hold_of_nothing(
    campo: str, operador: str, valor: Any, codigo: str
) -> None:
    assert found(rule("telefone"), rule(campo, operador, valor)) == [(codigo, (1,))]


@pytest.mark.parametrize(
    ("campo", "operador", "valor"),
    [
        ("contatos", "igual", 0),
        ("tentativas", "abaixo", 1),
        ("dias_sem_contato", "vazio", None),
        ("dias_na_etapa", "entre", (1.2, 2)),
        ("valor", "maximo", "0.00"),
        ("etapa", "em", ("vendido", "PROPOSTA")),
        ("etapa", "contem", "posta"),
        ("uf", "fora_de", ("São Paulo",)),
        ("cidade", "contem", "ão"),
        ("atributos.a", "entre", (0.1, 0.2)),
        ("atributos.a", "abaixo", -3.5),
        ("atributos.a", "igual", "12"),
        ("etiquetas", "contem", "vip"),
    ],
)
def test_a_rule_that_may_hold_passes(campo: str, operador: str, valor: Any) -> None:
    assert found(rule(campo, operador, valor)) == []


def test_what_contradicts_itself_is_refused() -> None:
    for valor in ((3, 2), ("10", 9)):
        with pytest.raises(Unfit):
            check(rule("tentativas", "entre", valor))
    check(rule("tentativas", "entre", (2, 2)))


@pytest.mark.parametrize(
    ("base", "pontos", "message"),
    [
        (10, 5, "Nenhum lead pode chegar à faixa quente e a morno: o maior score possível é 15."),
        (10, 40, "Nenhum lead pode chegar à faixa quente: o maior score possível é 50."),
        (50, 30, "Nenhum lead pode descer à faixa frio: o menor score possível é 50."),
        (90, -5, "Nenhum lead pode descer à faixa frio nem à morno: o menor score possível é 85."),
    ],
)
def test_bands_that_nothing_reaches(base: int, pontos: int, message: str) -> None:
    rules = RuleSet(base, (rule("telefone", pontos=pontos),), BANDS)
    (told,) = lint(rules, STAGES)
    assert (told.codigo.value, told.regras, told.mensagem) == ("INALCANCAVEL", (), message)


def test_rules_that_exclude_each_other_do_not_add_up() -> None:
    """Each alone is 30; no lead is in two stages."""
    three = [rule("etapa", "igual", stage, 30) for stage in ("novo", "contatado", "proposta")]
    assert of_score(RuleSet(10, tuple(three), BANDS), STAGES) == (10, 40)
    steps = [rule("valor", "minimo", str(least), 30) for least in (10, 20, 30)]
    assert of_score(RuleSet(10, tuple(steps), BANDS), STAGES) == (10, 100)


def test_points_that_a_group_never_lets_count() -> None:
    group = (Group("g", -5, 10),)
    low, whole, over = (rule(campo, pontos=points, grupo="g") for campo, points in POINTS)
    assert found(low, whole, grupos=group) == []
    assert found(whole, over, grupos=group) == [("INALCANCAVEL", (1,))]
    shut = (Group("g", None, 0),)
    assert found(whole, grupos=shut) == [("INALCANCAVEL", (0,))]
    assert found(whole, low, grupos=shut) == [("INALCANCAVEL", (0,))]
    fine = rule("cidade", pontos=-20, grupo="g")
    assert found(over, fine, grupos=(Group("g", None, 10),)) == []


POINTS = (("telefone", -4), ("email", 10), ("uf", 15))


def test_the_same_condition_twice_in_any_spelling() -> None:
    one = rule("origem", "em", ("Indicação", "site"))
    same = rule("origem", "em", ("SITE", "indicacao"), 7, meia_vida_dias=3.0)
    assert found(one, rule("telefone"), same) == [("DUPLICADA", (0, 2))]
    assert found(one, rule("origem", "em", ("site",)), rule("produto", "em", ("site",))) == []
    assert found(rule("atributos.a", "igual", "1"), rule("atributos.a", "igual", 1)) == []


def test_a_rule_that_holds_of_no_lead() -> None:
    two = (rule("telefone"), rule("uf", "igual", "Bahia"))
    counts = [0, 0, 3, 1]
    codes = found(*two, held=Held(9, counts))
    assert codes == [("INALCANCAVEL", (1,)), ("NUNCA_VALE", (0,))]
    assert found(*two, held=Held(0, [0] * 4)) == [("INALCANCAVEL", (1,))]
    rules = RuleSet(45, (rule("telefone"),), Bands(48, 46))
    told = lint(rules, STAGES, Held(50_000, [0], newest=True))[-1]
    assert "50000 leads mais novos" in told.mensagem


values = st.sampled_from([0, 1, 2, 3.5, 7, 12])
numeric = st.builds(
    rule,
    st.sampled_from(["tentativas", "valor", "atributos.n"]),
    st.sampled_from(["igual", "minimo", "maximo", "acima", "abaixo", "diferente"]),
    values,
    st.integers(-40, 40).filter(bool),
)
textual = st.builds(
    rule,
    st.sampled_from(["etapa", "cidade", "atributos.t"]),
    st.sampled_from(["igual", "diferente"]),
    st.sampled_from(["novo", "proposta", "lins"]),
    st.integers(-40, 40).filter(bool),
)
leads = st.fixed_dictionaries(
    {
        "tentativas": st.integers(0, 15).map(float),
        "valor": st.none() | st.integers(0, 1_500),
        "atributos.n": st.sampled_from([None, "0", "1.2", "3,5", "5", "-2", "100", "x"]),
        "etapa": st.sampled_from(STAGES),
        "cidade": st.sampled_from([None, "lins", "novo", ANY]),
        "atributos.t": st.sampled_from([None, "lins", "novo", "12"]),
    }
)


@settings(max_examples=300)
@given(st.lists(numeric | textual, max_size=12), st.lists(leads, min_size=1, max_size=8))
def test_no_score_is_out_of_reach(rules: list[Rule], seen: list[dict[str, Any]]) -> None:
    """Whatever the lead: its score is within what the linter takes to be possible."""
    span = of_score(RuleSet(50, tuple(rules), BANDS), STAGES)
    for lead in seen:
        points = sum(each.pontos for each in rules if satisfies(each, lead[each.campo]))
        assert span.least <= max(0, min(100, 50 + points)) <= span.most


def test_the_largest_set_is_looked_at_in_time() -> None:
    """Nothing of it grows with the rules times their values."""
    many = tuple(f"{n}" for n in range(100))
    rules = [rule("atributos.a", "em", many, motivo=f"Motivo {n}") for n in range(MAX_RULES)]
    (told,) = lint(RuleSet(45, tuple(rules), Bands(48, 46)), STAGES)[:1]
    assert len(told.regras) == MAX_RULES
