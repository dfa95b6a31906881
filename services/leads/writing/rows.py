"""A lead as a row of its table: what the fields of a request become there, and how it is written.

A row is a dict by column. `atributos` is JSON text, None where it stays as it is.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import bindparam, cast, func, insert, null, update
from sqlalchemy.dialects.postgresql import JSONB

from models.db.messages.queries import Query, compile_query
from models.lead import CENTS, FOLDED, LEADS
from services.leads.fields import FIELDS, READ_ONLY
from services.leads.reading.filters import search_text
from utils.brazil.phones import phone_match_key
from utils.money import to_cents
from utils.text import word_key

# The columns of the fields that a caller writes.
GIVEN = tuple(CENTS.get(name, name) for name in FIELDS if name not in READ_ONLY)
_DERIVED = ("telefone_chave", "origem_chave", "produto_chave", "busca")
_STAY = ("etapa_desde", "etapa_informada")
# What activities leave behind.
MARKS = ("primeira_resposta_em", "nao_contatar_em")
# Everything of a lead that a change may write, beside its version.
COLUMNS = (*GIVEN, *_DERIVED, *_STAY, *MARKS, "criado_em")
EMPTY: Mapping[str, Any] = dict.fromkeys(COLUMNS) | {"etiquetas": [], "etapa_informada": False}


def columns_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a request's fields, `atributos` and `contatos` apart."""
    row = {name: value for name, value in values.items() if name not in {"atributos", "contatos"}}
    for name, column in CENTS.items():
        if name in row:
            value = row.pop(name)
            row[column] = None if value is None else to_cents(value)
    return row


def complete(row: dict[str, Any]) -> None:
    """Set the columns that follow from others of the row."""
    row["busca"] = search_text(row["nome"], row["empresa"])
    row["telefone_chave"] = phone_match_key(row["telefone"]) if row["telefone"] else None
    row.update(folded(row))


def folded(row: Mapping[str, Any]) -> dict[str, Any]:
    """The folded columns of those that the row has."""
    return {
        column: word_key(row[name]) if row[name] else None
        for name, column in FOLDED.items()
        if name in row
    }


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


@cache
def insert_query() -> Query:
    """A new lead. Parameters: equipe_id, id and COLUMNS."""
    values: dict[str, Any] = {name: bindparam(name) for name in ("equipe_id", "id", *COLUMNS)}
    values["atributos"] = func.coalesce(_json("atributos"), cast("{}", JSONB))
    values["criado_em"] = func.coalesce(bindparam("criado_em"), func.now())
    return compile_query(insert(LEADS).values(values), hot=True)


@cache
def update_query() -> Query:
    """Write COLUMNS as a lead's next version, a live one. Parameters: equipe_id, id, COLUMNS."""
    values: dict[str, Any] = {name: bindparam(name) for name in COLUMNS}
    values["atributos"] = func.coalesce(_json("atributos"), LEADS.c.atributos)
    return _next_version(values | {"excluido_em": null()})


@cache
def delete_query() -> Query:
    """Mark a lead as deleted. Parameters: equipe_id, id."""
    return _next_version({"excluido_em": func.now()})


def _next_version(values: dict[str, Any]) -> Query:
    key = (LEADS.c.equipe_id == bindparam("equipe_id")) & (LEADS.c.id == bindparam("id"))
    written = {"versao": LEADS.c.versao + 1, "atualizado_em": func.now()}
    return compile_query(update(LEADS).where(key).values(values | written), hot=True)


def _json(name: str) -> Any:
    return cast(bindparam(name), JSONB)
