"""Files that come one after another, before PostgreSQL has counted what the first one brought."""

from typing import Any

from sqlalchemy import Connection, Engine, text

from services.imports.writing.matches import MATCHES
from tests.support import many
from tests.support.api import Team
from tests.support.plans import walk

LINES = 500
_STAGED = """
create temp table linhas_importadas on commit drop as
select row_number() over () as linha, documento, email, telefone_chave, id_externo,
  array['email:' || email] as contatos from leads
where equipe_id = :e limit :lines
"""
_UNCOUNTED = (
    "delete from pg_statistic where starelid in ('leads'::regclass, 'lead_contatos'::regclass)",
    "update pg_class set reltuples = -1, relpages = 0 where relname in ('leads', 'lead_contatos')",
)


def test_known_leads_are_looked_up_by_each_key_though_nobody_has_counted_them(
    team: Team, sql: Engine
) -> None:
    many.fill(sql, team, 4 * LINES)
    one_transaction = sql.execution_options(isolation_level="READ COMMITTED")
    with one_transaction.connect() as connection, connection.begin() as transaction:
        connection.execute(text(_STAGED), {"e": team.equipe_id, "lines": LINES})
        for statement in ("analyze linhas_importadas", *_UNCOUNTED):
            connection.execute(text(statement))
        scans = [node for node in _plan(connection, team) if "Relation Name" in node]
        transaction.rollback()
    looked_up = [node for node in scans if node["Relation Name"] in ("leads", "lead_contatos")]
    assert looked_up
    for node in looked_up:
        read = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        # Of each key one lead; not all contacts of the equipe, for each line anew.
        assert read <= 1, [node[k] for k in ("Index Name", "Index Cond")] + [node.get("Filter")]


def _plan(connection: Connection, team: Team) -> list[dict[str, Any]]:
    explain = "explain (analyze, timing off, format json) "
    found = connection.execute(
        text(explain + MATCHES), {"equipe_id": team.equipe_id, "importacao_id": 0}
    )
    return list(walk(found.scalar_one()[0]["Plan"]))
