"""Scores that are policy and probabilities that are learned: rules, models, snapshots, reviews."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"

_OWN = "equipe_id = nullif(current_setting('app.equipe_id', true), '')::bigint"
_NEW = ("regras", "modelos", "lead_instantaneo", "revisoes", "ajustes")


def upgrade() -> None:
    _extend_settings()
    op.add_column(
        "lead_pontuacao",
        sa.Column("modelo_versao", sa.Integer(), server_default="0", nullable=False),
    )
    op.add_column("lead_pontuacao", sa.Column("logit", sa.Double()))
    _create_rules_and_models()
    _create_of_leads()
    for table in _NEW:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        rule = f"using ({_OWN}) with check ({_OWN})"
        op.execute(f"create policy {table}_da_equipe on {table} {rule}")


def downgrade() -> None:
    for table in reversed(_NEW):
        op.drop_table(table)
    op.drop_column("lead_pontuacao", "logit")
    op.drop_column("lead_pontuacao", "modelo_versao")
    for name in ("campos_permitidos", "taxa_ganho", "modelo_versao", "regras_versao"):
        op.drop_column("configuracao", name)


def _extend_settings() -> None:
    for name in ("regras_versao", "modelo_versao"):
        column = sa.Column(name, sa.Integer(), server_default="0", nullable=False)
        op.add_column("configuracao", column)
    op.add_column("configuracao", sa.Column("taxa_ganho", sa.Double()))
    allowed = sa.Column(
        "campos_permitidos", postgresql.JSONB(), server_default="{}", nullable=False
    )
    op.add_column("configuracao", allowed)


def _create_rules_and_models() -> None:
    op.create_table(
        "regras",
        _number("equipe_id"),
        sa.Column("versao", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("estado", sa.String(12), nullable=False),
        sa.Column("origem_versao", sa.Integer()),
        sa.Column("definicao", postgresql.JSONB(), nullable=False),
        _now("criado_em"),
        sa.Column("criado_por", sa.BigInteger()),
        _now("atualizado_em"),
        _moment("publicada_em"),
        sa.Column("publicada_por", sa.BigInteger()),
        *_key("regras", "versao", team=True),
    )
    op.create_table(
        "modelos",
        _number("equipe_id"),
        sa.Column("versao", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("estado", sa.String(12), nullable=False),
        _moment("treinado_em", nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("n", "ganhos")),
        sa.Column("parametros", postgresql.JSONB(), nullable=False),
        sa.Column("cartao", postgresql.JSONB()),
        sa.Column("relatorio", postgresql.JSONB(), nullable=False),
        sa.Column("trabalho_id", sa.BigInteger()),
        *_key("modelos", "versao", team=True),
    )


def _create_of_leads() -> None:
    op.create_table(
        "lead_instantaneo",
        _number("equipe_id"),
        _number("lead_id"),
        _moment("registrado_em", nullable=False),
        sa.Column("campos", postgresql.JSONB(), nullable=False),
        *_key("lead_instantaneo", "lead_id"),
    )
    _index("lead_instantaneo", "registrado_em", "lead_id")
    op.create_table(
        "revisoes",
        _number("equipe_id"),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.Column("estado", sa.String(12), server_default="aberta", nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("contestado", postgresql.JSONB(), nullable=False),
        _now("criado_em"),
        *(sa.Column(name, sa.BigInteger()) for name in ("usuario_id", "chave_id")),
        sa.Column("resposta", sa.Text()),
        _moment("decidida_em"),
        sa.Column("decidida_por", sa.BigInteger()),
        *_key("revisoes", "id"),
    )
    _index("revisoes", "lead_id", "id")
    _index("revisoes", "id", where="estado = 'aberta'")
    op.create_table(
        "ajustes",
        _number("equipe_id"),
        _number("lead_id"),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        _moment("ate", nullable=False),
        sa.Column("usuario_id", sa.BigInteger(), nullable=False),
        _now("criado_em"),
        *_key("ajustes", "lead_id"),
    )


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _key(table: str, name: str, *, team: bool = False) -> list[sa.Constraint]:
    points = sa.ForeignKeyConstraint(["equipe_id"], ["equipes.id"], name=f"fk_{table}_equipe_id")
    key = sa.PrimaryKeyConstraint("equipe_id", name, name=f"pk_{table}")
    return [points, key] if team else [key]


def _index(table: str, *columns: str, where: str | None = None) -> None:
    condition = None if where is None else sa.text(where)
    name = f"ix_{table}_equipe_id_{'_'.join(columns)}"
    op.create_index(name, table, ["equipe_id", *columns], postgresql_where=condition)


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _now(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False)
