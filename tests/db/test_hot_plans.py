"""A hot statement is planned without knowing its values: its plan must leave nothing to chance."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from services.leads.duplicates import Keys
from services.leads.locking import keyed_lock
from services.leads.reading.shapes import Shape, page_query
from services.leads.reading.singles import _one_query
from services.leads.writing.facts import Asked, values_of
from services.leads.writing.holding import _keyed_query
from services.principal import Principal
from tests.support.api import Team
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


@pytest.fixture
def crowded(team: Team, sql: Engine) -> Iterator[None]:
    """One large tenant among many small ones: a plan that is made beforehand holds each for small.
    Of an empty table every index is as good as another."""
    with sql.connect() as connection:
        connection.execute(text(_SMALL))
        connection.execute(text(_CROWD), {"e": team.equipe_id})
        connection.execute(text(_QUEUE), {"e": team.equipe_id})
        connection.execute(text(_ANALYZE))
    yield
    with sql.connect() as connection:
        connection.execute(text(_GONE))
        connection.execute(text(_ANALYZE))


_QUEUE = """
insert into fila (equipe_id, lead_id, ordem)
select equipe_id, id, id from leads where equipe_id = :e on conflict do nothing
"""
_SMALL = """
with e as (
  insert into equipes (nome) select 'Equipe pequena' from generate_series(1, 400) returning id
), s as (
  insert into etapas (equipe_id, chave, nome, nome_chave, tipo, ordem)
  select id, 'novo', 'Novo', 'novo', 'aberta', 1 from e returning equipe_id
), l as (
  insert into leads (equipe_id, nome, etapa, etapa_desde)
  select equipe_id, 'L', 'novo', now() from s returning equipe_id, id
)
insert into lead_contatos (equipe_id, lead_id, ordem, tipo, valor, chave)
select equipe_id, id, 1, 'email', id::text, id::text from l
"""
_GONE = """
with e as (delete from equipes where nome = 'Equipe pequena' returning id),
s as (delete from etapas where equipe_id in (select id from e)),
l as (delete from leads where equipe_id in (select id from e))
delete from lead_contatos where equipe_id in (select id from e)
"""
_ANALYZE = "analyze leads, lead_contatos, fila"
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
def test_who_has_a_key_is_looked_up_and_held_without_a_walk(inside: Flask, team: Team) -> None:
    keys = Keys.of({"documento": "1", "email": "a@exemplo.com.br", "id_externo": "2"})
    caller = Principal(team.gestor.id, team.equipe_id, None, "gestor", "America/Sao_Paulo")
    asked = Asked(keys, stage=True)
    values = values_of(caller, asked) | {"pelo_tipo": "email", "pela_chave": "a"}
    for query in (keyed_lock(), _keyed_query(asked.wants)):
        plan = explain(query, values, team.equipe_id)
        assert query.hot
        # Every look at the leads is by an id or a key; a tenant has few stages, and its settings.
        walks = [node for node in plan.nodes if _OF_TENANT.fullmatch(node.get("Index Cond", ""))]
        assert {node.get("Relation Name") for node in walks} <= {"etapas", "configuracao"}, plan
        scanned = [node for node in plan.nodes if node["Node Type"] == "Seq Scan"]
        assert "leads" not in {node["Relation Name"] for node in scanned}, plan


_OF_TENANT = re.compile(r"\(equipe_id = \$\d+\)")
