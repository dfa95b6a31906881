"""A lease on each tenant's one import, so that every worker knows of it before a body is read."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_OWN = "equipe_id = nullif(current_setting('app.equipe_id', true), '')::bigint"


def upgrade() -> None:
    op.create_table(
        "importacao_vez",
        sa.Column("equipe_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("titular", sa.String(length=32), nullable=False),
        sa.Column("ate", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("equipe_id", name="pk_importacao_vez"),
        prefixes=["UNLOGGED"],
    )
    op.execute("alter table importacao_vez enable row level security")
    op.execute("alter table importacao_vez force row level security")
    op.execute(
        "create policy importacao_vez_da_equipe on importacao_vez "
        f"using ({_OWN}) with check ({_OWN})"
    )


def downgrade() -> None:
    op.drop_table("importacao_vez")
