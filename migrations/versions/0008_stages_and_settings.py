"""Stages of an equipe's own: a deadline, an archive, a folded name; and the equipe's settings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from utils.text import fold

revision = "0008"
down_revision = "0007"

_OWN = "equipe_id = nullif(current_setting('app.equipe_id', true), '')::bigint"


def upgrade() -> None:
    op.add_column("etapas", sa.Column("nome_chave", sa.String(320)))
    op.add_column("etapas", sa.Column("prazo_dias", sa.SmallInteger()))
    op.add_column("etapas", sa.Column("arquivada_em", sa.DateTime(timezone=True)))
    op.create_table(
        "configuracao",
        sa.Column("equipe_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("funil_versao", sa.Integer(), server_default="1", nullable=False),
        sa.Column("motivos_perda", postgresql.ARRAY(sa.String(200))),
        sa.ForeignKeyConstraint(["equipe_id"], ["equipes.id"], name="fk_configuracao_equipe_id"),
        sa.PrimaryKeyConstraint("equipe_id", name="pk_configuracao"),
    )
    op.execute("insert into configuracao (equipe_id) select id from equipes where id > 0")
    op.execute("alter table configuracao enable row level security")
    op.execute("alter table configuracao force row level security")
    op.execute(
        f"create policy configuracao_da_equipe on configuracao using ({_OWN}) with check ({_OWN})"
    )
    # The owner sees the rows of all equipes only while the table is not forced.
    op.execute("alter table etapas no force row level security")
    _fold_names()
    op.execute("alter table etapas force row level security")
    op.alter_column("etapas", "nome_chave", nullable=False)


def _fold_names() -> None:
    connection = op.get_bind()
    names = connection.execute(sa.text("select distinct nome from etapas")).scalars().all()
    for nome in names:
        connection.execute(
            sa.text("update etapas set nome_chave = :chave where nome = :nome"),
            {"nome": nome, "chave": fold(nome)},
        )


def downgrade() -> None:
    op.drop_table("configuracao")
    for name in ("arquivada_em", "prazo_dias", "nome_chave"):
        op.drop_column("etapas", name)
