"""What figures mean (docs/metrics.md) where that is not plain. The numbers are worked out by hand;
no lead is there but those that a test names."""

import pytest

from tests.metrics.past import move, past
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
from tests.support.leads import imported

pytestmark = pytest.mark.usefixtures("noon")


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [
        ("America/Sao_Paulo", "03:00:00"),
        ("America/Manaus", "04:00:00"),
        ("America/Noronha", "02:00:00"),
    ],
)
def test_leads_across_midnight(team: Team, zone: str, midnight: str) -> None:
    """Created in the last second of February, by the equipe's days, and won in the next one."""
    api = team.gestor.api
    assert api.patch("/equipe", {"fuso": zone}).status == 200
    last = f"2026-03-01T{int(midnight[:2]) - 1:02}:59:59Z"
    past(api, last, ("ganho", f"2026-03-01T{midnight}Z"), valor="7.00")
    assert series(api, "2026-02-27", "2026-03-02") == {
        "2026-02-28": (1, 0, 0, "0.00"),
        "2026-03-01": (0, 1, 0, "7.00"),
    }
    told = view(api, de="2026-03-01", ate="2026-03-31")
    assert told["fuso"] == zone
    assert of(told["periodo"], *NOTHING) == (0, 1, 0, "7.00")
    assert told["tempo_ate_ganho"]["n"] == 1
    assert view(api, de="2026-02-01", ate="2026-02-28")["tempo_ate_ganho"] == NEVER
    (february,) = view(api, "cohorts", de="2026-02-01", ate="2026-02-28")["itens"]
    assert february["por_mes"] == [{"n": 0, "ganhos": 0}, {"n": 1, "ganhos": 1}]
    assert funnel(api, de="2026-03-01", ate="2026-03-31") == {}


def test_a_lost_lead(team: Team) -> None:
    """It stays in the stages that it passed, and is not expected to bring anything."""
    api = team.gestor.api
    moves = (("proposta", "2026-03-03T12:00:00Z"), ("perdido", "2026-03-05T12:00:00Z"))
    past(api, "2026-03-02T12:00:00Z", *moves, valor="500.00", previsto_para="2026-04-01")
    told = view(api, **MARCH)
    assert of(told, "total", "abertos", "perdidos", "conversao") == (1, 0, 1, 0.0)
    values = of(told, "valor_aberto", "valor_ganho", "valor_ponderado")
    assert values == ("0.00", "0.00", None)
    assert of(told["periodo"], *NOTHING) == (1, 0, 1, "0.00")
    assert told["tempo_ate_ganho"] == NEVER
    assert funnel(api, **MARCH) == {
        "novo": (1, 0, 0, 0.0),
        "proposta": (1, 0, 1, 0.0),
        "perdido": (1, 0, 0, 0.0),
    }
    assert view(api, "forecast")["itens"] == []
    (march,) = view(api, "cohorts", **MARCH)["itens"]
    assert of(march, "novos", "ganhos") == (1, 0)


def test_an_open_lead_without_a_chance(team: Team) -> None:
    """Nothing is known of what it brings, which is not the same as nothing."""
    api = team.gestor.api
    past(api, "2026-03-02T12:00:00Z", valor="500.00", previsto_para="2026-04-01")
    (april,) = view(api, "forecast")["itens"]
    assert of(april, "mes", "quantidade", "esperado", "desvio") == ("2026-04", 1, None, None)
    assert of(view(api), "valor_aberto", "valor_ponderado") == ("500.00", None)


def test_a_reopened_lead(team: Team) -> None:
    """Won on the 5th, open again on the 8th, won on the 12th: while it is open it is no win, and
    afterwards it is one, of the 12th, ten days after it came."""
    api = team.gestor.api
    won = ("ganho", "2026-03-05T12:00:00Z")
    lead = past(api, "2026-03-02T12:00:00Z", won, valor="500.00", previsto_para="2026-04-01")
    move(api, lead, "proposta", "2026-03-08T12:00:00Z")
    told = view(api, **MARCH)
    assert of(told, "abertos", "ganhos", "conversao", "valor_aberto") == (1, 0, None, "500.00")
    assert series(api, **MARCH) == {"2026-03-02": (1, 0, 0, "0.00")}
    assert told["tempo_ate_ganho"] == NEVER
    assert funnel(api, **MARCH) == {
        "novo": (1, 0, 0, 0.0),
        "proposta": (1, 0, 0, 0.0),
        "ganho": (1, 0, 0, 0.0),
    }
    assert [item["quantidade"] for item in view(api, "forecast")["itens"]] == [1]
    move(api, lead, "ganho", "2026-03-12T12:00:00Z")
    assert series(api, **MARCH) == {
        "2026-03-02": (1, 0, 0, "0.00"),
        "2026-03-12": (0, 1, 0, "500.00"),
    }
    told = view(api, **MARCH)
    assert of(told, "abertos", "ganhos", "conversao") == (0, 1, 1.0)
    assert told["tempo_ate_ganho"] == lasted(1, 10 * DAY, 10 * DAY)
    # Each stage was entered once or more: one lead each. In ganho it was three days before.
    assert funnel(api, **MARCH) == {
        "novo": (1, 1, 0, 1.0),
        "proposta": (1, 1, 0, 1.0),
        "ganho": (1, 1, 0, 1.0),
    }
    assert stays(api, **MARCH) == {
        "novo": lasted(1, 3 * DAY, 3 * DAY),
        "proposta": lasted(1, 4 * DAY, 4 * DAY),
        "ganho": lasted(1, 3 * DAY, 3 * DAY),
    }


