"""A hot statement is planned without knowing its values: its plan must leave nothing to chance."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from services.leads.reading.shapes import Shape, page_query
from services.leads.reading.singles import _one_query
from tests.support.plans import explain

USUAL: dict[str, Any] = {"filters": (), "ordenar": "-criado_em", "gestor": True, "usual": True}


@pytest.fixture
def inside(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


@pytest.mark.parametrize(
    "other",
    [
        {"filters": ("uf_igual",)},
        {"filters": ("etapa_igual",), "ordenar": "valor"},
        {"filters": ("etapa_igual",), "gestor": False},
        {"filters": ("etapa_igual", "responsavel_id")},
        {"filters": ("etapa",)},
        {"deleted": True},
        {"usual": False},
    ],
)
def test_lists_with_a_choice_of_indexes_are_not_hot(other: dict[str, Any]) -> None:
    assert not page_query(Shape(**USUAL | other)).hot


@pytest.mark.parametrize("gestor", [True, False])
def test_a_single_lead_is_found_by_an_index(gestor: bool, inside: Flask) -> None:
    plan = explain(_one_query(gestor), {"equipe_id": 1, "usuario_id": 1, "id": 1}, 1)
    assert "Seq Scan" not in plan.kinds, plan
