"""A hot statement is planned without knowing its values: its plan must leave nothing to chance."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from flask import Flask

from models.db.prepared import Message
from models.db.queries import Query
from models.db.statements import read_engine
from models.db.transactions import for_tenant
from models.lead import CENTS
from services.leads.reading.reads import _page_query, _Shape
from services.leads.reading.singles import _one_query

WALKS = ("criado_em", "atualizado_em", "proximo_contato_em", "valor")
USUAL: dict[str, Any] = {
    "filters": (),
    "ordenar": "-criado_em",
    "gestor": True,
    "deleted": False,
    "continues": False,
    "nulls": False,
    "usual": True,
}


@pytest.fixture
def inside(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


def plan(query: Query) -> str:
    values = {"equipe_id": 1, "usuario_id": 1, "id": 1, "apos": None, "apos_id": 1}
    with closing(read_engine().raw_connection()) as pooled, closing(pooled.cursor()) as cursor:
        connection: Any = pooled.dbapi_connection
        _forget(connection, cursor)
        text = Message(connection).text(query.sql)
        asked = text.replace("; execute ", "; explain execute ")
        cursor.execute(for_tenant(1, asked), query.defaults | values)
        lines = [line for (line,) in cursor.fetchall()]
        _forget(connection, cursor)
    return "\n".join(lines)


def _forget(connection: Any, cursor: Any) -> None:
    """Other tests may have prepared it on this connection."""
    cursor.execute("deallocate all")
    connection.prepared.clear()


@pytest.mark.parametrize("continues", [False, True])
@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("column", WALKS)
def test_a_hot_list_walks_the_index_of_its_order(
    column: str, sign: str, continues: bool, inside: Flask
) -> None:
    query = _page_query(_Shape(**USUAL | {"ordenar": sign + column, "continues": continues}))
    found = plan(query)
    assert query.hot
    indexed = CENTS.get(column, column)
    assert f"using ix_leads_equipe_id_{indexed}_id on leads" in found, found
    assert "Sort" not in found and "Seq Scan" not in found and "Bitmap" not in found, found


@pytest.mark.parametrize(
    "other",
    [
        {"ordenar": "-score"},
        {"gestor": False},
        {"filters": ("etapa_igual",)},
        {"deleted": True},
        {"nulls": True, "ordenar": "valor"},
        {"usual": False},
    ],
)
def test_lists_with_a_choice_of_indexes_are_not_hot(other: dict[str, Any]) -> None:
    assert not _page_query(_Shape(**USUAL | other)).hot


@pytest.mark.parametrize("gestor", [True, False])
def test_a_single_lead_is_found_by_an_index(gestor: bool, inside: Flask) -> None:
    found = plan(_one_query(gestor))
    assert "Seq Scan" not in found, found
