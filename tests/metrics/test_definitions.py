"""What each figure means (docs/metrics.md), held against numbers that were worked out by hand from
the six leads of `march`."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from config import ROOT
from tests.metrics.told import (
    DAY,
    HOUR,
    MARCH,
    NEVER,
    NOTHING,
    PERFORMANCE,
    funnel,
    lasted,
    moved,
    of,
    stays,
)
from tests.metrics.views import view
from tests.support.api import Team
from tests.support.routes import declared

pytestmark = pytest.mark.usefixtures("noon")


def test_stocks_are_those_of_now(march: Team) -> None:
    """Open 800 + 200 + nothing, won 1000 + 2000, expected 800 ÷ 4 + 200 ÷ 2; won of closed ones
    2 of 3. D's call is overdue, F's is not yet."""
    told = view(march.gestor.api)
    assert told["fuso"] == "America/Sao_Paulo"
    assert told["gerado_em"] == "2026-03-20T15:00:00Z"
    assert of(told, "total", "abertos", "ganhos", "perdidos") == (6, 3, 2, 1)
    assert told["conversao"] == 2 / 3
    values = of(told, "valor_aberto", "valor_ganho", "valor_ponderado")
    assert values == ("1000.00", "3000.00", "300.00")
    assert told["promessas_vencidas"] == 1


def test_stocks_are_the_same_in_any_period(march: Team) -> None:
    told = view(march.gestor.api)
    other = view(march.gestor.api, de="2020-01-01", ate="2020-01-31")
    for name in ("total", "conversao", "valor_aberto", "promessas_vencidas", "por_origem", "hoje"):
        assert other[name] == told[name], name


def test_groups_are_of_all_leads(march: Team) -> None:
    """By what a lead is now; origens that differ in capitals alone are one, as it was first
    written."""
    told = view(march.gestor.api)
    names = ("quantidade", "valor", "ganhos", "perdidos", "conversao", "valor_ganho")
    stages = {each["etapa"]: of(each, "nome", *names[:2]) for each in told["por_etapa"]}
    assert stages == {
        "novo": ("Novo", 1, "200.00"),  # E
        "contatado": ("Contatado", 1, "0.00"),  # F
        "qualificado": ("Qualificado", 0, "0.00"),
        "proposta": ("Proposta", 1, "800.00"),  # D
        "ganho": ("Ganho", 2, "3000.00"),  # A, C
        "perdido": ("Perdido", 1, "500.00"),  # B
    }
    assert {each["responsavel_id"]: of(each, *names) for each in told["por_responsavel"]} == {
        march.vendedor.id: (3, "2300.00", 1, 1, 0.5, "1000.00"),  # A, B, D
        march.colleague.id: (2, "2000.00", 1, 0, 1.0, "2000.00"),  # C, F
        None: (1, "200.00", 0, 0, None, "0.00"),  # E
    }
    assert {each["origem"]: of(each, *names) for each in told["por_origem"]} == {
        "Site": (3, "1500.00", 1, 1, 0.5, "1000.00"),  # A, B, F
        "Feira": (2, "2800.00", 1, 0, 1.0, "2000.00"),  # C, D
        None: (1, "200.00", 0, 0, None, "0.00"),  # E
    }
    assert {each["produto"]: of(each, *names) for each in told["por_produto"]} == {
        "Seguro": (1, "1000.00", 1, 0, 1.0, "1000.00"),  # A
        None: (5, "3500.00", 1, 1, 0.5, "2000.00"),  # B, C, D, E, F
    }
    assert told["por_origem_outros"] is told["por_produto_outros"] is None
    bands = {each["faixa"]: each["quantidade"] for each in told["por_faixa"]}
    listed = [lead["faixa"] for lead in march.gestor.api.get("/leads").data["itens"]]
    assert bands == {band: listed.count(band) for band in listed}


def test_movements_are_of_days_and_of_as_many_before(march: Team) -> None:
    """Created on 10 February: C, 2 March: A, B, 9: D, 16: F, 20: E. A and C were won on 4 and 10,
    B was lost on 12 March."""
    told = view(march.gestor.api, de="2026-03-04", ate="2026-03-10")
    # 20 March, 19 March.
    assert told["hoje"] == moved(1, 0, 0, "0.00") | {"anterior": NOTHING}
    # 14 to 20 March: F, E. 7 to 13 March: D; C won, B lost.
    assert told["dias_7"] == moved(2, 0, 0, "0.00") | {"anterior": moved(1, 1, 1, "2000.00")}
    # 19 February to 20 March: all but C's creation, which is in the 30 days before.
    before = moved(1, 0, 0, "0.00")
    assert told["dias_30"] == moved(5, 2, 1, "3000.00") | {"anterior": before}
    # 4 to 10 March: D; A and C won. 25 February to 3 March: A, B.
    period = {"de": "2026-03-04", "ate": "2026-03-10", **moved(1, 2, 0, "3000.00")}
    assert told["periodo"] == period | {"anterior": moved(2, 0, 0, "0.00")}
    assert [of(day, "dia", *NOTHING) for day in told["serie"]] == [
        ("2026-03-04", 0, 1, 0, "1000.00"),
        ("2026-03-05", 0, 0, 0, "0.00"),
        ("2026-03-06", 0, 0, 0, "0.00"),
        ("2026-03-07", 0, 0, 0, "0.00"),
        ("2026-03-08", 0, 0, 0, "0.00"),
        ("2026-03-09", 1, 0, 0, "0.00"),
        ("2026-03-10", 0, 1, 0, "2000.00"),
    ]
    items = view(march.gestor.api, "series", de="2026-03-04", ate="2026-03-10")["itens"]
    assert items == told["serie"]


def test_durations_are_of_whole_months(march: Team) -> None:
    """A and C were won in March, after 2 and 28 days; A was answered after an hour. Of two, half is
    the first, nine of ten are both."""
    told = view(march.gestor.api, de="2026-03-31", ate="2026-03-31")
    assert told["tempo_ate_ganho"] == lasted(2, 2 * DAY, 28 * DAY)
    assert told["primeira_resposta"] == lasted(1, HOUR, HOUR)
    told = view(march.gestor.api, de="2026-02-01", ate="2026-02-28")
    assert told["tempo_ate_ganho"] == told["primeira_resposta"] == NEVER


def test_the_ranking_is_by_value_won_in_the_period(march: Team) -> None:
    names = ("posicao", "responsavel_id", "ganhos", "valor_ganho", "ativo")
    v, k = march.vendedor.id, march.colleague.id
    told = view(march.gestor.api, **MARCH)["ranking"]
    assert [of(each, *names) for each in told] == [
        (1, k, 1, "2000.00", True),
        (2, v, 1, "1000.00", True),
    ]
    # Up to the 9th A alone: who won nothing is there, too.
    told = view(march.gestor.api, de="2026-03-01", ate="2026-03-09")["ranking"]
    assert [of(each, *names[:4]) for each in told] == [(1, v, 1, "1000.00"), (2, k, 0, "0.00")]


def test_the_funnel_follows_the_leads_created_in_a_period(march: Team) -> None:
    """In March A, B, D, E, F. Into contatado came A, F; into proposta B, D, of which B was lost
    when it left it."""
    assert funnel(march.gestor.api, **MARCH) == {
        "novo": (5, 1, 0, 1 / 5),
        "contatado": (2, 1, 0, 1 / 2),
        "proposta": (2, 0, 1, 0.0),
        "ganho": (1, 1, 0, 1.0),
        "perdido": (1, 0, 0, 0.0),
    }
    # C came in February: it was never asked after, and won.
    february = {"de": "2026-02-01", "ate": "2026-02-28"}
    assert funnel(march.gestor.api, **february) == {
        "novo": (1, 1, 0, 1.0),
        "ganho": (1, 1, 0, 1.0),
    }
    items = view(march.gestor.api, "funnel", **february)["etapas"]
    assert [item["conversao"] for item in items if item["etapa"] == "perdido"] == [None]


def test_cohorts_tell_when_the_leads_of_a_month_were_won(march: Team) -> None:
    """C came in February and was won a month later; of March's five A was won in March, which is
    not over."""
    told = view(march.gestor.api, "cohorts", de="2026-02-10", ate="2026-03-20")["itens"]
    assert told == [
        {
            "mes": "2026-02",
            "novos": 1,
            "ganhos": 1,
            "por_mes": [{"n": 0, "ganhos": 0}, {"n": 1, "ganhos": 1}],
        },
        {"mes": "2026-03", "novos": 5, "ganhos": 1, "por_mes": [{"n": 0, "ganhos": 1}]},
    ]


def test_the_forecast_is_of_open_leads_by_the_month_they_should_close_in(march: Team) -> None:
    """April: D and F, of which D has a chance: 800 ÷ 4 = 200, √(800² × 1/4 × 3/4) = √120,000 =
    346.41. No month: E, 200 ÷ 2 = 100, √(200² × 1/2 × 1/2) = 100."""
    told = view(march.gestor.api, "forecast")["itens"]
    assert [of(each, "mes", "quantidade", "esperado", "desvio") for each in told] == [
        ("2026-04", 2, "200.00", "346.41"),
        (None, 1, "100.00", "100.00"),
    ]


def test_sellers_by_what_they_won_in_the_period_and_have_open_now(march: Team) -> None:
    told = view(march.gestor.api, "sellers", **MARCH)["itens"]
    names = ("posicao", "responsavel_id", *PERFORMANCE)
    assert [of(each, *names) for each in told] == [
        # F came, C was won, F is open.
        (1, march.colleague.id, 1, 1, 0, "2000.00", 1.0, 1, "0.00"),
        # A, B, D came, A was won, B lost, D is open.
        (2, march.vendedor.id, 3, 1, 1, "1000.00", 0.5, 1, "800.00"),
        # E came, and is open.
        (None, None, 1, 0, 0, "0.00", None, 1, "200.00"),
    ]
    assert [each["tempo_ate_ganho"] for each in told] == [
        lasted(1, 28 * DAY, 28 * DAY),
        lasted(1, 2 * DAY, 2 * DAY),
        NEVER,
    ]


def test_sources_by_what_came_of_them(march: Team) -> None:
    told = view(march.gestor.api, "sources", **MARCH)
    assert [of(each, "origem", *PERFORMANCE) for each in told["itens"]] == [
        ("Site", 3, 1, 1, "1000.00", 0.5, 1, "0.00"),  # A, B, F
        ("Feira", 1, 1, 0, "2000.00", 1.0, 1, "800.00"),  # D came, C was won
        (None, 1, 0, 0, "0.00", None, 1, "200.00"),  # E
    ]
    assert told["outros"] is None


def test_time_in_stage_is_of_those_who_left_it(march: Team) -> None:
    """Novo: A and F a day, D two, B three, C 28: half of five is the third, nine of ten the fifth.
    Contatado: A a day. Proposta: B seven. D, E and F are still where they are."""
    assert stays(march.gestor.api, **MARCH) == {
        "novo": lasted(5, 2 * DAY, 28 * DAY),
        "contatado": lasted(1, DAY, DAY),
        "proposta": lasted(1, 7 * DAY, 7 * DAY),
    }
    told = view(march.gestor.api, "time-in-stage", **MARCH)["itens"]
    months = {each["etapa"]: [month["mes"] for month in each["por_mes"]] for each in told}
    assert months["novo"] == ["2026-03"] and months["qualificado"] == []


def test_a_filter_leaves_the_leads_that_are_so_now(march: Team) -> None:
    """K has C and F; of Feira are C and D, of both C alone."""
    api, k = march.gestor.api, march.colleague.id
    names = ("total", "abertos", "ganhos", "perdidos", "valor_ganho")
    assert of(view(api, responsavel_id=k), *names) == (2, 1, 1, 0, "2000.00")
    assert of(view(api, origem="feira"), *names) == (2, 1, 1, 0, "2000.00")
    assert of(view(api, origem="feira", responsavel_id=k), *names) == (1, 0, 1, 0, "2000.00")
    assert of(view(api, produto="SEGURO"), *names) == (1, 0, 1, 0, "1000.00")
    assert of(view(api, responsavel_id="nenhum"), *names) == (1, 1, 0, 0, "0.00")
    assert of(view(march.colleague.api), *names) == (2, 1, 1, 0, "2000.00")


def figures(model: type[BaseModel]) -> Iterator[str]:
    """The name of each field of a reply, however deep."""
    for name, field in model.model_fields.items():
        yield name
        for inner in models(field.annotation):
            yield from figures(inner)


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from models(inner)


VIEWS = [name for name in declared() if name.startswith(("GET /metrics", "GET /goals"))]


@pytest.mark.parametrize("name", VIEWS)
def test_each_figure_is_defined_in_the_documentation(name: str) -> None:
    text = (ROOT / "docs/metrics.md").read_text("utf-8")
    _, path = name.split(" ")
    assert f"## `GET {path.replace('{mes}', '{AAAA-MM}')}`" in text
    assert [each for each in figures(declared()[name].output) if f"`{each}`" not in text] == []
