"""API keys for machine clients; activation codes, so that only the user knows their password."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "chaves",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("equipe_id", sa.BigInteger(), nullable=False),
        sa.Column("usuario_id", sa.BigInteger(), nullable=False),
        sa.Column("nome", sa.String(80), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("resumo", sa.LargeBinary(), nullable=False),
        sa.Column(
            "criado_em", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column("expira_em", sa.DateTime(timezone=True)),
        sa.Column("revogada_em", sa.DateTime(timezone=True)),
        sa.CheckConstraint("role in ('gestor', 'vendedor')", name="ck_chaves_role"),
        sa.ForeignKeyConstraint(
            ["equipe_id", "usuario_id"],
            ["usuarios.equipe_id", "usuarios.id"],
            name="fk_chaves_equipe_id_usuario_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_chaves"),
    )
    op.create_index("ix_chaves_equipe_id", "chaves", ["equipe_id"])
    op.add_column("usuarios", sa.Column("codigo_hash", sa.LargeBinary()))
    op.add_column("usuarios", sa.Column("codigo_expira_em", sa.DateTime(timezone=True)))
    op.alter_column("usuarios", "senha_hash", nullable=True)


def downgrade() -> None:
    # No password can be invented for a user without one: such an account is deactivated.
    op.execute("update usuarios set senha_hash = '', ativo = false where senha_hash is null")
    op.alter_column("usuarios", "senha_hash", nullable=False)
    op.drop_column("usuarios", "codigo_expira_em")
    op.drop_column("usuarios", "codigo_hash")
    op.drop_table("chaves")
