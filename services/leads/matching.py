"""Queries that find live leads by the keys that they share with a request (duplicates)."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    TableValuedAlias,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)

from models.db.messages.queries import Query, compile_query
from models.db.statements import fetch_here
from models.lead import LEADS
from models.lead_contact import CONTACTS
from services.leads.duplicates import MOST_FOUND, STRONG
from services.policy import visible
from services.principal import Principal

_OF_LEAD = (LEADS.c.equipe_id == CONTACTS.c.equipe_id) & (LEADS.c.id == CONTACTS.c.lead_id)
# Contacts of the tenant that are in use.
_OURS = (CONTACTS.c.equipe_id == bindparam("equipe_id"), CONTACTS.c.retirado_em.is_(None))


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
    """Each key is looked up by itself: where most tenants are small, a plan that is made beforehand
    takes one walk past all contacts of a tenant for less than ten kinds times ten values."""
    asked = _asked("chave_tipos", "chave_valores")
    same = (CONTACTS.c.tipo == asked.c.tipo, CONTACTS.c.chave == asked.c.chave.collate("C"))
    each = (
        _live_other(CONTACTS.c.tipo, CONTACTS.c.chave)
        .select_from(CONTACTS.join(LEADS, _OF_LEAD))
        .where(*_OURS, *same)
        .limit(MOST_FOUND)
        .lateral()
    )
    return select(*each.c).select_from(asked.join(each, true()))


def _asked(kinds: str, values: str) -> TableValuedAlias:
    """The rows (tipo, chave) of two parameters, lists of equal length."""
    listed = (cast(bindparam(name), ARRAY(Text)) for name in (kinds, values))
    return func.unnest(*listed).table_valued("tipo", "chave", name="a").render_derived()


def _live_other(kind: ColumnElement[Any], key: ColumnElement[Any]) -> Select[Any]:
    other = LEADS.c.id != bindparam("id")
    return select(LEADS.c.id, LEADS.c.responsavel_id, kind.label("tipo"), key.label("chave")).where(
        *visible(True), other
    )


def taken(caller: Principal, keys: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of the keys (kind and value) that live leads have."""
    asked = list(keys)
    values = {
        "equipe_id": caller.equipe_id,
        "tipos": [kind for kind, _ in asked],
        "chaves": [value for _, value in asked],
    }
    return {(kind, value) for kind, value in fetch_here(_taken_query(), values)}


@cache
def _taken_query() -> Query:
    asked = _asked("tipos", "chaves")
    kind, key = asked.c.tipo, asked.c.chave.collate("C")
    holders = [
        select(LEADS.c.id).where(*visible(True), kind == name, LEADS.c[name] == asked.c.chave)
        for name in STRONG
    ]
    reached = select(LEADS.c.id).select_from(CONTACTS.join(LEADS, _OF_LEAD))
    holders.append(
        reached.where(*visible(True), *_OURS, CONTACTS.c.tipo == kind, CONTACTS.c.chave == key)
    )
    return compile_query(
        select(kind, asked.c.chave).where(or_(*(each.exists() for each in holders)))
    )
