"""What a file asks the database: which attributes there are, and the leads themselves."""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import FromClause, Text, bindparam, cast, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from models.db.messages.queries import Query, Row, compile_query
from models.lead import LEADS
from models.lead_contact import CONTACTS, FIRST_OTHER
from services.exports.columns import Attributes, Columns
from services.exports.formats import Format
from services.leads.attributes import MAX_ATTRIBUTES
from services.leads.reading.whole import in_order, matching

_CONTACT_SEPARATOR = " | "
# More than these nobody looks at: they are in the column of those without one.
_MOST_KEYS = 1_000


@lru_cache(maxsize=64)
def keys_query(filters: Sequence[str]) -> Query:
    """The keys of the attributes of these leads, those of most leads first."""
    keys = matching([func.jsonb_object_keys(LEADS.c.atributos).label("chave")], filters).subquery()
    most_first = (func.count().desc(), keys.c.chave)
    found = select(keys.c.chave).group_by(keys.c.chave).order_by(*most_first).limit(_MOST_KEYS)
    return compile_query(found)


@lru_cache(maxsize=64)
def count_query(filters: Sequence[str]) -> Query:
    return compile_query(matching([func.count()], filters))


def columns_of(found: Sequence[Row], format_: Format) -> Columns:
    """The columns of a file, by what keys_query() has found."""
    keys = [key for (key,) in found]
    own = [key for key in keys if key.isprintable() and key == key.strip()][:MAX_ATTRIBUTES]
    others = len(own) < len(keys) or len(keys) == _MOST_KEYS
    return Columns(format_, Attributes(tuple(sorted(own)), others), _other_contacts())


def leads_query(columns: Columns, filters: Sequence[str], ordenar: str) -> Query:
    others = columns.contacts
    leads = matching(columns.selected(), filters)
    leads = leads.outerjoin(others, others.c.lead_id == LEADS.c.id)
    return compile_query(in_order(leads, ordenar))


def _other_contacts() -> FromClause:
    """The contacts of each lead beside its principal ones. As one, because looking for those of
    each lead would take as long as all the rest."""
    valor = cast(CONTACTS.c.valor, Text)
    listed = aggregate_order_by(literal(_CONTACT_SEPARATOR), CONTACTS.c.ordem)
    return (
        select(CONTACTS.c.lead_id, func.string_agg(valor, listed).label("contatos"))
        .where(
            CONTACTS.c.equipe_id == bindparam("equipe_id"),
            CONTACTS.c.ordem >= FIRST_OTHER,
            CONTACTS.c.retirado_em.is_(None),
        )
        .group_by(CONTACTS.c.lead_id)
        .subquery("outros_contatos")
    )
