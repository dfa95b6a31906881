"""What is learned from closed leads, and what is said where nothing can be."""

import math
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.model.learning import Knowledge, Sample, learn, loss
from services.model.numerics.quality import auc
from services.scores.card import Card, from_json, logit, to_json
from tests.model.closed import NOW, closed, lead, options


def _auc(card: Card, samples: list[Sample]) -> float:
    import numpy as np

    said = np.array([logit(card, each.lead, each.prior or 0.0) for each in samples])
    return auc(said, np.array([each.ganho for each in samples], dtype=float))


def _card(samples: list[Sample], **changes: Any) -> Card:
    card = learn(samples, options(**changes)).card
    assert card is not None
    return card


def test_it_ranks_leads_that_it_has_not_seen_and_says_how_well() -> None:
    learned = learn(closed(2_000), options())
    assert learned.estado is Knowledge.EM_USO
    assert learned.card is not None
    found = _auc(learned.card, closed(4_000, seed=8))
    assert found > 0.7
    told = learned.relatorio["auc"]
    assert told["de"] < told["valor"] < told["ate"]
    assert told["de"] - 0.02 < found < told["ate"] + 0.02
    assert learned.relatorio["ece"]["valor"] < 0.05


def test_its_base_is_what_the_latest_leads_say() -> None:
    """Where leads have begun to close more often, the card follows."""
    before, since = closed(2_000, rate=0.2), closed(300, rate=0.5, seed=9)
    later = [replace(each, lead_id=each.lead_id + 2_000) for each in since]
    moved = [replace(each, registrado_em=NOW) for each in later]
    said = _card([*before, *moved])
    chances = [1 / (1 + math.exp(-logit(said, each.lead, 0.0))) for each in since]
    assert sum(chances) / 300 == pytest.approx(sum(e.ganho for e in since) / 300, abs=0.03)
    fixed = _card([*before, *moved], janela=False)
    assert fixed.base < said.base


def test_the_window_holds_the_latest_3000_but_never_fewer_than_300() -> None:
    assert learn(closed(3_500), options()).relatorio["n"] == 3_000
    assert learn(closed(3_500), options(janela=False)).relatorio["n"] == 3_500
    ended = [replace(e, registrado_em=e.registrado_em.replace(year=2010)) for e in closed(400)]
    assert learn(ended, options()).relatorio["n"] == 400
    old = closed(1_000, days=5 * 365)
    assert learn(old, options()).relatorio["n"] == 401
    assert learn(old[:500], options()).relatorio["n"] == 401
    assert learn(old[::2], options()).relatorio["n"] == 300


def test_leads_imported_closed_in_one_go_have_no_latest() -> None:
    """A file that is sorted by outcome must not make the last 300 all won."""
    sorted_ = sorted(closed(3_500), key=lambda each: each.ganho)
    at_once = [replace(e, lead_id=n, registrado_em=NOW) for n, e in enumerate(sorted_)]
    learned = learn(at_once, options())
    assert learned.relatorio["n"] == 3_500
    assert learned.relatorio["taxa_base"] == sum(e.ganho for e in at_once) / 3_500
    assert learned.relatorio["deriva"] == []


def test_rules_are_worth_much_where_little_is_known() -> None:
    seen, unseen = closed(60, prior=True), closed(4_000, seed=8, prior=True)
    with_rules, without = _card(seen), _card(seen, proprias=False)
    assert without.regras is None
    assert with_rules.regras is not None
    assert with_rules.regras.peso > 0.3
    assert _auc(with_rules, unseen) > _auc(without, unseen) + 0.01


def test_rules_that_say_nothing_of_the_outcome_do_little_harm() -> None:
    dice = random.Random(4)

    def blind(samples: list[Sample]) -> list[Sample]:
        return [replace(each, prior=dice.gauss(40, 10)) for each in samples]

    seen, unseen = blind(closed(300)), blind(closed(4_000, seed=8))
    assert _auc(_card(seen), unseen) > _auc(_card(seen, proprias=False), unseen) - 0.02


@pytest.mark.parametrize(
    ("n", "rate", "estado"),
    [(29, 0.5, "regras"), (30, 0.5, "em_aprendizado"), (299, 0.5, "em_aprendizado")],
)
def test_how_much_is_known_follows_from_how_many_closed(n: int, rate: float, estado: str) -> None:
    learned = learn(closed(n, rate=rate), options())
    assert learned.estado == estado
    assert (learned.card is None) == (estado == "regras")
    assert (learned.relatorio["motivo"] is None) == (estado != "regras")


