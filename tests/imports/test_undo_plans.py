"""What a step of an undo reads does not grow with the equipe, counted or not."""

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from models.db import db, enter_tenant, transaction
from services import undoService
from tests.support import many
from tests.support.api import Team
from tests.support.jobs import principal
from tests.support.leads import imported, new_cpf

LEADS_BEFORE, LINES = 3_000, 10
READ = "leads lead_pontuacao lead_contatos lead_busca permanencias fila atividades eventos".split()
_ANALYZE = f"analyze {', '.join(READ)}, importacao_linhas"
_UNCOUNTED = (
    "delete from pg_statistic where starelid = any(cast(:tables as regclass[]))",
    "update pg_class set reltuples = -1, relpages = 0 where oid = any(cast(:tables as regclass[]))",
)
_SCANNED = text(
    "select relname, seq_tup_read from pg_stat_xact_user_tables "
    "where relname = any(:tables) and seq_tup_read >= :many"
)


@pytest.mark.parametrize("counted", [True, False])
def test_no_step_reads_all_leads(app: Flask, team: Team, sql: Engine, counted: bool) -> None:
    many.fill(sql, team, LEADS_BEFORE)
    lines = "".join(f"{new_cpf()},Novo,{n},2031-01-01\n" for n in range(LINES))
    head = "documento,nome,valor,proximo_contato_em\n"
    imported(team.gestor.api, head + lines)
    caller = principal(team.gestor.api)
    moved = "documento,etapa,proximo_contato_em\n" + "".join(
        f"{line.split(',')[0]},ganho,\n" for line in lines.splitlines()
    )
    changed = imported(team.gestor.api, moved, duplicados="atualizar")["id"]
    others = "nome,valor,proximo_contato_em\n" + "Outro,1,2031-01-01\n" * LINES
    made = imported(team.gestor.api, others)["id"]
    with sql.connect() as connection:
        for statement in [_ANALYZE] if counted else _UNCOUNTED:
            connection.execute(text(statement), {"tables": READ})
    for run_id in (changed, made):
        with app.app_context(), transaction():
            enter_tenant(team.equipe_id)
            undone = undoService.undo_import(caller, run_id)
            asked = {"tables": READ, "many": LEADS_BEFORE}
            assert db.session.execute(_SCANNED, asked).all() == []
        assert undone.outcome["restaurados"] + undone.outcome["excluidos"] == LINES
