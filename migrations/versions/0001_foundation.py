"""The foundation: equipes and their people, leads and their history, scores, imports.

The primary key of every tenant table begins with `equipe_id`, and the table is under row-level
security, forced on its owner too: a connection that has not set `app.equipe_id` sees no row.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import UserDefinedType

revision = "0001"
down_revision = None

TENANT_TABLES = (
    "etapas",
    "leads",
    "lead_pontuacao",
    "eventos",
    "importacoes",
    "idempotencia",
)
GLOBAL_TABLES = ("sessoes", "usuarios", "limites", "equipes")

# Without nullif a reset setting is '' and the cast fails instead of hiding the rows.
_OWN = "equipe_id = nullif(current_setting('app.equipe_id', true), '')::bigint"


class TransactionId(UserDefinedType[str]):
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


def upgrade() -> None:
    op.create_table(
        "equipes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("nome", sa.String(length=120), nullable=False),
        sa.Column("fuso", sa.String(length=64), server_default="America/Sao_Paulo", nullable=False),
        sa.Column("taxa_ganho", sa.Numeric(precision=5, scale=4), nullable=True),
        sa.Column(
            "criado_em", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name="pk_equipes"),
    )
    op.create_table(
        "eventos",
        sa.Column("equipe_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("tipo", sa.String(length=40), nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=True),
        sa.Column("usuario_id", sa.BigInteger(), nullable=True),
        sa.Column("alvo_id", sa.BigInteger(), nullable=True),
        sa.Column("importacao_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "campos", postgresql.ARRAY(sa.String(length=64)), server_default="{}", nullable=False
        ),
        sa.Column("de_etapa", sa.String(length=40), nullable=True),
        sa.Column("para_etapa", sa.String(length=40), nullable=True),
        sa.Column(
            "criado_em", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "xid", TransactionId(), server_default=sa.text("pg_current_xact_id()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("equipe_id", "id", name="pk_eventos"),
    )
    op.create_index(
        "ix_eventos_equipe_id_lead_id_id",
        "eventos",
        ["equipe_id", "lead_id", "id"],
        postgresql_where=sa.text("lead_id is not null"),
    )
    op.create_table(
        "lead_pontuacao",
        sa.Column("equipe_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lead_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("faixa", sa.String(length=8), nullable=False),
        sa.Column("probabilidade", sa.Double(), nullable=True),
        sa.Column("versao", sa.Integer(), nullable=False),
        sa.Column("pontos", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column(
            "calculado_em",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("equipe_id", "lead_id", name="pk_lead_pontuacao"),
    )
    op.create_index(
        "ix_lead_pontuacao_equipe_id_score_lead_id",
        "lead_pontuacao",
        ["equipe_id", "score", "lead_id"],
    )
    op.create_table(
        "limites",
        sa.Column("chave", sa.String(length=200), nullable=False),
        sa.Column("contador", sa.Integer(), nullable=False),
        sa.Column("expira_em", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("chave", name="pk_limites"),
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "etapas",
        sa.Column("equipe_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("chave", sa.String(length=40), nullable=False),
        sa.Column("nome", sa.String(length=80), nullable=False),
        sa.Column("tipo", sa.String(length=8), nullable=False),
        sa.Column("ordem", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("tipo in ('aberta', 'ganha', 'perdida')", name="ck_etapas_tipo"),
        sa.ForeignKeyConstraint(["equipe_id"], ["equipes.id"], name="fk_etapas_equipe_id"),
        sa.PrimaryKeyConstraint("equipe_id", "id", name="pk_etapas"),
        sa.UniqueConstraint("equipe_id", "chave", name="uq_etapas_equipe_id_chave"),
    )
    op.create_table(
        "idempotencia",
        sa.Column("equipe_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("usuario_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chave", sa.String(length=255), nullable=False),
        sa.Column("impressao", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("corpo", sa.LargeBinary(), nullable=False),
        sa.Column("local", sa.String(length=200), nullable=True),
        sa.Column("etag", sa.String(length=80), nullable=True),
        sa.Column(
            "criado_em", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["equipe_id"], ["equipes.id"], name="fk_idempotencia_equipe_id"),
        sa.PrimaryKeyConstraint("equipe_id", "usuario_id", "chave", name="pk_idempotencia"),
    )
    op.create_table(
        "importacoes",
        sa.Column("equipe_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("usuario_id", sa.BigInteger(), nullable=False),
        sa.Column("estado", sa.String(length=16), nullable=False),
        sa.Column("linhas", sa.Integer(), server_default="0", nullable=False),
        sa.Column("criados", sa.Integer(), server_default="0", nullable=False),
        sa.Column("atualizados", sa.Integer(), server_default="0", nullable=False),
        sa.Column("pulados", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rejeitados", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "erros", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column(
            "criado_em", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("concluida_em", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["equipe_id"], ["equipes.id"], name="fk_importacoes_equipe_id"),
        sa.PrimaryKeyConstraint("equipe_id", "id", name="pk_importacoes"),
    )
    op.create_table(
        "usuarios",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("equipe_id", sa.BigInteger(), nullable=False),
        sa.Column("nome", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("senha_hash", sa.String(length=255), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("ativo", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("fundador", sa.Boolean(), server_default="false", nullable=False),
        sa.Column(
            "criado_em", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint("role in ('gestor', 'vendedor')", name="ck_usuarios_role"),
        sa.CheckConstraint("email = lower(email)", name="ck_usuarios_email_minusculo"),
        sa.ForeignKeyConstraint(["equipe_id"], ["equipes.id"], name="fk_usuarios_equipe_id"),
        sa.PrimaryKeyConstraint("id", name="pk_usuarios"),
        sa.UniqueConstraint("email", name="uq_usuarios_email"),
        sa.UniqueConstraint("equipe_id", "id", name="uq_usuarios_equipe_id_id"),
    )
    op.create_table(
        "leads",
        sa.Column("equipe_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("nome", sa.String(length=160), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("telefone", sa.String(length=20), nullable=True),
        sa.Column("telefone_chave", sa.String(length=20), nullable=True),
        sa.Column("documento", sa.String(length=14), nullable=True),
        sa.Column("empresa", sa.String(length=160), nullable=True),
        sa.Column("cidade", sa.String(length=120), nullable=True),
        sa.Column("uf", sa.String(length=2), nullable=True),
        sa.Column("produto", sa.String(length=80), nullable=True),
        sa.Column("valor", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("renda_mensal", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("origem", sa.String(length=80), nullable=True),
        sa.Column("campanha", sa.String(length=120), nullable=True),
        sa.Column(
            "etiquetas", postgresql.ARRAY(sa.String(length=40)), server_default="{}", nullable=False
        ),
        sa.Column("etapa", sa.String(length=40), server_default="novo", nullable=False),
        sa.Column("motivo_perda", sa.String(length=200), nullable=True),
        sa.Column("responsavel_id", sa.BigInteger(), nullable=True),
        sa.Column("proximo_contato_em", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ultimo_contato_em", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fechado_em", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "atributos",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column("id_externo", sa.String(length=120), nullable=True),
        sa.Column("busca", sa.String(length=330), server_default="", nullable=False),
        sa.Column("versao", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "criado_em", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "atualizado_em",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("excluido_em", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("versao > 0", name="ck_leads_versao"),
        sa.ForeignKeyConstraint(
            ["equipe_id", "etapa"],
            ["etapas.equipe_id", "etapas.chave"],
            name="fk_leads_equipe_id_etapa",
        ),
        sa.ForeignKeyConstraint(
            ["equipe_id", "responsavel_id"],
            ["usuarios.equipe_id", "usuarios.id"],
            name="fk_leads_equipe_id_responsavel_id",
        ),
        sa.ForeignKeyConstraint(["equipe_id"], ["equipes.id"], name="fk_leads_equipe_id"),
        sa.PrimaryKeyConstraint("equipe_id", "id", name="pk_leads"),
    )
    op.create_index(
        "ix_leads_equipe_id_atualizado_em_id",
        "leads",
        ["equipe_id", "atualizado_em", "id"],
        postgresql_where=sa.text("excluido_em is null"),
    )
    op.create_index(
        "ix_leads_equipe_id_criado_em_id",
        "leads",
        ["equipe_id", "criado_em", "id"],
        postgresql_where=sa.text("excluido_em is null"),
    )
    op.create_index(
        "ix_leads_equipe_id_documento",
        "leads",
        ["equipe_id", "documento"],
        postgresql_where=sa.text("excluido_em is null and documento is not null"),
    )
    op.create_index(
        "ix_leads_equipe_id_email",
        "leads",
        ["equipe_id", "email"],
        postgresql_where=sa.text("excluido_em is null and email is not null"),
    )
    op.create_index(
        "ix_leads_equipe_id_etapa_criado_em_id",
        "leads",
        ["equipe_id", "etapa", "criado_em", "id"],
        postgresql_where=sa.text("excluido_em is null"),
    )
    op.create_index(
        "ix_leads_equipe_id_id_externo",
        "leads",
        ["equipe_id", "id_externo"],
        unique=True,
        postgresql_where=sa.text("excluido_em is null and id_externo is not null"),
    )
    op.create_index(
        "ix_leads_equipe_id_proximo_contato_em_id",
        "leads",
        ["equipe_id", "proximo_contato_em", "id"],
        postgresql_where=sa.text("excluido_em is null and proximo_contato_em is not null"),
    )
    op.create_index(
        "ix_leads_equipe_id_responsavel_id_criado_em_id",
        "leads",
        ["equipe_id", "responsavel_id", "criado_em", "id"],
        postgresql_where=sa.text("excluido_em is null and responsavel_id is not null"),
    )
    op.create_index(
        "ix_leads_equipe_id_telefone_chave",
        "leads",
        ["equipe_id", "telefone_chave"],
        postgresql_where=sa.text("excluido_em is null and telefone_chave is not null"),
    )
    op.create_index(
        "ix_leads_equipe_id_valor_id",
        "leads",
        ["equipe_id", "valor", "id"],
        postgresql_where=sa.text("excluido_em is null and valor is not null"),
    )
    op.create_table(
        "sessoes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("usuario_id", sa.BigInteger(), nullable=False),
        sa.Column("geracao", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "criado_em", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "renovada_em",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("expira_em", sa.DateTime(timezone=True), nullable=False),
        sa.Column("encerrada_em", sa.DateTime(timezone=True), nullable=True),
        sa.Column("motivo", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["usuario_id"], ["usuarios.id"], name="fk_sessoes_usuario_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sessoes"),
    )
    op.create_index("ix_sessoes_usuario_id", "sessoes", ["usuario_id"])

    _protect()


def _protect() -> None:
    """Row-level security on every tenant table; history that no role can rewrite."""
    for table in TENANT_TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy {table}_da_equipe on {table} using ({_OWN}) with check ({_OWN})")
    op.execute("revoke update, delete, truncate on eventos from current_user")
    op.execute("revoke update, delete, truncate on eventos from public")
    # The owner of a table can grant itself any right again; the trigger binds every role.
    op.execute(
        """
        create function eventos_somente_acrescimo() returns trigger language plpgsql as $$
        begin
          raise insufficient_privilege using message = 'eventos é somente acréscimo';
        end $$
        """
    )
    op.execute(
        "create trigger somente_acrescimo before update or delete or truncate on eventos "
        "for each statement execute function eventos_somente_acrescimo()"
    )


def downgrade() -> None:
    for table in (
        "lead_pontuacao",
        "leads",
        "etapas",
        "eventos",
        "importacoes",
        "idempotencia",
        *GLOBAL_TABLES,
    ):
        op.drop_table(table)
    op.execute("drop function eventos_somente_acrescimo()")
