"""An import's run tells the lines that it skipped, and what became of the file's columns."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

_COLUMNS = ("linhas_puladas", "colunas")


def upgrade() -> None:
    for name in _COLUMNS:
        op.add_column(
            "importacoes",
            sa.Column(name, postgresql.JSONB(), server_default="[]", nullable=False),
        )


def downgrade() -> None:
    for name in _COLUMNS:
        op.drop_column("importacoes", name)
