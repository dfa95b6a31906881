"""After a large import the planner knows of the equipe's rows."""

import pytest
from sqlalchemy import Engine

from tests.support.api import Team
from tests.support.leads import imported, new_cpf, rows

MANY = 1_200


def expected(sql: Engine, table: str, equipe_id: int) -> int:
    """How many rows the planner expects of this equipe."""
    statement = f"explain (format json) select 1 from {table} where equipe_id = {equipe_id}"
    ((found,),) = rows(sql, statement)
    return int(found[0]["Plan"]["Plan Rows"])


def csv() -> str:
    lines = (f"L{n},{new_cpf()},l{n}@exemplo.com.br\n" for n in range(MANY))
    return "nome,documento,email\n" + "".join(lines)


@pytest.mark.parametrize("table", ["leads", "lead_pontuacao", "lead_contatos"])
def test_a_new_equipe_is_known_after_a_large_import(team: Team, sql: Engine, table: str) -> None:
    assert imported(team.gestor.api, csv())["criados"] == MANY
    assert MANY // 2 < expected(sql, table, team.equipe_id) < MANY * 2
