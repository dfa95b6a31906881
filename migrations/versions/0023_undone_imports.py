"""An import can be undone: by which job, and what that has come to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.add_column("importacoes", sa.Column("desfazer_trabalho_id", sa.BigInteger()))
    op.add_column("importacoes", sa.Column("desfeito", postgresql.JSONB()))


def downgrade() -> None:
    op.drop_column("importacoes", "desfeito")
    op.drop_column("importacoes", "desfazer_trabalho_id")
