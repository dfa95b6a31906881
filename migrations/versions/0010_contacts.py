"""Every phone, e-mail and WhatsApp id of a lead: what leads are recognised by."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_OWN = "equipe_id = nullif(current_setting('app.equipe_id', true), '')::bigint"


def upgrade() -> None:
    op.create_table(
        "lead_contatos",
        sa.Column("equipe_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lead_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ordem", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("tipo", sa.String(12, collation="C"), nullable=False),
        sa.Column("valor", sa.String(254), nullable=False),
        sa.Column("chave", sa.String(254, collation="C"), nullable=False),
        sa.Column("final", sa.String(20, collation="C")),
        sa.Column("retirado_em", sa.DateTime(timezone=True)),
    )
    op.execute("alter table leads no force row level security")
    op.execute(
        "insert into lead_contatos (equipe_id, lead_id, ordem, tipo, valor, chave, final) "
        "select equipe_id, id, 0, 'telefone', telefone, telefone_chave, reverse(telefone_chave) "
        "from leads where telefone is not null union all "
        "select equipe_id, id, 1, 'email', email, email, null from leads where email is not null "
        "order by 1, 2, 3"
    )
    op.execute("alter table leads force row level security")
    op.create_primary_key("pk_lead_contatos", "lead_contatos", ["equipe_id", "lead_id", "ordem"])
    op.create_index(
        "ix_lead_contatos_equipe_id_tipo_chave",
        "lead_contatos",
        ["equipe_id", "tipo", "chave"],
        postgresql_where=sa.text("retirado_em is null"),
    )
    op.execute("alter table lead_contatos enable row level security")
    op.execute("alter table lead_contatos force row level security")
    op.execute(
        f"create policy lead_contatos_da_equipe on lead_contatos using ({_OWN}) with check ({_OWN})"
    )


def downgrade() -> None:
    op.drop_table("lead_contatos")
