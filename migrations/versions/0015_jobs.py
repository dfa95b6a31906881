"""Jobs: long work of an equipe, taken by a worker and done in steps. A global table."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"

_STATES = "'na_fila', 'em_andamento', 'concluida', 'falhou', 'cancelada'"


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True))


def upgrade() -> None:
    op.create_table(
        "trabalhos",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("equipe_id", sa.BigInteger(), nullable=False),
        sa.Column("usuario_id", sa.BigInteger()),
        sa.Column("chave_id", sa.BigInteger()),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("tipo", sa.String(40), nullable=False),
        sa.Column("parametros", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("estado", sa.String(16), server_default="na_fila", nullable=False),
        sa.Column("tentativas", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tomado_por", sa.String(32)),
        _moment("tomado_ate"),
        sa.Column("checkpoint", postgresql.JSONB()),
        sa.Column("progresso", postgresql.JSONB()),
        sa.Column("resultado", postgresql.JSONB()),
        sa.Column("erro", postgresql.JSONB()),
        sa.Column(
            "criado_em", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        *(_moment(name) for name in ("iniciada_em", "cancelamento_em", "concluida_em")),
        sa.CheckConstraint(f"estado in ({_STATES})", name=op.f("ck_trabalhos_estado")),
        sa.CheckConstraint("role in ('gestor', 'vendedor')", name=op.f("ck_trabalhos_role")),
        sa.ForeignKeyConstraint(["equipe_id"], ["equipes.id"], name="fk_trabalhos_equipe_id"),
        sa.ForeignKeyConstraint(
            ["equipe_id", "usuario_id"],
            ["usuarios.equipe_id", "usuarios.id"],
            name="fk_trabalhos_equipe_id_usuario_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_trabalhos"),
    )
    _index("ix_trabalhos_equipe_id", "equipe_id", "id")
    _index("ix_trabalhos_na_fila", "equipe_id", "id", where="estado = 'na_fila'")
    _index("uq_trabalhos_em_andamento", "equipe_id", where="estado = 'em_andamento'", unique=True)
    _index("ix_trabalhos_concluida_em", "concluida_em", where="concluida_em is not null")


def _index(name: str, *columns: str, where: str | None = None, unique: bool = False) -> None:
    condition = None if where is None else sa.text(where)
    op.create_index(name, "trabalhos", list(columns), unique=unique, postgresql_where=condition)


def downgrade() -> None:
    op.drop_table("trabalhos")
