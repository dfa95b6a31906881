"""The seller's day: activities, the queue of leads and what is held of it."""

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"

_OWN = "equipe_id = nullif(current_setting('app.equipe_id', true), '')::bigint"
_DEFAULTS = {
    "reserva_min": 20,
    "esperas_h": {
        "atendeu": [24],
        "nao_atendeu": [4, 24, 72],
        "numero_errado": [24],
        "sem_interesse": [24],
        "agendou": [24],
        "nao_contatar": [24],
        "outro": [24],
    },
    "intervalo_min": 0,
    "retomada_min": 1_440,
    "tentativas": 6,
    "gama": 1,
    "horario": None,
    "uf": None,
    "feriados": [],
}
_FORCED = ("leads", "lead_pontuacao", "etapas", "eventos", "configuracao")
_NEW = ("atividades", "fila", "reservas", "valores_tipicos")
_OPEN = "concluida_em is null"
_INDEXES = (
    ("atividades", ("equipe_id", "lead_id", "criado_em", "id"), None),
    ("atividades", ("equipe_id", "responsavel_id", "prevista_para", "id"), _OPEN),
    ("atividades", ("equipe_id", "prevista_para", "id"), _OPEN),
    ("atividades", ("equipe_id", "lead_id", "prevista_para"), _OPEN),
    (
        "atividades",
        ("equipe_id", "lead_id", "concluida_em", "id"),
        "resultado is not null and concluida_em is not null",
    ),
    ("fila", ("equipe_id", "dono", "retorno_em", "lead_id"), "retorno_em is not null"),
    ("fila", ("equipe_id", "retorno_em", "lead_id"), "retorno_em is not null and dono <> 0"),
    ("fila", ("equipe_id", "dono", "livre_em", "lead_id"), "livre_em is not null"),
)
_TYPICAL = """
insert into valores_tipicos (equipe_id, produto_chave, valor_centavos)
select equipe_id, coalesce(produto_chave, ''),
  percentile_disc(0.5) within group (order by valor_centavos)
from leads where excluido_em is null and valor_centavos is not null
group by grouping sets ((equipe_id), (equipe_id, produto_chave))
having grouping(produto_chave) = 1 or produto_chave is not null
"""
_PROMISES = """
insert into atividades (equipe_id, lead_id, responsavel_id, tipo, prevista_para)
select equipe_id, id, responsavel_id, 'tarefa', proximo_contato_em from leads
where proximo_contato_em is not null order by equipe_id, id
"""
_QUEUE = """
insert into fila (equipe_id, lead_id, dono, ordem, retorno_em)
select l.equipe_id, l.id, coalesce(l.responsavel_id, 0),
  ln(greatest(coalesce(p.probabilidade, 1 / (1 + exp(-0.8 * (p.score - 50.0) / 25.0))), 0.001))
  + ln(greatest(coalesce(l.valor_centavos, t.valor_centavos, geral.valor_centavos, 100)::float8
    / 100, 1)) + extract(epoch from l.etapa_desde)::float8 / 604800.0,
  l.proximo_contato_em
from leads l
join lead_pontuacao p on p.equipe_id = l.equipe_id and p.lead_id = l.id
join etapas e on e.equipe_id = l.equipe_id and e.chave = l.etapa and e.tipo = 'aberta'
left join valores_tipicos t on t.equipe_id = l.equipe_id and t.produto_chave = l.produto_chave
left join valores_tipicos geral on geral.equipe_id = l.equipe_id and geral.produto_chave = ''
where l.excluido_em is null and l.nao_contatar_em is null
"""


def upgrade() -> None:
    op.add_column("usuarios", sa.Column("capacidade", sa.Integer()))
    op.add_column("usuarios", _moment("ausente_ate"))
    op.add_column(
        "configuracao",
        sa.Column("fila", postgresql.JSONB(), server_default=json.dumps(_DEFAULTS), nullable=False),
    )
    _create_tables()
    _force(False)
    for fill in (_TYPICAL, _PROMISES, _QUEUE):
        op.execute(fill)
    _force(True)
    _create_indexes()
    for table in _NEW:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        rule = f"using ({_OWN}) with check ({_OWN})"
        op.execute(f"create policy {table}_da_equipe on {table} {rule}")


def downgrade() -> None:
    op.drop_index("ix_eventos_equipe_id_epoca_xid_id", "eventos")
    op.drop_index("ix_eventos_equipe_id_lead_id_criado_em_id", "eventos")
    _lead_events("id")
    for table in reversed(_NEW):
        op.drop_table(table)
    op.drop_column("configuracao", "fila")
    op.drop_column("usuarios", "ausente_ate")
    op.drop_column("usuarios", "capacidade")


def _create_tables() -> None:
    op.create_table(
        "atividades",
        _tenant(),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        *(
            sa.Column(name, sa.BigInteger())
            for name in ("usuario_id", "chave_id", "responsavel_id")
        ),
        sa.Column("tipo", sa.String(12), nullable=False),
        sa.Column("resultado", sa.String(16)),
        sa.Column("texto", sa.Text()),
        _moment("prevista_para"),
        _moment("concluida_em"),
        *(_now(name) for name in ("criado_em", "atualizado_em")),
        sa.PrimaryKeyConstraint("equipe_id", "id", name="pk_atividades"),
    )
    op.create_table(
        "fila",
        _tenant(),
        sa.Column("lead_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("dono", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("ordem", sa.Double(), nullable=False),
        *(_moment(name) for name in ("retorno_em", "livre_em", "nao_antes_de")),
        sa.Column("tentativas", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("reservado_por", sa.BigInteger()),
        _moment("reservado_ate"),
        sa.PrimaryKeyConstraint("equipe_id", "lead_id", name="pk_fila"),
        postgresql_with={"fillfactor": 80},
    )
    op.create_table(
        "reservas",
        _tenant(),
        sa.Column("usuario_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.Column("ate", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("equipe_id", "usuario_id", name="pk_reservas"),
    )
    op.create_table(
        "valores_tipicos",
        _tenant(),
        sa.Column("produto_chave", sa.String(320), nullable=False),
        sa.Column("valor_centavos", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("equipe_id", "produto_chave", name="pk_valores_tipicos"),
    )


def _create_indexes() -> None:
    for table, columns, where in _INDEXES:
        condition = None if where is None else sa.text(where)
        name = f"ix_{table}_{'_'.join(columns)}"
        op.create_index(name, table, list(columns), postgresql_where=condition)
    op.create_index(
        "ix_fila_equipe_id_dono_ordem_lead_id",
        "fila",
        ["equipe_id", "dono", sa.text("ordem desc"), "lead_id"],
        postgresql_where=sa.text("retorno_em is null and livre_em is null"),
    )
    op.drop_index("ix_eventos_equipe_id_lead_id_id", "eventos")
    _lead_events("criado_em", "id")
    op.create_index(
        "ix_eventos_equipe_id_epoca_xid_id", "eventos", ["equipe_id", "epoca", "xid", "id"]
    )


def _lead_events(*order: str) -> None:
    op.create_index(
        f"ix_eventos_equipe_id_lead_id_{'_'.join(order)}",
        "eventos",
        ["equipe_id", "lead_id", *order],
        postgresql_where=sa.text("lead_id is not null"),
    )


def _force(forced: bool) -> None:
    """The owner sees the rows of all equipes only while a table is not forced."""
    for table in _FORCED:
        op.execute(f"alter table {table} {'' if forced else 'no '}force row level security")


def _tenant() -> sa.Column[int]:
    return sa.Column("equipe_id", sa.BigInteger(), autoincrement=False, nullable=False)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True))


def _now(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False)
