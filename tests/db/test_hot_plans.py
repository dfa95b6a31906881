"""A hot statement is planned without knowing its values: its plan must leave nothing to chance."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from models.db.prepared import Message
from models.db.statements import Query, read_engine
from models.db.transactions import for_tenant
from models.lead import CENTS
from services.leads.duplicates import Keys
from services.leads.locking import keyed_lock
from services.leads.reading.reads import _page_query, _Shape
from services.leads.reading.singles import _one_query
from services.leads.writing.facts import Asked, values_of
from services.leads.writing.holding import _keyed_query
from services.principal import Principal
from tests.support.api import Team

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


CALLER = Principal(1, 1, None, "gestor", "America/Sao_Paulo")


def plan(query: Query, more: dict[str, Any] | None = None) -> str:
    values = {"equipe_id": 1, "usuario_id": 1, "id": 1, "apos": None, "apos_id": 1, **(more or {})}
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


@pytest.fixture
def crowded(team: Team, sql: Engine) -> None:
    """Of an empty table every index is as good as another."""
    with sql.connect() as connection:
        connection.execute(text(_CROWD), {"e": team.equipe_id})
        connection.execute(text("analyze leads, lead_contatos"))


_CROWD = """
with l as (
  insert into leads (equipe_id, nome, etapa, etapa_desde, documento, id_externo)
  select :e, 'L', 'novo', now(), n::text, n::text from generate_series(1, 3000) n
  returning equipe_id, id
)
insert into lead_contatos (equipe_id, lead_id, ordem, tipo, valor, chave)
select equipe_id, id, 1, 'email', id::text, id::text from l
"""


@pytest.mark.usefixtures("crowded")
def test_who_has_a_key_is_looked_up_and_held_without_a_walk(inside: Flask) -> None:
    keys = Keys.of({"documento": "1", "email": "a@exemplo.com.br", "id_externo": "2"})
    values = values_of(CALLER, Asked(keys)) | {"pelo_tipo": "email", "pela_chave": "a"}
    for query in (keyed_lock(), _keyed_query(Asked(keys, stage=True).wants)):
        found = plan(query, values)
        assert query.hot
        assert "Seq Scan on leads" not in found, found
        # Every look at the leads is by an id or a key; a tenant has few stages.
        by_tenant = [each for each in found.splitlines() if "Cond: (equipe_id = $1)" in each]
        assert len(by_tenant) <= found.count(" on etapas"), found
