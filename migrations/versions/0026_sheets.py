"""Which sheet of a workbook an import reads, and which others it does not."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.add_column("importacoes", sa.Column("planilha", sa.String()))
    op.add_column(
        "importacoes",
        sa.Column(
            "outras_planilhas", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False
        ),
    )


def downgrade() -> None:
    op.drop_column("importacoes", "outras_planilhas")
    op.drop_column("importacoes", "planilha")
