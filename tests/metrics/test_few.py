"""What figures are (docs/metrics.md) where there is nothing, or next to nothing, to count."""

import pytest

from tests.metrics.past import past
from tests.metrics.told import (
    DAY,
    MARCH,
    NEVER,
    NOTHING,
    PERFORMANCE,
    funnel,
    lasted,
    of,
    series,
    stays,
)
from tests.metrics.views import view
from tests.support.api import Team

pytestmark = pytest.mark.usefixtures("noon")


def test_an_empty_equipe(team: Team) -> None:
    api = team.gestor.api
    told = view(api)
    for name in ("total", "abertos", "ganhos", "perdidos", "promessas_vencidas"):
        assert told[name] == 0, name
    assert of(told, "conversao", "valor_ponderado") == (None, None)
    assert of(told, "valor_aberto", "valor_ganho") == ("0.00", "0.00")
    assert told["tempo_ate_ganho"] == told["primeira_resposta"] == NEVER
    for name in ("responsavel", "origem", "produto", "faixa"):
        assert told[f"por_{name}"] == [], name
    assert {of(each, "quantidade", "valor") for each in told["por_etapa"]} == {(0, "0.00")}
    for name in ("hoje", "dias_7", "dias_30"):
        assert told[name] == NOTHING | {"anterior": NOTHING}, name
    assert [of(each, "posicao", "ganhos") for each in told["ranking"]] == [(1, 0), (1, 0)]
    assert len(told["serie"]) == 30
    assert funnel(api) == stays(api) == {}
    assert {of(each, "novos", "ganhos") for each in view(api, "cohorts")["itens"]} == {(0, 0)}
    assert view(api, "forecast")["itens"] == view(api, "sources")["itens"] == []
    people = view(api, "sellers")["itens"]
    assert [of(each, *PERFORMANCE) for each in people] == [
        (0, 0, 0, "0.00", None, 0, "0.00"),
        (0, 0, 0, "0.00", None, 0, "0.00"),
    ]


@pytest.mark.parametrize(
    ("ate", "first"),
    [("2026-12-01", "2026-01"), ("2027-01-31", "2026-02"), ("2028-02-29", "2027-03")],
)
def test_cohorts_without_a_beginning_are_of_twelve_months(team: Team, ate: str, first: str) -> None:
    months = [each["mes"] for each in view(team.gestor.api, "cohorts", ate=ate)["itens"]]
    assert (len(months), months[0], months[-1]) == (12, first, ate[:7])


def test_one_closed_lead(team: Team) -> None:
    """All of one is won, and half of one lasts as long as nine tenths of it."""
    api = team.gestor.api
    won = ("ganho", "2026-03-05T12:00:00Z")
    past(api, "2026-03-02T12:00:00Z", won, valor="500.00", responsavel_id=team.vendedor.id)
    told = view(api, **MARCH)
    assert of(told, "total", "conversao", "valor_ganho") == (1, 1.0, "500.00")
    assert told["tempo_ate_ganho"] == lasted(1, 3 * DAY, 3 * DAY)
    assert told["tempo_ate_ganho"]["mediana"] == told["tempo_ate_ganho"]["p90"]
    assert told["por_responsavel"][0]["conversao"] == 1.0
    first = view(api, "sellers", **MARCH)["itens"][0]
    assert of(first, "posicao", "responsavel_id", "conversao") == (1, team.vendedor.id, 1.0)


def test_of_one_person_alone_nobody_knows_the_place(team: Team) -> None:
    won = ("ganho", "2026-03-05T12:00:00Z")
    past(team.gestor.api, "2026-03-02T12:00:00Z", won, responsavel_id=team.colleague.id)
    whose = {"responsavel_id": team.vendedor.id}
    for api, asked in ((team.vendedor.api, {}), (team.gestor.api, whose)):
        for people in (
            view(api, **MARCH, **asked)["ranking"],
            view(api, "sellers", **MARCH, **asked)["itens"],
        ):
            assert [of(each, "posicao", "ganhos") for each in people] == [(None, 0)]


def test_a_period_without_leads(march: Team) -> None:
    """Nothing happened in January 2020, and what is open is open all the same."""
    api, empty = march.gestor.api, {"de": "2020-01-01", "ate": "2020-01-31"}
    told = view(api, **empty)
    assert told["periodo"] == {**empty, **NOTHING, "anterior": NOTHING}
    assert len(told["serie"]) == 31
    assert {of(day, *NOTHING) for day in told["serie"]} == {(0, 0, 0, "0.00")}
    assert told["tempo_ate_ganho"] == told["primeira_resposta"] == NEVER
    assert {of(each, "ganhos", "valor_ganho") for each in told["ranking"]} == {(0, "0.00")}
    assert told["total"] == 6
    assert funnel(api, **empty) == stays(api, **empty) == series(api, **empty) == {}
    (month,) = view(api, "cohorts", **empty)["itens"]
    assert of(month, "novos", "ganhos") == (0, 0)
    assert {each["ganhos"] for each in month["por_mes"]} == {0}
    people = view(api, "sellers", **empty)["itens"]
    assert [of(each, "posicao", *PERFORMANCE) for each in people] == [
        (1, 0, 0, 0, "0.00", None, 1, "800.00"),  # V
        (1, 0, 0, 0, "0.00", None, 1, "0.00"),  # K
        (None, 0, 0, 0, "0.00", None, 1, "200.00"),
    ]
    told = view(api, "sources", **empty)["itens"]
    assert {of(each, *NOTHING) for each in told} == {(0, 0, 0, "0.00")}
