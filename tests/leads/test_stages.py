"""The rules of a stage are written in Python and in SQL: both give the same for every lead."""

from itertools import product

import pytest
from sqlalchemy import Engine, text

from models.stage import DEFAULT_STAGES
from services.leads.stages import closing_kept, closing_kept_sql, reason_kept, reason_kept_sql
from tests.support.api import Team

KINDS = {chave: kind for chave, _, kind in DEFAULT_STAGES}
REASONS = (None, "", "sem orçamento")
CLOSINGS = (None, "2026-08-01")


@pytest.mark.parametrize(("etapa", "kind"), KINDS.items())
def test_python_and_sql_agree(team: Team, sql: Engine, etapa: str, kind: str) -> None:
    asked = text(
        f"select {reason_kept_sql('cast(:etapa as text)', 'cast(:motivo as text)')}, "
        f"{closing_kept_sql('cast(:etapa as text)', 'cast(:data as text)')}"
    )
    for motivo, data in product(REASONS, CLOSINGS):
        values = {"equipe_id": team.equipe_id, "etapa": etapa, "motivo": motivo, "data": data}
        with sql.connect() as connection:
            found = tuple(connection.execute(asked, values).one())
        assert found == (reason_kept(kind, motivo), closing_kept(kind, data))


def test_every_kind_of_stage_is_compared() -> None:
    kept = {(reason_kept(kind, "x"), closing_kept(kind, "d")) for kind in KINDS.values()}
    assert kept == {(None, None), (None, "d"), ("x", "d")}
