"""Imports as jobs in batches: the file in blocks, what was asked, and what became of each line."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"

_OWN = "equipe_id = nullif(current_setting('app.equipe_id', true), '')::bigint"
_NEW = ("importacao_arquivos", "importacao_blocos", "importacao_linhas", "importacao_chaves")
_NUMBERS = ("chave_id", "arquivo_id", "trabalho_id")
_OBJECTS = ("mapeamento", "opcoes", "usos", "erro")


def upgrade() -> None:
    _extend_runs()
    _create_files()
    _create_lines()
    for table in _NEW:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        rule = f"using ({_OWN}) with check ({_OWN})"
        op.execute(f"create policy {table}_da_equipe on {table} {rule}")


def downgrade() -> None:
    for table in reversed(_NEW):
        op.drop_table(table)
    for index in ("id", "arquivo_id"):
        op.drop_index(f"ix_importacoes_equipe_id_{index}", "importacoes")
    written = ("codificacao", "delimitador", "iniciada_em")
    for name in ("iguais", "total", "avisados", "avisos", *_NUMBERS, *_OBJECTS, *written):
        op.drop_column("importacoes", name)


def _extend_runs() -> None:
    columns = [
        sa.Column("iguais", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total", sa.Integer()),
        sa.Column("avisados", sa.Integer(), server_default="0", nullable=False),
        sa.Column("avisos", postgresql.JSONB(), server_default="[]", nullable=False),
        *(sa.Column(name, sa.BigInteger()) for name in _NUMBERS),
        *(sa.Column(name, postgresql.JSONB()) for name in _OBJECTS),
        sa.Column("codificacao", sa.String(32)),
        sa.Column("delimitador", sa.String(1)),
        sa.Column("iniciada_em", sa.DateTime(timezone=True)),
    ]
    for column in columns:
        op.add_column("importacoes", column)
    _index("importacoes", "arquivo_id", where="arquivo_id is not null")
    _index("importacoes", "id", where="concluida_em is null")


def _create_files() -> None:
    op.create_table(
        "importacao_arquivos",
        _number("equipe_id"),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("media", sa.String(100), nullable=False),
        sa.Column("charset", sa.String(40)),
        sa.Column("planilha", sa.Text()),
        sa.Column("tamanho", sa.BigInteger(), nullable=False),
        sa.Column(
            "criado_em", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["equipe_id"], ["equipes.id"], name="fk_importacao_arquivos_equipe_id"
        ),
        sa.PrimaryKeyConstraint("equipe_id", "id", name="pk_importacao_arquivos"),
    )
    op.create_table(
        "importacao_blocos",
        _number("equipe_id"),
        _number("arquivo_id"),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["equipe_id", "arquivo_id"],
            ["importacao_arquivos.equipe_id", "importacao_arquivos.id"],
            name="fk_importacao_blocos_equipe_id_arquivo_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("equipe_id", "arquivo_id", "n", name="pk_importacao_blocos"),
    )
    # A block is read once or twice and then deleted: compressing it would cost more than it saves.
    op.execute("alter table importacao_blocos alter bytes set storage external")


def _create_lines() -> None:
    op.create_table(
        "importacao_linhas",
        _number("equipe_id"),
        _number("importacao_id"),
        sa.Column("linha", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("resultado", sa.String(12), nullable=False),
        sa.Column("lead_id", sa.BigInteger()),
        sa.Column("versao", sa.Integer()),
        *(sa.Column(name, sa.Text()) for name in ("campo", "codigo", "mensagem")),
        *(sa.Column(name, postgresql.JSONB()) for name in ("detalhe", "celulas", "antes")),
        sa.PrimaryKeyConstraint(
            "equipe_id", "importacao_id", "linha", "n", name="pk_importacao_linhas"
        ),
    )
    _index("importacao_linhas", "lead_id", where="lead_id is not null")
    op.create_table(
        "importacao_chaves",
        _number("equipe_id"),
        _number("importacao_id"),
        _number("chave"),
        _number("lead_id"),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("dita", "tinha")),
        sa.PrimaryKeyConstraint(
            "equipe_id", "importacao_id", "chave", "lead_id", name="pk_importacao_chaves"
        ),
    )
    _index("importacao_chaves", "importacao_id", "lead_id")


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _index(table: str, *columns: str, where: str | None = None) -> None:
    condition = None if where is None else sa.text(where)
    name = f"ix_{table}_equipe_id_{'_'.join(columns)}"
    op.create_index(name, table, ["equipe_id", *columns], postgresql_where=condition)
