"""Statistics of the leads keep up with an equipe that grows: a fiftieth is enough, not a tenth."""

from alembic import op

revision = "0003"
down_revision = "0002"

_GROWING = ("leads", "lead_pontuacao")


def upgrade() -> None:
    for table in _GROWING:
        op.execute(f"alter table {table} set (autovacuum_analyze_scale_factor = 0.02)")


def downgrade() -> None:
    for table in _GROWING:
        op.execute(f"alter table {table} reset (autovacuum_analyze_scale_factor)")
