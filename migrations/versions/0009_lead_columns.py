"""Money in cents, folded texts, since when a lead is in its stage, and columns that fill later.

Only bigint can use an index under row-level security. The table is written twice, once by the
UPDATE and once, without its dead rows, by the change of type; then the indexes are made anew.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from utils.text import fold

revision = "0009"
down_revision = "0008"

_LIVE = "excluido_em is null"
_MONEY = {"valor": "valor_centavos", "renda_mensal": "renda_centavos"}
_FOLDED = ("origem", "produto")
_DROPPED = ("email", "telefone_chave")
# Indexes that stay: columns and the condition beside _LIVE.
_INDEXES: dict[tuple[str, ...], str | None] = {
    ("atualizado_em", "id"): None,
    ("criado_em", "id"): None,
    ("documento",): "documento is not null",
    ("etapa", "criado_em", "id"): None,
    ("proximo_contato_em", "id"): "proximo_contato_em is not null",
    ("responsavel_id", "criado_em", "id"): "responsavel_id is not null",
    ("id_externo",): "id_externo is not null",
}
_DELETED = ("excluido_em", "id")


def _new_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("produto_chave", sa.String(320)),
        sa.Column("origem_chave", sa.String(320)),
        sa.Column("etapa_desde", sa.DateTime(timezone=True)),
        sa.Column("etapa_informada", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("importacao_id", sa.BigInteger()),
        sa.Column("previsto_para", sa.Date()),
        sa.Column("primeira_resposta_em", sa.DateTime(timezone=True)),
        sa.Column("nao_contatar_em", sa.DateTime(timezone=True)),
        sa.Column("mesclado_em_id", sa.BigInteger()),
        sa.Column("apagado_em", sa.DateTime(timezone=True)),
    ]


def upgrade() -> None:
    for columns in (*_INDEXES, _DELETED, ("valor", "id"), *((name,) for name in _DROPPED)):
        op.drop_index(_name(columns), "leads")
    for column in _new_columns():
        op.add_column("leads", column)
    for table in ("leads", "eventos"):
        op.execute(f"alter table {table} no force row level security")
    for name in _FOLDED:
        _fold(name)
    op.execute(_FILL)
    op.execute("drop table origem_dobrada, produto_dobrada")
    for table in ("leads", "eventos"):
        op.execute(f"alter table {table} force row level security")
    op.execute(
        "alter table leads alter etapa_desde set not null, alter etapa drop default, "
        + ", ".join(f"alter {old} type bigint using ({old} * 100)::bigint" for old in _MONEY)
    )
    for old, new in _MONEY.items():
        op.alter_column("leads", old, new_column_name=new)
    op.drop_constraint("fk_leads_equipe_id", "leads", type_="foreignkey")
    _make_indexes()
    _index(("valor_centavos", "id"), "valor_centavos is not null")
    op.create_index(
        _name(("importacao_id",)),
        "leads",
        ["equipe_id", "importacao_id"],
        postgresql_where=sa.text("importacao_id is not null"),
    )


def _fold(name: str) -> None:
    """Folding is Python's, so each distinct text is folded here, once."""
    connection = op.get_bind()
    texts = (
        connection.execute(sa.text(f"select distinct {name} from leads where {name} is not null"))
        .scalars()
        .all()
    )
    op.execute(f"create temp table {name}_dobrada (texto text primary key, chave text)")
    insert = sa.text(
        f"insert into {name}_dobrada select * from unnest(cast(:a as text[]), cast(:b as text[]))"
    )
    for start in range(0, len(texts), 10_000):
        part = texts[start : start + 10_000]
        connection.execute(insert, {"a": part, "b": [fold(text) for text in part]})
    op.execute(f"analyze {name}_dobrada")


_FILL = """
update leads l set
  origem_chave = o.chave,
  produto_chave = p.chave,
  importacao_id = c.importacao_id,
  etapa_desde = coalesce(m.em, l.fechado_em, l.criado_em),
  etapa_informada = m.em is null and c.importacao_id is not null
from leads b
  left join origem_dobrada o on o.texto = b.origem
  left join produto_dobrada p on p.texto = b.produto
  left join (select equipe_id, lead_id, max(criado_em) as em from eventos
             where tipo = 'lead_movido' group by 1, 2) m
    on m.equipe_id = b.equipe_id and m.lead_id = b.id
  left join (select equipe_id, lead_id, min(importacao_id) as importacao_id from eventos
             where tipo = 'lead_criado' group by 1, 2) c
    on c.equipe_id = b.equipe_id and c.lead_id = b.id
where b.equipe_id = l.equipe_id and b.id = l.id
"""


def _make_indexes() -> None:
    for columns, condition in _INDEXES.items():
        _index(columns, condition, unique=columns == ("id_externo",))
    op.create_index(
        _name(_DELETED),
        "leads",
        ["equipe_id", *_DELETED],
        postgresql_where=sa.text("excluido_em is not null"),
    )


def _index(columns: tuple[str, ...], condition: str | None, *, unique: bool = False) -> None:
    op.create_index(
        _name(columns),
        "leads",
        ["equipe_id", *columns],
        unique=unique,
        postgresql_where=sa.text(f"{_LIVE} and {condition}" if condition else _LIVE),
    )


def _name(columns: tuple[str, ...]) -> str:
    return f"ix_leads_equipe_id_{'_'.join(columns)}"


def downgrade() -> None:
    for columns in (*_INDEXES, _DELETED, ("valor_centavos", "id"), ("importacao_id",)):
        op.drop_index(_name(columns), "leads")
    for old, new in _MONEY.items():
        op.alter_column("leads", new, new_column_name=old)
    op.execute(
        "alter table leads alter etapa set default 'novo', "
        + ", ".join(f"alter {old} type numeric(14, 2) using {old} / 100.0" for old in _MONEY)
        + ", "
        + ", ".join(f"drop column {column.name}" for column in _new_columns())
    )
    op.create_foreign_key("fk_leads_equipe_id", "leads", "equipes", ["equipe_id"], ["id"])
    _make_indexes()
    for name in ("valor", *_DROPPED):
        columns = (name, "id") if name == "valor" else (name,)
        _index(columns, f"{name} is not null")
