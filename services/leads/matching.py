"""Queries that find live leads by the keys that they share with a request (duplicates)."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    Text,
    any_,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    union_all,
)

from models.lead import LEADS
from models.lead_contact import CONTACTS
from services.leads.duplicates import MOST_FOUND
from services.policy import visible


def matches() -> Select[Any]:
    """At most MOST_FOUND live leads but `id` that share one of the keys, with the columns of Found.

    Parameters: those of Keys.parameters(), equipe_id, id.
    """
    by_id, by_document = (_by_column(name) for name in ("id_externo", "documento"))
    # Append keeps their order, so the limit cuts no id_externo: no override allows that one.
    return select(union_all(by_id, by_document, _by_contact()).subquery()).limit(MOST_FOUND)


def found(matches: FromClause) -> ScalarSelect[Any]:
    """These as a JSON list."""
    listed = func.json_build_array(*matches.c)
    return select(func.json_agg(listed)).select_from(matches).scalar_subquery()


def _by_column(name: str) -> Select[Any]:
    return _live_other(literal_column(f"'{name}'"), LEADS.c[name]).where(
        LEADS.c[name] == bindparam(name)
    )


def _by_contact() -> Select[Any]:
    """Of any kind with any value: which of them go together, refuse_duplicates() sees."""
    kinds, values = (
        any_(cast(bindparam(name), ARRAY(Text))) for name in ("chave_tipos", "chave_valores")
    )
    of_lead = (LEADS.c.equipe_id == CONTACTS.c.equipe_id) & (LEADS.c.id == CONTACTS.c.lead_id)
    return (
        _live_other(CONTACTS.c.tipo, CONTACTS.c.chave)
        .select_from(CONTACTS.join(LEADS, of_lead))
        .where(
            CONTACTS.c.equipe_id == bindparam("equipe_id"),
            CONTACTS.c.tipo == kinds,
            CONTACTS.c.chave == values,
            CONTACTS.c.retirado_em.is_(None),
        )
    )


def _live_other(kind: ColumnElement[Any], key: ColumnElement[Any]) -> Select[Any]:
    other = LEADS.c.id != bindparam("id")
    return select(LEADS.c.id, LEADS.c.responsavel_id, kind.label("tipo"), key.label("chave")).where(
        *visible(True), other
    )
