"""Reading one lead, outside a transaction or in the message that writes it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Text, bindparam, cast, func, select

from models.db.messages.queries import Query, Row, compile_query
from models.db.statements import fetch, fetch_here, fetch_together
from models.derived.lead_score import SCORES
from models.lead import LEADS
from models.lead_contact import CONTACTS
from services.errors import NotFound
from services.leads.contacts import PRINCIPAL, Contact, listed
from services.leads.duplicates import STRONG, Keys
from services.leads.fields import FIELDS
from services.leads.reading.columns import lead_columns, select_leads
from services.policy import scope, visible_by_id
from services.principal import Principal

_VERSAO = FIELDS.index("versao")


class Single(NamedTuple):
    """One lead in the order of FIELDS, its contacts at the end (as JSON text), with its version and
    when it was scored (None: it was not)."""

    row: Row
    versao: int
    calculado_em: datetime | None

    @staticmethod
    def of(row: Sequence[Any]) -> "Single":
        """A row of single_columns()."""
        return Single(tuple(row[:-1]), row[_VERSAO], row[-1])


def get_lead(caller: Principal, lead_id: int) -> Single:
    """One lead that the caller sees. Raises NotFound."""
    values = {"id": lead_id, **scope(caller)}
    return _single(fetch(_one_query(caller.gestor), values, equipe_id=caller.equipe_id))


def get_here(caller: Principal, lead_id: int) -> Single:
    """The same, inside the session's transaction. Raises NotFound."""
    return _single(fetch_here(_one_query(caller.gestor), {"id": lead_id, **scope(caller)}))


def get_written(caller: Principal, lead_id: int) -> Single:
    """A lead of the caller's tenant, inside the transaction that has locked it."""
    return single_written(caller, lead_id, [])


def single_written(
    caller: Principal, lead_id: int, writes: Sequence[tuple[Query, Mapping[str, Any]]]
) -> Single:
    """The lead after these writes, which go in the same message."""
    values = {"id": lead_id, **scope(caller)}
    return _single(fetch_together([*writes, (_one_query(True), values)]))


def keys_of_deleted(caller: Principal, lead_id: int) -> Keys:
    """Of a deleted lead, not yet held. Raises NotFound."""
    values = {"id": lead_id, **scope(caller)}
    rows = fetch_here(_keys_query(caller.gestor), values)
    if not rows:
        raise NotFound()
    *strong, found = rows[0]
    contacts = [Contact(*each) for each in found or ()]
    lead = dict(zip(STRONG, strong, strict=True))
    principal = {name: each.valor for each in contacts[::-1] for name in [each.tipo]}
    return Keys.of(lead | {name: principal.get(name) for name in PRINCIPAL}, contacts)


def single_columns() -> list[ColumnElement[Any]]:
    """What a Single is made of, of a lead that stands beside its score."""
    return [*lead_columns(), contacts_of_lead(), SCORES.c.calculado_em]


@cache
def _one_query(gestor: bool) -> Query:
    return compile_query(one_lead(gestor), hot=True)


def one_lead(gestor: bool) -> Select[Any]:
    """What a Single is made of. Parameters: id and those of scope()."""
    one = select_leads([*visible_by_id(gestor), LEADS.c.id == bindparam("id")])
    return one.add_columns(contacts_of_lead(), SCORES.c.calculado_em)


@cache
def _keys_query(gestor: bool) -> Query:
    columns = [LEADS.c[name] for name in STRONG]
    pairs = listed(func.json_build_array(CONTACTS.c.tipo, CONTACTS.c.valor))
    return compile_query(
        select(*columns, pairs.scalar_subquery()).where(
            *visible_by_id(gestor, deleted=True), LEADS.c.id == bindparam("id")
        )
    )


def contacts_of_lead() -> ColumnElement[Any]:
    """All its contacts, as JSON text."""
    entry = func.json_build_object("tipo", CONTACTS.c.tipo, "valor", CONTACTS.c.valor)
    return func.coalesce(cast(listed(entry).scalar_subquery(), Text), "[]")


def _single(rows: Sequence[Row]) -> Single:
    if not rows:
        raise NotFound()
    return Single.of(rows[0])
