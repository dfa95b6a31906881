"""Imports that are undone: what an equipe has of its leads, so that before and after can be held
against each other."""

from typing import Any

from sqlalchemy import Engine

from tests.support.api import Api, Reply
from tests.support.derived import counted
from tests.support.leads import rows

# What follows from leads and was done about them, and the columns that tell when it was written.
_TABLES = {
    "leads": ("versao", "atualizado_em"),
    "lead_contatos": (),
    "lead_pontuacao": ("calculado_em",),
    "lead_busca": (),
    "permanencias": (),
    "atividades": ("atualizado_em",),
}
# What is left of a lead that was closed and is open again means nothing.
_SNAPSHOTS = (
    "select to_jsonb(i) from lead_instantaneo i join leads l on l.equipe_id = i.equipe_id "
    "and l.id = i.lead_id where i.equipe_id = :e and l.fechado_em is not null"
)
# A rest that is over is none, and what is typical of others has its own tests.
_QUEUE = (
    "select to_jsonb(f) || jsonb_build_object("
    "'ordem', case when l.valor_centavos is not null then round(f.ordem::numeric, 9) end, "
    "'livre_em', case when f.livre_em > now() then f.livre_em end, "
    "'nao_antes_de', case when f.nao_antes_de > now() then f.nao_antes_de end) "
    "from fila f join leads l on l.equipe_id = f.equipe_id and l.id = f.lead_id "
    "where f.equipe_id = :e"
)
# Every table that names leads, but those of what happened.
_NAMING = (
    "select table_name from information_schema.columns where table_schema = current_schema() "
    "and column_name = 'lead_id' and table_name <> 'eventos'"
)


def undo(api: Api, run_id: int, **how: Any) -> Reply:
    return api.post(f"/imports/{run_id}/undo", **how)


def undone(api: Api, run_id: int) -> dict[str, Any]:
    """The data of an undo that was done at once."""
    reply = undo(api, run_id)
    assert reply.status == 200, reply.body
    return reply.data


def state(sql: Engine, equipe_id: int) -> dict[str, Any]:
    """All that an equipe has of its leads, but when it was written."""
    found: dict[str, Any] = {
        table: _all(sql, f"select to_jsonb(t) from {table} t where equipe_id = :e", equipe_id, but)
        for table, but in _TABLES.items()
    }
    found["lead_instantaneo"] = _all(sql, _SNAPSHOTS, equipe_id, ())
    found["fila"] = _all(sql, _QUEUE, equipe_id, ())
    return found | {"cargas": counted(sql, equipe_id)}


def left_of(sql: Engine, ids: list[int]) -> list[str]:
    """The tables that still name one of these leads."""
    naming = [table for (table,) in rows(sql, _NAMING)]
    assert len(naming) > len(_TABLES)
    return [
        table
        for table in naming
        if rows(sql, f"select 1 from {table} where lead_id = any(:ids) limit 1", ids=ids)
    ]


def _all(sql: Engine, query: str, equipe_id: int, but: tuple[str, ...]) -> list[Any]:
    found = [row for (row,) in rows(sql, query, e=equipe_id)]
    kept = [{name: value for name, value in row.items() if name not in but} for row in found]
    return sorted(kept, key=lambda row: sorted((name, str(value)) for name, value in row.items()))
