"""What is looked for is read by its index, under row-level security."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from services.leads.reading import finding
from services.leads.reading.filters import parameters
from services.leads.reading.shapes import Shape, count_query, page_query
from tests.support import many
from tests.support.api import Team, open_team
from tests.support.plans import explain

pytestmark = pytest.mark.xdist_group("plans")
LEADS = 12_000
TEXTS = "ix_lead_busca_equipe_id_busca"


@pytest.fixture(scope="module")
def large(app: Flask, sql: Engine) -> Iterator[Team]:
    teams = [open_team(app) for _ in range(3)]
    for team, count in zip(teams, (LEADS, 2_000, 50), strict=True):
        many.fill(sql, team, count)
    many.analyze(sql)
    with app.app_context():
        yield teams[0]


def asked(team: Team, **filters: Any) -> dict[str, Any]:
    return parameters(filters, "UTC") | {
        "equipe_id": team.equipe_id,
        "usuario_id": team.vendedor.id,
        "apos": None,
        "apos_id": None,
        "limite": 21,
    }


@pytest.mark.parametrize(("word", "count"), [("ninguem", 0), ("raro", 30), ("omu", 2_400)])
def test_words_are_read_by_the_index_of_the_texts(large: Team, word: str, count: int) -> None:
    values = asked(large, q=f"{word} le") | {"palavra": f"%{word}%"}
    plan = explain(finding._query(), values, large.equipe_id)
    (scan,) = [node for node in plan.nodes if node.get("Index Name")]
    assert scan["Index Name"] == TEXTS, plan
    assert scan["Index Cond"].startswith(
        f"((equipe_id = '{large.equipe_id}'::bigint) AND (busca ~~"
    )
    assert scan["Actual Rows"] == count, plan


@pytest.mark.parametrize(
    ("filters", "index", "count"),
    [
        ({"telefone_final": "1234"}, "ix_lead_contatos_equipe_id_final", 2),
        ({"telefone_final": "0001234"}, "ix_lead_contatos_equipe_id_final", 1),
        ({"email_inicio": "lead123"}, "ix_lead_contatos_equipe_id_tipo_chave", 11),
        ({"email_inicio": "lead1234@"}, "ix_lead_contatos_equipe_id_tipo_chave", 1),
        ({"telefone": "+5511900001234"}, "ix_lead_contatos_equipe_id_tipo_chave", 1),
    ],
)
@pytest.mark.parametrize("order", ["-criado_em", "valor", "-score"])
@pytest.mark.parametrize("gestor", [True, False])
def test_parts_of_contacts_are_ranges_of_their_index(
    large: Team, filters: dict[str, Any], index: str, count: int, order: str, gestor: bool
) -> None:
    for query in (
        page_query(Shape(tuple(filters), order, gestor, usual=True)),
        count_query(tuple(filters), gestor, False),
    ):
        plan = explain(query, asked(large, **filters), large.equipe_id)
        read = [node for node in plan.nodes if node.get("Index Name") == index]
        assert len(read) == 1, plan
        assert "(equipe_id = " in read[0]["Index Cond"], plan
        if "telefone" not in filters:
            assert " >= " in read[0]["Index Cond"] and " < " in read[0]["Index Cond"], plan
        assert read[0]["Actual Rows"] == count, plan
        # The leads come after, by their ids.
        assert sum(_rows_of(node) for node in plan.nodes if _is_of_leads(node)) <= count, plan


def _is_of_leads(node: dict[str, Any]) -> bool:
    return node.get("Relation Name") == "leads"


def _rows_of(node: dict[str, Any]) -> float:
    return node["Actual Rows"] * node["Actual Loops"] + node.get("Rows Removed by Filter", 0)
