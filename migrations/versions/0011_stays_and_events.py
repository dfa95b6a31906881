"""Stays of leads in their stages, from the history; and columns of the history that fill later."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"

_OWN = "equipe_id = nullif(current_setting('app.equipe_id', true), '')::bigint"
_TABLES = ("leads", "eventos")
# The last stay begins when the lead's stage did; an earlier one when it was recorded, the first one
# when the lead was created.
_FROM_HISTORY = """
insert into permanencias (equipe_id, lead_id, n, etapa, entrou_em, saiu_em, primeira, informada)
with moves as (
  select l.equipe_id, l.id as lead_id, e.para_etapa as etapa, l.etapa_informada,
    row_number() over w as n,
    case when lead(e.id) over w is null then l.etapa_desde
         when row_number() over w = 1 then least(l.criado_em, e.criado_em)
         else e.criado_em end as entrou_em
  from leads l join eventos e on e.equipe_id = l.equipe_id and e.lead_id = l.id
  where e.para_etapa is not null
  window w as (partition by l.equipe_id, l.id order by e.id)
)
select equipe_id, lead_id, n, etapa, entrou_em,
  lead(entrou_em) over (partition by equipe_id, lead_id order by n),
  row_number() over (partition by equipe_id, lead_id, etapa order by n) = 1,
  etapa_informada and n = 1
from moves order by 1, 2, 3
"""


def _event_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("chave_id", sa.BigInteger()),
        sa.Column("versao", sa.Integer()),
        sa.Column("outro_lead_id", sa.BigInteger()),
        sa.Column("trabalho_id", sa.BigInteger()),
        sa.Column("dados", postgresql.JSONB()),
        sa.Column("epoca", sa.Integer(), server_default="0", nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "permanencias",
        sa.Column("equipe_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lead_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("n", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("etapa", sa.String(40), nullable=False),
        sa.Column("entrou_em", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saiu_em", sa.DateTime(timezone=True)),
        sa.Column("primeira", sa.Boolean(), nullable=False),
        sa.Column("informada", sa.Boolean(), nullable=False),
    )
    for column in _event_columns():
        op.add_column("eventos", column)
    for table in _TABLES:
        op.execute(f"alter table {table} no force row level security")
    op.execute(_FROM_HISTORY)
    for table in _TABLES:
        op.execute(f"alter table {table} force row level security")
    op.create_primary_key("pk_permanencias", "permanencias", ["equipe_id", "lead_id", "n"])
    op.execute("alter table permanencias enable row level security")
    op.execute("alter table permanencias force row level security")
    op.execute(
        f"create policy permanencias_da_equipe on permanencias using ({_OWN}) with check ({_OWN})"
    )


def downgrade() -> None:
    for column in reversed(_event_columns()):
        op.drop_column("eventos", column.name)
    op.drop_table("permanencias")
