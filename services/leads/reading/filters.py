"""Filters and orders of the lead list: an allow-list of column objects, never text."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Text, all_, any_, bindparam, cast, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from models.lead import CENTS, FOLDED, LEADS, MAX_SEARCH
from models.lead_contact import CONTACTS, ContactKind
from models.lead_score import SCORES
from services.leads.contacts import PRINCIPAL
from services.leads.fields import NOBODY, ORDERABLE
from utils.clock import day_bounds
from utils.phones import phone_match_key
from utils.text import fold


@dataclass(frozen=True, slots=True)
class Order:
    """A sortable column with the id that closes its order; `kind` casts a cursor's value back."""

    column: ColumnElement[Any]
    closing: ColumnElement[Any]
    kind: TypeEngine[Any]
    nullable: bool


def _order(name: str) -> Order:
    scored = name in SCORES.c
    column = (SCORES if scored else LEADS).c[CENTS.get(name, name)]
    closing = SCORES.c.lead_id if scored else LEADS.c.id
    return Order(column, closing, column.type, bool(column.nullable))


ORDERS = {name: _order(name) for name in ORDERABLE}

_ANY_OF = {
    "etapa": LEADS.c.etapa,
    "uf": LEADS.c.uf,
    **{name: LEADS.c[column] for name, column in FOLDED.items()},
    "faixa": SCORES.c.faixa,
}
_EQUAL = {
    "documento": LEADS.c.documento,
    "responsavel_id": LEADS.c.responsavel_id,
}


def search_text(nome: str, empresa: str | None) -> str:
    """The text that `q` searches. Folding may lengthen it beyond the column, so it is cut."""
    return fold(f"{nome} {empresa or ''}")[:MAX_SEARCH]


def parameters(filters: dict[str, Any], zone: str) -> dict[str, Any]:
    """Filters as statement parameters: one value alone, days as instants, a folded pattern."""
    values = dict(filters)
    for name, end in (("criado_de", 0), ("criado_ate", 1)):
        if type(values.get(name)) is date:
            values[name] = day_bounds(values[name], zone)[end]
    for name in FOLDED:
        if name in values:
            values[name] = [fold(each) for each in values[name]]
    for name in _ANY_OF:
        if len(values.get(name, ())) == 1:
            values[f"{name}_igual"] = values.pop(name)[0]
    if "telefone" in values:
        values["telefone"] = phone_match_key(values["telefone"])
    if values.get("responsavel_id") == NOBODY:
        values["responsavel_nenhum"] = values.pop("responsavel_id")
    if "q" in values:
        values["q"] = [f"%{_escaped(word)}%" for word in fold(values["q"]).split()]
    return values


def condition(name: str) -> ColumnElement[bool]:
    """The condition behind one parameter of parameters()."""
    if name in _ANY_OF:
        return _ANY_OF[name] == any_(bindparam(name))
    # One value is compared by `=`: only then does an index on it also give the order.
    if name.endswith("_igual"):
        return _ANY_OF[name.removesuffix("_igual")] == bindparam(name)
    if name in _EQUAL:
        return _EQUAL[name] == bindparam(name)
    if name in PRINCIPAL:
        return _reached_by(PRINCIPAL[name], bindparam(name))
    return _special(name)


def _reached_by(kind: ContactKind, key: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a lead has this contact among all of its own."""
    return LEADS.c.id.in_(
        select(CONTACTS.c.lead_id).where(
            CONTACTS.c.equipe_id == bindparam("equipe_id"),
            CONTACTS.c.tipo == kind.value,
            CONTACTS.c.chave == key,
            CONTACTS.c.retirado_em.is_(None),
        )
    )


def _special(name: str) -> ColumnElement[bool]:
    conditions: dict[str, ColumnElement[bool]] = {
        "responsavel_nenhum": LEADS.c.responsavel_id.is_(None),
        "etiqueta": LEADS.c.etiquetas.contains(cast(bindparam("etiqueta"), LEADS.c.etiquetas.type)),
        "criado_de": LEADS.c.criado_em >= bindparam("criado_de"),
        "criado_ate": LEADS.c.criado_em < bindparam("criado_ate"),
        # Every word of it, in any order; PostgreSQL's escape is the backslash by itself.
        "q": LEADS.c.busca.op("like", is_comparison=True)(all_(cast(bindparam("q"), ARRAY(Text)))),
    }
    return conditions[name]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
