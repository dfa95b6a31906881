"""The planner knows of an equipe's contacts after a large import, too: the next file's lines are
looked up by them. Where it knows nothing of an equipe it expects one row, and takes any index.
"""

from alembic import op

revision = "0027"
down_revision = "0026"

_STATISTICS = """
create or replace function atualizar_estatisticas() returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp set default_statistics_target = '30' as $$
begin
  analyze (skip_locked)
    leads (equipe_id, etapa, responsavel_id, criado_em, fechado_em, excluido_em),
    lead_pontuacao (equipe_id, lead_id), lead_busca (equipe_id){more};
end $$
"""


def upgrade() -> None:
    _replace(", lead_contatos (equipe_id)")
    # As for leads in 0003.
    op.execute("alter table lead_contatos set (autovacuum_analyze_scale_factor = 0.02)")


def downgrade() -> None:
    op.execute("alter table lead_contatos reset (autovacuum_analyze_scale_factor)")
    _replace("")


def _replace(more: str) -> None:
    """The schema of the tables comes first in the function's path, as in 0012."""
    op.execute(_STATISTICS.format(more=more))
    op.execute(
        "do $$ begin execute format('alter function atualizar_estatisticas() "
        "set search_path = %I, pg_temp', current_schema()); end $$"
    )
