"""What a batch reads grows with the batch alone, and not with the equipe, though nobody has counted
its leads yet."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, Select, select, text, true

from models.db import db, enter_tenant, transaction
from models.db.messages.queries import compile_query
from models.lead import LEADS
from services.leads.deriving import queueing
from services.leads.deriving.derive import found_by
from tests.support import many
from tests.support.api import Team
from tests.support.plans import walk

LINES, LEADS_BEFORE = 300, 3_000
_UNCOUNTED = (
    "delete from pg_statistic where starelid = 'lead_pontuacao'::regclass",
    "update pg_class set reltuples = -1, relpages = 0 where relname = 'lead_pontuacao'",
)


@pytest.mark.parametrize("counted", [True, False])
def test_the_place_of_a_new_lead_follows_from_its_own_score(
    app: Flask, team: Team, sql: Engine, counted: bool
) -> None:
    many.fill(sql, team, LEADS_BEFORE)
    with sql.connect() as connection:
        for statement in ["analyze lead_pontuacao"] if counted else _UNCOUNTED:
            connection.exec_driver_sql(statement)
    with app.app_context(), transaction():
        enter_tenant(team.equipe_id)
        some = select(LEADS).where(LEADS.c.equipe_id == team.equipe_id).limit(LINES).subquery()
        placed: Select[Any] = queueing.fresh(some, true()).select
        explained = text("explain (analyze, timing off, format json) " + _sql(placed))
        plan = db.session.execute(explained).scalar_one()[0]["Plan"]
    scans = [node for node in walk(plan) if node.get("Relation Name") == "lead_pontuacao"]
    assert scans
    for node in scans:
        assert node["Actual Rows"] + node.get("Rows Removed by Filter", 0) <= 1, node


def test_thousands_that_enter_the_queue_are_not_compared_with_each_other(
    app: Flask, team: Team, sql: Engine
) -> None:
    many.fill(sql, team, LEADS_BEFORE)
    entering = queueing.enter(found_by("select id from leads where equipe_id = :equipe_id"))
    query = compile_query(entering)
    values = {**query.defaults, "equipe_id": team.equipe_id}
    explained = "explain (analyze, timing off, format json) " + query.sql
    with app.app_context(), transaction():
        enter_tenant(team.equipe_id)
        for _ in range(2):  # the second time they are there
            found = db.session.connection().exec_driver_sql(explained, values)
            plan = found.scalar_one()[0]["Plan"]
    for node in walk(plan):
        assert node.get("Rows Removed by Join Filter", 0) <= 10 * LEADS_BEFORE, node


def _sql(statement: Select[Any]) -> str:
    return str(statement.compile(db.engine, compile_kwargs={"literal_binds": True}))
