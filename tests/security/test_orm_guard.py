"""The ORM guard: no statement on a tenant table without its equipe, whatever its shape.

Tried as the superuser, whom no policy holds: what keeps the rows apart here is the guard alone.
"""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import aliased

from models.db import TenantMissing, db, enter_tenant, transaction
from models.derived.lead_score import LeadScore
from models.lead import Lead
from models.stage import Stage
from models.team import Team as TeamRow
from tests.support.api import Team

_other = aliased(Lead)
READS: dict[str, Callable[[], Any]] = {
    "column": lambda: select(Lead.nome),
    "alias": lambda: select(_other.nome),
    "entity and alias": lambda: select(Lead.id, _other.nome).join(_other, _other.nome != ""),
    "count": lambda: select(func.count()).select_from(Lead),
    "aggregate": lambda: select(func.max(Lead.valor_centavos)),
    "joined to a global table": lambda: select(TeamRow.id).join(Lead, Lead.equipe_id == TeamRow.id),
    "joined to its own": lambda: select(Lead.id).join(LeadScore, LeadScore.lead_id == Lead.id),
    "subquery": lambda: select(TeamRow.id).where(TeamRow.id.in_(select(Lead.equipe_id))),
    "exists": lambda: select(TeamRow.id).where(
        select(Lead.id).where(Lead.equipe_id == TeamRow.id).exists()
    ),
    "scalar subquery": lambda: select(select(func.count(Lead.id)).scalar_subquery()),
    "common table": lambda: select(select(Lead.nome).cte().c.nome),
    "union": lambda: select(Lead.nome).union_all(select(Stage.nome)),
}
WRITES: dict[str, Callable[[], Any]] = {
    "update": lambda: update(Lead).values(nome="x"),
    "delete": lambda: delete(LeadScore),
}


@pytest.fixture(scope="module")
def unprotected(make_app: Callable[..., Flask], sql: Engine) -> Flask:
    """The application as a role that no policy holds."""
    return make_app(database_url=sql.url.render_as_string(hide_password=False))


@pytest.fixture
def mine(team: Team, other_team: Team) -> int:
    """An equipe beside another with more and dearer leads; its id."""
    team.gestor.api.post("/leads", {"nome": "Meu", "valor": 10})
    for name in ("Alheio", "Outro"):
        other_team.gestor.api.post("/leads", {"nome": name, "valor": 999})
    return team.equipe_id


def found(app: Flask, equipe_id: int, name: str) -> list[Any]:
    with app.app_context(), transaction() as session:
        enter_tenant(equipe_id)
        return sorted(map(tuple, session.execute(READS[name]()).all()))


@pytest.mark.parametrize("name", READS)
def test_the_guard_alone_finds_what_the_policies_let_through(
    app: Flask, unprotected: Flask, mine: int, name: str
) -> None:
    held_by_policies = found(app, mine, name)
    assert held_by_policies
    assert found(unprotected, mine, name) == held_by_policies


@pytest.mark.parametrize("name", WRITES)
def test_the_guard_alone_keeps_a_write_to_its_equipe(
    unprotected: Flask, mine: int, name: str
) -> None:
    with unprotected.app_context(), transaction() as session:
        enter_tenant(mine)
        assert session.execute(WRITES[name]()).rowcount == 1
        session.rollback()


@pytest.mark.parametrize("name", [*READS, *WRITES])
def test_the_guard_refuses_a_statement_without_a_tenant(app: Flask, name: str) -> None:
    statement = (READS | WRITES)[name]()
    with app.app_context(), transaction() as session, pytest.raises(TenantMissing):
        session.execute(statement)


def test_a_row_of_another_equipe_is_not_loaded_by_its_key(
    unprotected: Flask, mine: int, other_team: Team
) -> None:
    foreign = other_team.equipe_id
    lead_id = other_team.gestor.api.get("/leads").data["itens"][0]["id"]
    with unprotected.app_context(), transaction() as session:
        enter_tenant(mine)
        assert session.get(Lead, (foreign, lead_id)) is None


@pytest.mark.parametrize("session_has_a_tenant", [True, False])
def test_a_row_of_another_equipe_is_refused_at_flush(
    unprotected: Flask, mine: int, session_has_a_tenant: bool
) -> None:
    with unprotected.app_context(), pytest.raises(TenantMissing), transaction() as session:
        if session_has_a_tenant:
            enter_tenant(mine)
        session.add(Stage(equipe_id=mine + 1, chave="x", nome="X", tipo="aberta", ordem=9))
        session.flush()


def test_a_session_has_its_tenant_only_inside_its_transaction(app: Flask, mine: int) -> None:
    with app.app_context():
        with transaction():
            enter_tenant(mine)
        with pytest.raises(TenantMissing):
            db.session.scalars(select(Lead))