def test_few_of_one_outcome_are_little_to_learn_from() -> None:
    samples = [replace(each, ganho=each.lead_id < 20) for each in closed(400)]
    assert learn(samples, options()).estado is Knowledge.EM_APRENDIZADO


@pytest.mark.parametrize("ganho", [True, False])
@pytest.mark.parametrize("n", [0, 1, 500])
def test_one_outcome_alone_gives_no_probability(n: int, ganho: bool) -> None:
    samples = [replace(each, ganho=ganho) for each in closed(n, prior=True)]
    learned = learn(samples, options())
    assert (learned.card, learned.estado) == (None, Knowledge.REGRAS)
    assert learned.relatorio["motivo"]
    assert learned.relatorio["auc"] is None


def test_a_declared_rate_makes_the_rules_a_probability() -> None:
    learned = learn([], options(taxa=0.2, regras=lambda _: (40.0, 10.0)))
    assert learned.estado is Knowledge.REGRAS
    assert learned.card is not None
    chance = [1 / (1 + math.exp(-logit(learned.card, lead({}), points))) for points in (40, 50)]
    assert chance == pytest.approx([0.2, 1 / (1 + math.exp(-0.8) * 4)])
    some = _card(closed(20, prior=True, rate=0.6), taxa=0.2)
    assert 0.2 < 1 / (1 + math.exp(-some.base)) < 0.6


def test_without_rules_that_differ_a_declared_rate_says_nothing_of_a_lead() -> None:
    assert learn([], options(taxa=0.2)).card is None
    alike = [replace(each, prior=30.0) for each in closed(20)]
    assert learn(alike, options(taxa=0.2)).card is None


def test_a_card_that_fits_loses_less() -> None:
    seen, unseen = closed(1_000), closed(1_000, seed=8)
    card = _card(seen)
    assert loss(card, unseen) < loss(replace(card, campos=()), unseen)
    assert loss(Card(0.0, None, ()), unseen) == pytest.approx(math.log(2))
    assert loss(card, []) == 0


def test_the_order_of_leads_and_fields_does_not_matter() -> None:
    samples = closed(400, prior=True)
    dice = random.Random(1)
    mixed = []
    for each in dice.sample(samples, len(samples)):
        names = dice.sample(sorted(each.lead["atributos"]), len(each.lead["atributos"]))
        turned = {name: each.lead["atributos"][name] for name in names}
        mixed.append(replace(each, lead={**each.lead, "atributos": turned}))
    assert learn(samples, options()) == learn(mixed, options())


def test_points_of_the_report_are_those_of_the_card() -> None:
    learned = learn(closed(500), options())
    assert learned.card is not None
    told = {each["campo"]: each["faixas"] for each in learned.relatorio["campos"]}
    assert set(told) == {each.campo for each in learned.card.campos}
    for bins in told.values():
        assert sum(each["n"] for each in bins) == 500
        assert sum(each["ganhos"] for each in bins) == learned.relatorio["ganhos"]
        # Of the average closed lead: none.
        assert sum(each["n"] * each["pontos"] for each in bins) == pytest.approx(0, abs=1e-6)
    assert sum(each["n"] for each in learned.relatorio["calibracao"]) == 500


values = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(["", "a", "b", "1", "2", "3,5", "São Paulo", "2024-01-01", "x@y.com"]),
    st.integers(-(10**15), 10**15),
    st.floats(-1e9, 1e9),
    st.just({"c": "d"}),
    st.just(["e"]),
)
some_leads = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from(["a", "b", "sexo", "mes", "z"]), values),
        st.booleans(),
        st.none() | st.floats(-100, 100),
        st.none() | st.integers(0, 10**12),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60)
@given(some_leads, st.integers(1, 40), st.none() | st.floats(0.01, 0.99), st.booleans())
def test_whatever_closed_leads_hold_there_is_an_answer(
    some: list[Any], times: int, taxa: float | None, janela: bool
) -> None:
    samples = [
        Sample(n, ganho, NOW, lead(dict(attributes), valor_centavos=cents), prior)
        for n, (attributes, ganho, prior, cents) in enumerate(some * times)
    ]
    learned = learn(samples, options(taxa=taxa, janela=janela))
    if learned.card is None:
        assert learned.relatorio["motivo"]
        return
    assert from_json(to_json(learned.card)) == learned.card
    for each in samples[: len(some)]:
        assert math.isfinite(logit(learned.card, each.lead, each.prior or 0.0))
    assert {"atributos.sexo"}.isdisjoint(each.campo for each in learned.card.campos)
