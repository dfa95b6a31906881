"""What only the tables' owner may do, as functions that the application's role may call.

They run as their owner. So the path in which they look names up is fixed, with `pg_temp` at its
end: a caller's temporary table, and its triggers, must not come before the real one.
"""

from alembic import op

revision = "0012"
down_revision = "0011"

# What the figures and lists are joined and narrowed by; every further column costs time to sort.
# A statistics target of 30 takes a third of the sample, and of the time.
_REFRESH = """
create function atualizar_estatisticas() returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp set default_statistics_target = '30' as $$
begin
  analyze (skip_locked)
    leads (equipe_id, etapa, responsavel_id, criado_em, fechado_em, excluido_em),
    lead_pontuacao (equipe_id, lead_id);
end $$
"""
_OWNERS = ("apagar_logins_recusados(int)", "atualizar_estatisticas()")


def upgrade() -> None:
    op.execute(_REFRESH)
    for function in _OWNERS:
        # The schema of the tables is the first of the owner's own path.
        op.execute(
            "do $$ begin execute format("
            f"'alter function {function} set search_path = %I, pg_temp', current_schema()); end $$"
        )


def downgrade() -> None:
    op.execute("drop function atualizar_estatisticas()")
    op.execute("alter function apagar_logins_recusados(int) set search_path from current")
