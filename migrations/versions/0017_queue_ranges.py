"""The indexes of promises pass over what may not be offered yet, and one person's are never looked
for among all people's."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_FREE_FROM = "GREATEST(nao_antes_de, '-infinity'::timestamp with time zone)"
_PROMISED = "retorno_em is not null"
# Columns → condition before and after.
_INDEXES = (
    (("equipe_id", "dono", "retorno_em", "lead_id"), _PROMISED, _PROMISED),
    (
        ("equipe_id", "retorno_em", "lead_id"),
        f"{_PROMISED} and dono <> 0",
        f"{_PROMISED} and (dono <> 0) is not false",
    ),
)


def upgrade() -> None:
    for columns, _, where in _INDEXES:
        _create(f"{_name(columns)}_nao_antes_de", [*columns, sa.text(_FREE_FROM)], where)
        op.drop_index(_name(columns), "fila")


def downgrade() -> None:
    for columns, where, _ in _INDEXES:
        _create(_name(columns), list(columns), where)
        op.drop_index(f"{_name(columns)}_nao_antes_de", "fila")


def _name(columns: tuple[str, ...]) -> str:
    return f"ix_fila_{'_'.join(columns)}"


def _create(name: str, columns: list[str | sa.TextClause], where: str) -> None:
    op.create_index(name, "fila", columns, postgresql_where=sa.text(where))