def test_a_loss_that_is_taken_back(team: Team) -> None:
    """The stage that it was lost from counts no loss any more."""
    api = team.gestor.api
    lead = past(api, "2026-03-02T12:00:00Z", ("perdido", "2026-03-05T12:00:00Z"))
    assert funnel(api, **MARCH)["novo"] == (1, 0, 1, 0.0)
    move(api, lead, "contatado", "2026-03-06T12:00:00Z")
    assert funnel(api, **MARCH) == {
        "novo": (1, 0, 0, 0.0),
        "contatado": (1, 0, 0, 0.0),
        "perdido": (1, 0, 0, 0.0),
    }
    assert of(view(api, **MARCH)["periodo"], *NOTHING) == (1, 0, 0, "0.00")


def test_a_vendedor_who_left(team: Team) -> None:
    """What they won stays theirs, in periods in which they won it; what is handed on goes with its
    new owner."""
    api, v, k = team.gestor.api, team.vendedor.id, team.colleague.id
    won = ("ganho", "2026-03-05T12:00:00Z")
    past(api, "2026-03-02T12:00:00Z", won, valor="500.00", responsavel_id=v)
    past(api, "2026-03-02T12:00:00Z", valor="70.00", responsavel_id=v)
    body = {"ativo": False, "leads": k}
    assert api.patch(f"/users/{v}", body).status == 200
    told = view(api, **MARCH)
    groups = {
        each["responsavel_id"]: of(each, "nome", "quantidade", "valor")
        for each in told["por_responsavel"]
    }
    assert groups == {v: ("Pessoa de Teste", 1, "500.00"), k: ("Pessoa de Teste", 1, "70.00")}
    names = ("posicao", "responsavel_id", "ativo", "ganhos", "valor_ganho")
    assert [of(each, *names) for each in told["ranking"]] == [
        (1, v, False, 1, "500.00"),
        (2, k, True, 0, "0.00"),
    ]
    sellers = view(api, "sellers", **MARCH)["itens"]
    assert [of(each, "responsavel_id", "ativo", *PERFORMANCE) for each in sellers] == [
        (v, False, 1, 1, 0, "500.00", 1.0, 0, "0.00"),
        (k, True, 1, 0, 0, "0.00", None, 1, "70.00"),
    ]
    april = {"de": "2026-04-01", "ate": "2026-04-30"}
    assert [each["responsavel_id"] for each in view(api, **april)["ranking"]] == [k]
    assert [each["responsavel_id"] for each in view(api, "sellers", **april)["itens"]] == [k]


def test_imported_history(team: Team) -> None:
    """A file's dates count, not the day of the import; what it does not tell did not happen."""
    api = team.gestor.api
    file = (
        "nome,etapa,valor,criado_em,fechado_em,motivo_perda\n"
        "A,ganho,100.00,2026-01-05T12:00:00Z,2026-01-15T12:00:00Z,\n"
        "B,perdido,50.00,2026-01-06T12:00:00Z,2026-02-06T12:00:00Z,preço\n"
        "C,proposta,30.00,2026-01-07T12:00:00Z,,\n"
    )
    assert imported(api, file)["criados"] == 3
    old = {"de": "2026-01-01", "ate": "2026-02-28"}
    assert series(api, **old) == {
        "2026-01-05": (1, 0, 0, "0.00"),
        "2026-01-06": (1, 0, 0, "0.00"),
        "2026-01-07": (1, 0, 0, "0.00"),
        "2026-01-15": (0, 1, 0, "100.00"),
        "2026-02-06": (0, 0, 1, "0.00"),
    }
    told = view(api, **old)
    assert told["hoje"] == NOTHING | {"anterior": NOTHING}
    assert of(told, "total", "conversao", "valor_aberto") == (3, 0.5, "30.00")
    assert told["tempo_ate_ganho"] == lasted(1, 10 * DAY, 10 * DAY)
    assert told["primeira_resposta"] == NEVER
    # Each was in the stage that it was imported into, and left none.
    assert funnel(api, **old) == {
        "proposta": (1, 0, 0, 0.0),
        "ganho": (1, 1, 0, 1.0),
        "perdido": (1, 0, 0, 0.0),
    }
    assert stays(api, **old) == {}
    january, february = view(api, "cohorts", **old)["itens"]
    assert of(january, "novos", "ganhos") == (3, 1)
    assert february["novos"] == 0
