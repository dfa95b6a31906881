"""What figures may be asked for, and how the rest is refused."""

from typing import Any

import pytest

from tests.metrics.test_polling import ALL_VIEWS
from tests.metrics.views import view
from tests.support.api import Team
from tests.support.leads import create

REFUSED: list[tuple[str, dict[str, str]]] = [
    ("de=2026-02-01&ate=2026-01-31", {"ate": "VALOR_INVALIDO"}),
    ("de=1926-01-01&ate=2026-01-01", {"de": "VALOR_INVALIDO"}),
    ("de=2024-01-01&ate=2026-01-01", {"de": "VALOR_INVALIDO"}),
    ("de=ontem", {"de": "DATA_INVALIDA"}),
    ("de=2026-02-30", {"de": "DATA_INVALIDA"}),
    ("ate=0001-01-01", {"ate": "DATA_INVALIDA"}),
    ("de=2026-01-01&de=2026-01-02", {"de": "REPETIDO"}),
]
ANYWHERE: list[tuple[str, dict[str, str]]] = [
    ("etapa=novo", {"etapa": "CAMPO_DESCONHECIDO"}),
    ("responsavel_id=999999999", {"responsavel_id": "USUARIO_INEXISTENTE"}),
    ("responsavel_id=eu", {"responsavel_id": "VALOR_INVALIDO"}),
    ("origem=", {"origem": "CURTO_DEMAIS"}),
    ("produto=" + "x" * 200, {"produto": "LONGO_DEMAIS"}),
]


@pytest.mark.parametrize(
    ("path", "query", "campos"),
    [
        *((path, *each) for path in ALL_VIEWS for each in [*REFUSED, *ANYWHERE]),
    ],
)
def test_bad_input_is_told_by_its_field(
    team: Team, path: str, query: str, campos: dict[str, str]
) -> None:
    reply = team.gestor.api.get(f"/metrics{path}?{query}")
    assert (reply.status, reply.codigo, reply.campos) == (422, "VALIDACAO", campos)


@pytest.mark.parametrize("path", ALL_VIEWS)
def test_a_user_of_another_equipe_is_none(team: Team, other_team: Team, path: str) -> None:
    asked = f"/metrics{path}?responsavel_id={other_team.vendedor.id}"
    assert team.gestor.api.get(asked).campos == {"responsavel_id": "USUARIO_INEXISTENTE"}


@pytest.mark.parametrize("path", ALL_VIEWS)
def test_a_vendedor_asks_for_nobody_else(team: Team, path: str) -> None:
    api = team.vendedor.api
    for owner in (team.colleague.id, "nenhum", 2**62):
        assert api.get(f"/metrics{path}?responsavel_id={owner}").codigo == "PROIBIDO"
    assert api.get(f"/metrics{path}?responsavel_id={team.vendedor.id}").status == 200


def test_what_is_expected_is_of_now_whichever_period_is_asked_for(team: Team) -> None:
    create(team.gestor.api, valor="10.00", previsto_para="2026-12-01")
    told = view(team.gestor.api, "forecast", de="2025-01-01", ate="2025-01-31")["itens"]
    assert told == view(team.gestor.api, "forecast")["itens"]
    assert [item["quantidade"] for item in told] == [1]


def test_the_longest_period_is_taken(team: Team) -> None:
    data = view(team.gestor.api, "series", de="2024-01-01", ate="2025-12-31")
    assert len(data["itens"]) == 731


@pytest.mark.parametrize(
    ("asked", "period"),
    [
        ({"ate": "2026-01-30"}, ("2026-01-01", "2026-01-30")),
        ({"de": "2030-01-01"}, ("2030-01-01", "2030-01-01")),
        ({"de": "2026-01-05", "ate": "2026-01-05"}, ("2026-01-05", "2026-01-05")),
    ],
)
def test_half_a_period_is_completed(
    team: Team, asked: dict[str, Any], period: tuple[str, str]
) -> None:
    told = view(team.gestor.api, **asked)["periodo"]
    assert (told["de"], told["ate"]) == period


def test_words_are_compared_folded_and_shown_as_first_written(team: Team) -> None:
    create(team.gestor.api, origem="Feira Anual")
    create(team.gestor.api, origem="FEIRA ANUAL")
    data = view(team.gestor.api, origem="feira anual")
    assert data["total"] == 2
    assert [group["origem"] for group in data["por_origem"]] == ["Feira Anual"]
    assert view(team.gestor.api, origem="outra")["total"] == 0
