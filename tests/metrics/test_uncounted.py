"""What the triggers of the figures read does not grow with the equipe, though nobody has counted
its leads yet: PostgreSQL plans for a few rows then, and many come."""

import pytest
from sqlalchemy import Connection, Engine, text

from tests.support import many
from tests.support.api import Team
from tests.support.leads import rows, run

LEADS, CHANGED = 2_000, 500
_UNCOUNTED = (
    "delete from pg_statistic where starelid = any(array['leads', 'lead_pontuacao', "
    "'permanencias', 'etapas']::regclass[])",
    "update pg_class set reltuples = -1, relpages = 0 where relname in "
    "('leads', 'lead_pontuacao', 'permanencias', 'etapas')",
)
_READ = (
    "select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) "
    "from pg_stat_xact_user_tables where relname in ('leads', 'lead_pontuacao', 'permanencias')"
)
_STAYS = (
    "insert into permanencias (equipe_id, lead_id, n, etapa, entrou_em, primeira, informada) "
    "select equipe_id, id, 1, etapa, etapa_desde, true, false from leads where equipe_id = :e"
)
_SOME = "(select id from leads where equipe_id = :e and excluido_em is null order by id limit :n)"
WRITES = (
    f"update leads set origem = 'Feira', origem_chave = 'feira' where id in {_SOME}",
    f"update lead_pontuacao set faixa = 'frio' where equipe_id = :e and lead_id in {_SOME}",
    "update permanencias set saiu_em = now() where equipe_id = :e and saiu_em is null "
    f"and lead_id in {_SOME}",
)


@pytest.mark.parametrize("write", WRITES)
def test_each_change_reads_its_own_lead(team: Team, sql: Engine, write: str) -> None:
    many.fill(sql, team, LEADS)
    run(sql, _STAYS, e=team.equipe_id)
    one_transaction = sql.execution_options(isolation_level="READ COMMITTED")
    with one_transaction.connect() as connection, connection.begin() as transaction:
        for statement in _UNCOUNTED:
            connection.execute(text(statement))
        before = _read(connection)
        found = connection.execute(text(write), {"e": team.equipe_id, "n": CHANGED})
        assert found.rowcount == CHANGED
        read = _read(connection) - before
        transaction.rollback()
    # The write itself may read all of a table once, whose size nobody has told it; others have
    # leads there, too.
    ((everybodys,),) = rows(sql, "select count(*) from leads")
    assert read <= 7 * LEADS + everybodys


def _read(connection: Connection) -> int:
    return int(connection.execute(text(_READ)).scalar_one())
