"""Indexes for what is listed and looked for: every listed shape of the list of leads, names by any
part of them, phones by their end.

Names are folded without apostrophes from here on; those that have one are folded again.
"""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from utils.text import APOSTROPHES, fold, fold_name

revision = "0014"
down_revision = "0013"

_OWN = "equipe_id = nullif(current_setting('app.equipe_id', true), '')::bigint"
# Shown are the texts that are like the setting. A policy's own comparison may use an index, and
# that of a query may not: `like` might leak what it is given.
_LIKE = "busca like nullif(current_setting('app.busca', true), '')"
_POLICIES = {
    "select": f"using ({_OWN} and {_LIKE})",
    "insert": f"with check ({_OWN})",
    "update": f"using ({_OWN}) with check ({_OWN})",
    "delete": f"using ({_OWN})",
}
_LIVE = "excluido_em is null"
_ORDERED = ("criado_em", "atualizado_em", "proximo_contato_em", "valor_centavos")
_BY_PERSON = [("responsavel_id", name, "id") for name in _ORDERED]
_NULLABLE = [("proximo_contato_em", "id"), ("valor_centavos", "id")]
# Those that were there, without the rows that lack their first column.
_BEFORE = [*_NULLABLE, _BY_PERSON[0]]
_BY_SCORE = [("responsavel_id", "score", "lead_id"), ("etapa", "score", "lead_id")]
_FINAL = "ix_lead_contatos_equipe_id_final"
# With what folding makes into some.
_MARKS = f"[{APOSTROPHES}ŉ″‴‶‷⁗]"
_BATCH = 5_000
_LONGEST = 330  # characters of leads.busca

_STATISTICS = """
create or replace function atualizar_estatisticas() returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp set default_statistics_target = '30' as $$
begin
  analyze (skip_locked)
    leads (equipe_id, etapa, responsavel_id, criado_em, fechado_em, excluido_em),
    lead_pontuacao (equipe_id, lead_id){more};
end $$
"""


def upgrade() -> None:
    _force(False, "leads", "lead_pontuacao")
    _fold_again(fold_name)
    _make_search()
    _copy_beside_scores()
    _force(True, "leads", "lead_pontuacao")
    for columns in _BEFORE:
        op.drop_index(_name("leads", columns), "leads")
    for columns in (*_NULLABLE, *_BY_PERSON):
        _index("leads", columns, _LIVE)
    for columns in _BY_SCORE:
        _index("lead_pontuacao", columns)
    op.create_index(
        _FINAL,
        "lead_contatos",
        ["equipe_id", "final"],
        postgresql_where=sa.text("retirado_em is null and final is not null"),
    )
    _analyze(", lead_busca (equipe_id)")


def _force(forced: bool, *tables: str) -> None:
    """The owner sees the rows of all equipes only while a table is not forced."""
    for table in tables:
        op.execute(f"alter table {table} {'' if forced else 'no '}force row level security")


def _fold_again(folded: Callable[[str], str]) -> None:
    """Folding is Python's, so the names that have an apostrophe come here, some at a time."""
    connection = op.get_bind()
    found = sa.text(
        "select equipe_id, id, nome, empresa from leads where (equipe_id, id) > (:e, :id) "
        "and (nome ~ :mark or empresa ~ :mark) order by equipe_id, id limit :batch"
    )
    write = sa.text(
        "update leads l set busca = d.busca from unnest(cast(:e as bigint[]), "
        "cast(:id as bigint[]), cast(:busca as text[])) as d(e, id, busca) "
        "where l.equipe_id = d.e and l.id = d.id"
    )
    last = {"e": 0, "id": 0}
    while rows := connection.execute(found, {**last, "mark": _MARKS, "batch": _BATCH}).all():
        texts = [folded(f"{row.nome} {row.empresa or ''}")[:_LONGEST] for row in rows]
        equipes, ids = [row.equipe_id for row in rows], [row.id for row in rows]
        connection.execute(write, {"e": equipes, "id": ids, "busca": texts})
        last = {"e": equipes[-1], "id": ids[-1]}


def _make_search() -> None:
    op.create_table(
        "lead_busca",
        sa.Column("equipe_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lead_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("busca", sa.Text(), nullable=False),
    )
    op.execute("insert into lead_busca select equipe_id, id, busca from leads order by 1, 2")
    op.create_primary_key("pk_lead_busca", "lead_busca", ["equipe_id", "lead_id"])
    # The extension may be in a schema that is not looked through.
    operators = op.get_bind().scalar(
        sa.text(
            "select quote_ident(n.nspname) || '.gin_trgm_ops' from pg_extension e "
            "join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm'"
        )
    )
    op.create_index(
        "ix_lead_busca_equipe_id_busca",
        "lead_busca",
        ["equipe_id", "busca"],
        postgresql_using="gin",
        postgresql_ops={"busca": str(operators)},
        postgresql_with={"gin_pending_list_limit": 1_024},
    )
    op.execute("alter table lead_busca set (autovacuum_analyze_scale_factor = 0.02)")
    op.execute("alter table lead_busca enable row level security")
    op.execute("alter table lead_busca force row level security")
    for action, rule in _POLICIES.items():
        op.execute(f"create policy lead_busca_{action} on lead_busca for {action} {rule}")


def _copy_beside_scores() -> None:
    op.add_column("lead_pontuacao", sa.Column("responsavel_id", sa.BigInteger()))
    op.add_column("lead_pontuacao", sa.Column("etapa", sa.String(40)))
    op.execute(
        "update lead_pontuacao p set responsavel_id = l.responsavel_id, etapa = l.etapa "
        "from leads l where l.equipe_id = p.equipe_id and l.id = p.lead_id"
    )
    op.alter_column("lead_pontuacao", "etapa", nullable=False)


def _analyze(more: str) -> None:
    """Replace the function; the schema of the tables comes first in its path, as in 0012."""
    op.execute(_STATISTICS.format(more=more))
    op.execute(
        "do $$ begin execute format('alter function atualizar_estatisticas() "
        "set search_path = %I, pg_temp', current_schema()); end $$"
    )


def _index(table: str, columns: tuple[str, ...], condition: str | None = None) -> None:
    where = None if condition is None else sa.text(condition)
    op.create_index(_name(table, columns), table, ["equipe_id", *columns], postgresql_where=where)


def _name(table: str, columns: tuple[str, ...]) -> str:
    return f"ix_{table}_equipe_id_{'_'.join(columns)}"


def downgrade() -> None:
    _analyze("")
    op.drop_index(_FINAL, "lead_contatos")
    for columns in _BY_SCORE:
        op.drop_index(_name("lead_pontuacao", columns), "lead_pontuacao")
    for columns in (*_NULLABLE, *_BY_PERSON):
        op.drop_index(_name("leads", columns), "leads")
    for columns in _BEFORE:
        _index("leads", columns, f"{_LIVE} and {columns[0]} is not null")
    op.drop_column("lead_pontuacao", "etapa")
    op.drop_column("lead_pontuacao", "responsavel_id")
    op.drop_table("lead_busca")
    _force(False, "leads")
    _fold_again(fold)
    _force(True, "leads")
