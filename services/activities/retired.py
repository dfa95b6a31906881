"""Contacts that turned out to be somebody else's: kept with the lead, and looked at no more."""

from functools import cache
from typing import Any

from sqlalchemy import Text, and_, bindparam, cast, exists, func, insert, select, true

from models.db.messages.queries import Part, Query, compile_query
from models.lead_contact import CONTACTS, ContactKind
from services.errors import Code, FieldError, Invalid
from services.leads.contacts import PRINCIPAL, Contact, columns_of, principal_of
from services.leads.fields import EMAIL, PHONE, WHATSAPP_ID
from services.leads.writing.changes import Laid
from services.leads.writing.rows import complete
from services.principal import Principal

_FORMATS = {
    ContactKind.TELEFONE: PHONE,
    ContactKind.EMAIL: EMAIL,
    ContactKind.WHATSAPP_ID: WHATSAPP_ID,
}
_UNKNOWN = FieldError("contato", Code.VALOR_INVALIDO, "O lead não tem este contato.")
_NONE = FieldError("contato", Code.OBRIGATORIO, "Diga qual contato: o lead não tem um principal.")
_KEPT = ("tipo", "valor", "chave", "final")


def retire(lead: Laid, said: str | None, default: ContactKind) -> tuple[Laid, Contact]:
    """The lead without a contact, and which one: the one that was said, or the principal one of a
    kind. In the place of a principal one comes the next of its kind. Raises Invalid."""
    row, others = dict(lead.row), list(lead.others)
    principal = principal_of(row)
    wrong = _named([*principal, *others], said) if said else _first(principal, default)
    if wrong in others:
        others.remove(wrong)
        return Laid(row, others), wrong
    field = next(name for name, tipo in PRINCIPAL.items() if tipo == wrong.tipo)
    following = next((each for each in others if each.tipo == wrong.tipo), None)
    row[field] = following and following.valor
    complete(row)
    return Laid(row, [each for each in others if each != following]), wrong


def _named(contacts: list[Contact], said: str) -> Contact:
    """The contact that is meant, in whatever form it is written."""
    keys = {(kind, key) for kind in ContactKind if (key := _key(kind, said)) is not None}
    for each in contacts:
        if (each.tipo, each.chave) in keys:
            return each
    raise Invalid(fields=[_UNKNOWN])


def _key(kind: ContactKind, said: str) -> str | None:
    try:
        return Contact(kind, _FORMATS[kind].normalize(said)).chave
    except ValueError:
        return None


def _first(principal: list[Contact], kind: ContactKind) -> Contact:
    for each in principal:
        if each.tipo == kind:
            return each
    raise Invalid(fields=[_NONE])


def keeping(caller: Principal, lead_id: int, wrong: Contact) -> Part:
    """Keep a contact that was retired, once, behind the places that are in use."""
    (columns,) = zip(*columns_of([wrong]).values(), strict=True)
    values = dict(zip(_KEPT, columns, strict=True))
    return _keep_query(), {"equipe_id": caller.equipe_id, "lead_id": lead_id, **values}


@cache
def _keep_query() -> Query:
    of_lead = and_(
        CONTACTS.c.equipe_id == bindparam("equipe_id"), CONTACTS.c.lead_id == bindparam("lead_id")
    )
    wrong = {name: cast(bindparam(name), Text) for name in _KEPT}
    kept = [CONTACTS.c[name] == wrong[name] for name in ("tipo", "chave")]
    known = exists().where(of_lead, *kept, CONTACTS.c.retirado_em.is_not(None))
    place = select(func.least(func.min(CONTACTS.c.ordem), 0) - 1).where(of_lead).scalar_subquery()
    values: list[Any] = [bindparam(name) for name in ("equipe_id", "lead_id")]
    values += [place, *wrong.values(), func.now()]
    rows = select(*values).where(true(), ~known)
    names = ["equipe_id", "lead_id", "ordem", *_KEPT, "retirado_em"]
    return compile_query(insert(CONTACTS).from_select(names, rows))
