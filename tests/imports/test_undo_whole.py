"""Whatever an equipe has done with its leads, an import and its undo leave them as they were."""

import csv
import io
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.support import walk_values as values
from tests.support.api import Team
from tests.support.derived import check
from tests.support.leads import imported
from tests.support.undone import state, undone
from tests.support.walk import Walk

ROUNDS, STEPS, LINES = 6, 40, 12


@pytest.mark.parametrize("seed", range(3))
def test_an_import_and_its_undo_change_nothing(team: Team, sql: Engine, seed: int) -> None:
    walk, done = Walk(team, seed, "alfaum", "betadois"), Counter[str]()
    for _ in range(ROUNDS):
        walk.steps(STEPS)
        before, file = state(sql, team.equipe_id), file_of(walk)
        reopen = walk.random.choice([0, 1])
        run_id = imported(team.gestor.api, file, duplicados="atualizar", reabrir=reopen)["id"]
        check(sql, team.equipe_id)
        reply = undone(team.gestor.api, run_id)
        after = state(sql, team.equipe_id)
        for table, rows in before.items():
            assert after[table] == rows, (table, file)
        assert reply["mantidos"] == []
        check(sql, team.equipe_id)
        done.update({name: reply[name] for name in ("restaurados", "excluidos")})
    assert min(done.values()) > 10, done


def file_of(walk: Walk) -> str:
    """Lines about leads that there are, and about new ones."""
    lines = [line(walk) for _ in range(LINES)]
    columns = sorted({name for each in lines for name in each})
    file = io.StringIO()
    writer = csv.DictWriter(file, columns)
    writer.writeheader()
    writer.writerows(lines)
    return file.getvalue()


def line(walk: Walk) -> dict[str, Any]:
    dice = walk.random
    fields = values.lead(dice, walk.mark, walk._stage, walk._owner)
    phones = [each["valor"] for each in fields.pop("contatos", []) if each["tipo"] == "telefone"]
    said = {name: ",".join(v) if isinstance(v, list) else v for name, v in fields.items()}
    if dice.random() < 0.3:
        due = datetime(2031, 1, 1, tzinfo=UTC) + timedelta(days=dice.randint(0, 90))
        said["proximo_contato_em"] = due.isoformat()
    return said | ({"contatos": ",".join(phones)} if phones else {})
