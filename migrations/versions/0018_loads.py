"""How many leads of each stage a person has."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

_OWN = "equipe_id = nullif(current_setting('app.equipe_id', true), '')::bigint"
_TABLES = ("cargas", "cargas_delta")
_COUNT = """
insert into cargas (equipe_id, usuario_id, etapa, n)
select equipe_id, responsavel_id, etapa, count(*) from lead_pontuacao
where responsavel_id is not null group by equipe_id, responsavel_id, etapa
"""


def upgrade() -> None:
    op.create_table(
        "cargas",
        _number("equipe_id"),
        _number("usuario_id"),
        *_counted(),
        sa.PrimaryKeyConstraint("equipe_id", "usuario_id", "etapa", name="pk_cargas"),
    )
    op.create_table(
        "cargas_delta",
        _number("equipe_id"),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        _number("usuario_id"),
        *_counted(),
        sa.PrimaryKeyConstraint("equipe_id", "id", name="pk_cargas_delta"),
    )
    # Its rows live for a minute or less.
    op.execute(
        "alter table cargas_delta set "
        "(autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)"
    )
    # The owner sees the rows of all equipes only while a table is not forced. Nobody may write a
    # lead between the count and the commit.
    op.execute("lock table lead_pontuacao in share mode")
    op.execute("alter table lead_pontuacao no force row level security")
    op.execute(_COUNT)
    op.execute("alter table lead_pontuacao force row level security")
    for table in _TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        rule = f"using ({_OWN}) with check ({_OWN})"
        op.execute(f"create policy {table}_da_equipe on {table} {rule}")


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)


def _counted() -> tuple[sa.Column[str], sa.Column[int]]:
    return (
        sa.Column("etapa", sa.String(40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
    )


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)
