"""Goals of a month."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

_OWN = "equipe_id = nullif(current_setting('app.equipe_id', true), '')::bigint"
_TABLES = ("metas_meses", "metas")


def upgrade() -> None:
    op.create_table(
        "metas_meses",
        _tenant(),
        sa.Column("mes", sa.Date(), nullable=False),
        sa.Column("versao", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("equipe_id", "mes", name="pk_metas_meses"),
        sa.ForeignKeyConstraint(["equipe_id"], ["equipes.id"], name="fk_metas_meses_equipe_id"),
    )
    op.create_table(
        "metas",
        _tenant(),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("mes", sa.Date(), nullable=False),
        sa.Column("responsavel_id", sa.BigInteger()),
        sa.Column("produto", sa.String(80)),
        sa.Column("produto_chave", sa.String(320)),
        sa.Column("valor_centavos", sa.BigInteger()),
        sa.Column("ganhos", sa.Integer()),
        sa.PrimaryKeyConstraint("equipe_id", "id", name="pk_metas"),
        sa.ForeignKeyConstraint(
            ["equipe_id", "mes"],
            ["metas_meses.equipe_id", "metas_meses.mes"],
            name="fk_metas_equipe_id_mes",
        ),
        sa.ForeignKeyConstraint(
            ["equipe_id", "responsavel_id"],
            ["usuarios.equipe_id", "usuarios.id"],
            name="fk_metas_equipe_id_responsavel_id",
        ),
    )
    op.create_index(
        "ix_metas_equipe_id_mes_responsavel_id_produto_chave",
        "metas",
        ["equipe_id", "mes", "responsavel_id", "produto_chave"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    for table in _TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        rule = f"using ({_OWN}) with check ({_OWN})"
        op.execute(f"create policy {table}_da_equipe on {table} {rule}")


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)


def _tenant() -> sa.Column[int]:
    return sa.Column("equipe_id", sa.BigInteger(), autoincrement=False, nullable=False)
