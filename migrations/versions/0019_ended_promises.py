"""A promise that ended without being kept says so."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    # The default of a new column is kept beside the table: no row is written.
    op.add_column(
        "atividades",
        sa.Column("encerrada", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("atividades", "encerrada")
