"""The ways to reach a person: what a caller sends, and the rows that are kept of it.

The principal phone and e-mail are the lead's own columns, and their rows are derived from these.
The others are the caller's list, each once and none that repeats a principal one.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Delete,
    FromClause,
    Select,
    SmallInteger,
    Text,
    bindparam,
    cast,
    column,
    delete,
    exists,
    func,
    select,
    values,
)
from sqlalchemy import null as sql_null
from sqlalchemy.dialects.postgresql import Insert, aggregate_order_by, insert

from models.db.messages.queries import Query, compile_query
from models.lead import LEADS
from models.lead_contact import (
    CONTACTS,
    FIRST_OTHER,
    PRINCIPAL_EMAIL,
    PRINCIPAL_PHONE,
    ContactKind,
)
from services.errors import Code, at_most, invalid_field
from services.scores.statement import Among
from utils.brazil.phones import phone_match_key

MAX_CONTACTS = 10
INPUTS = frozenset({"telefone", "telefone_chave", "email"})
_TARGET = "equipe_id lead_id ordem tipo valor chave final".split()
# The fields of a lead that hold the principal contact of a kind.
PRINCIPAL = {"telefone": ContactKind.TELEFONE, "email": ContactKind.EMAIL}


class Contact(NamedTuple):
    """One entry of a caller's list, its value normalised."""

    tipo: str
    valor: str

    @property
    def chave(self) -> str:
        return phone_match_key(self.valor) if self.tipo == ContactKind.TELEFONE else self.valor


def settle(sent: Iterable[Contact], lead: dict[str, Any], *, promote: bool) -> list[Contact]:
    """The contacts beside the principal ones of `lead`, each once. With `promote` the first of a
    kind becomes the principal one that the lead lacks. Raises Invalid for too many."""
    contacts = list({(each.tipo, each.chave): each for each in reversed(list(sent))}.values())[::-1]
    for field, tipo in PRINCIPAL.items() if promote else ():
        if lead[field] is None:
            lead[field] = next((each.valor for each in contacts if each.tipo == tipo), None)
    principal = {(each.tipo, each.chave) for each in principal_of(lead)}
    others = [each for each in contacts if (each.tipo, each.chave) not in principal]
    if len(others) + len(principal) > MAX_CONTACTS:
        raise invalid_field("contatos", Code.LONGO_DEMAIS, at_most(MAX_CONTACTS, "contatos"))
    return others


def principal_of(lead: Mapping[str, Any]) -> list[Contact]:
    """The principal contacts among the fields of a lead."""
    return [Contact(tipo, lead[name]) for name, tipo in PRINCIPAL.items() if lead.get(name)]


def columns_of(others: Iterable[Contact]) -> dict[str, list[Any]]:
    """The parameters of others_query()."""
    listed = list(others)
    phones = [each.tipo == ContactKind.TELEFONE for each in listed]
    chaves = [each.chave for each in listed]
    return {
        "tipos": [each.tipo for each in listed],
        "valores": [each.valor for each in listed],
        "chaves": chaves,
        "finais": [
            chave[::-1] if phone else None for chave, phone in zip(chaves, phones, strict=True)
        ],
    }


@cache
def others_query() -> Query:
    """Replace the contacts of the lead `id` of `equipe_id` beside the principal ones. Parameters:
    those of columns_of()."""
    given = (
        func.unnest(
            *(cast(bindparam(n), ARRAY(Text)) for n in ("tipos", "valores", "chaves", "finais"))
        )
        .table_valued("tipo", "valor", "chave", "final", with_ordinality="n", name="d")
        .render_derived()
    )
    rows = select(
        bindparam("equipe_id"),
        bindparam("id"),
        given.c.n + (FIRST_OTHER - 1),
        *(given.c[name] for name in _TARGET[3:]),
    )
    here = (CONTACTS.c.equipe_id == bindparam("equipe_id")) & (
        CONTACTS.c.lead_id == bindparam("id")
    )
    count = func.cardinality(cast(bindparam("tipos"), ARRAY(Text)))
    gone = delete(CONTACTS).where(here, CONTACTS.c.ordem >= count + FIRST_OTHER)
    replaced = _upsert(insert(CONTACTS).from_select(_TARGET, rows)).add_cte(gone.cte("retirados"))
    return compile_query(replaced, hot=True)


def listed(entry: ColumnElement[Any]) -> Select[Any]:
    """The contacts of a lead in their order, each as `entry`; to be a subquery beside `leads`."""
    return select(func.json_agg(aggregate_order_by(entry, CONTACTS.c.ordem))).where(
        CONTACTS.c.equipe_id == LEADS.c.equipe_id,
        CONTACTS.c.lead_id == LEADS.c.id,
        CONTACTS.c.retirado_em.is_(None),
    )


def fresh(leads: FromClause, condition: ColumnElement[bool]) -> Insert:
    """The principal contacts of new leads."""
    return insert(CONTACTS).from_select(_TARGET, _principal(leads, condition))


def again(among: Among) -> Insert:
    """The principal contacts of these leads, as their columns are now."""
    wanted = _principal(LEADS, among(LEADS.c.equipe_id, LEADS.c.id)).cte("principais")
    upserted = _upsert(insert(CONTACTS).from_select(_TARGET, select(wanted)))
    return upserted.add_cte(_gone(wanted, among).cte("retirados"))


def _principal(leads: FromClause, condition: ColumnElement[bool]) -> Select[Any]:
    """A row for each phone and e-mail of the leads that match."""
    key = leads.c.telefone_chave
    phone = (PRINCIPAL_PHONE, ContactKind.TELEFONE.value, leads.c.telefone, key, func.reverse(key))
    email = (PRINCIPAL_EMAIL, ContactKind.EMAIL.value, leads.c.email, leads.c.email, sql_null())
    texts = (column(name, Text) for name in _TARGET[3:])
    each = values(column("ordem", SmallInteger), *texts, name="d").data([phone, email]).lateral()
    return (
        select(leads.c.equipe_id, leads.c.id.label("lead_id"), *each.c)
        .select_from(leads.join(each, each.c.valor.is_not(None)))
        .where(condition)
    )


def _gone(wanted: FromClause, among: Among) -> Delete:
    """Principal contacts that a lead has no longer."""
    kept = exists().where(
        wanted.c.lead_id == CONTACTS.c.lead_id, wanted.c.ordem == CONTACTS.c.ordem
    )
    these = among(CONTACTS.c.equipe_id, CONTACTS.c.lead_id)
    principal = CONTACTS.c.ordem.between(PRINCIPAL_PHONE, PRINCIPAL_EMAIL)
    return delete(CONTACTS).where(these, principal, ~kept)


def _upsert(rows: Insert) -> Insert:
    names = _TARGET[3:]
    differs = func.row(*(CONTACTS.c[name] for name in names)).is_distinct_from(
        func.row(*(rows.excluded[name] for name in names))
    )
    return rows.on_conflict_do_update(
        index_elements=["equipe_id", "lead_id", "ordem"],
        set_={name: rows.excluded[name] for name in names},
        where=differs,
    )
