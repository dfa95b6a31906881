"""Previews of files that are to be imported, and whom an import gives its leads."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"

_TABLE = "importacao_previas"
_OWN = "equipe_id = nullif(current_setting('app.equipe_id', true), '')::bigint"


def upgrade() -> None:
    op.add_column("importacoes", sa.Column("distribuicao", postgresql.JSONB()))
    op.create_table(
        _TABLE,
        sa.Column("equipe_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("usuario_id", sa.BigInteger(), nullable=False),
        sa.Column("arquivo_id", sa.BigInteger(), nullable=False),
        sa.Column("mapeamento", postgresql.JSONB()),
        sa.Column(
            "criado_em", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column("expira_em", sa.DateTime(timezone=True), nullable=False),
        sa.Column("importacao_id", sa.BigInteger()),
        sa.ForeignKeyConstraint(["equipe_id"], ["equipes.id"], name=f"fk_{_TABLE}_equipe_id"),
        sa.PrimaryKeyConstraint("equipe_id", "id", name=f"pk_{_TABLE}"),
    )
    op.create_index(f"ix_{_TABLE}_equipe_id_expira_em", _TABLE, ["equipe_id", "expira_em"])
    op.execute(f"alter table {_TABLE} enable row level security")
    op.execute(f"alter table {_TABLE} force row level security")
    rule = f"using ({_OWN}) with check ({_OWN})"
    op.execute(f"create policy {_TABLE}_da_equipe on {_TABLE} {rule}")


def downgrade() -> None:
    op.drop_table(_TABLE)
    op.drop_column("importacoes", "distribuicao")
