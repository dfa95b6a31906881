"""Filters and orders of the lead list: an allow-list of column objects, never text."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Text, all_, any_, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from models.derived.lead_score import SCORES
from models.lead import CENTS, FOLDED, LEADS, MAX_SEARCH
from models.lead_contact import CONTACTS, ContactKind
from services.leads.contacts import PRINCIPAL
from services.leads.fields import NOBODY, ORDERABLE
from utils.brazil.phones import phone_match_key
from utils.clock import day_bounds
from utils.text import fold_name, word_key


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

# Filters and their columns.
_ANY_OF = {"etapa": "etapa", "uf": "uf", **FOLDED, "faixa": "faixa"}
_EQUAL = {"documento", "responsavel_id"}


def search_text(nome: str, empresa: str | None) -> str:
    """The text that `q` searches. Folding may lengthen it beyond the column, so it is cut."""
    return fold_name(f"{nome} {empresa or ''}")[:MAX_SEARCH]


def parameters(filters: dict[str, Any], zone: str) -> dict[str, Any]:
    """Filters as statement parameters: one value alone, days as instants, a folded pattern."""
    values = dict(filters)
    for name, end in (("criado_de", 0), ("criado_ate", 1)):
        if type(values.get(name)) is date:
            values[name] = day_bounds(values[name], zone)[end]
    for name in _COMPARED.keys() & values.keys():
        values[name] = _COMPARED[name](values[name])
    for name in _ANY_OF:
        if len(values.get(name, ())) == 1:
            values[f"{name}_igual"] = values.pop(name)[0]
    if values.get("responsavel_id") == NOBODY:
        values["responsavel_nenhum"] = values.pop("responsavel_id")
    return values


def _folded(texts: list[str]) -> list[str]:
    return [word_key(each) for each in texts]


def _patterns(text: str) -> list[str]:
    return [f"%{_escaped(word)}%" for word in fold_name(text).split()]


# How the values of some filters are compared.
_COMPARED: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(FOLDED, _folded),
    "telefone": phone_match_key,
    "telefone_final": lambda digits: digits[::-1],
    "q": _patterns,
}


def condition(name: str, *, by_score: bool = False) -> ColumnElement[bool]:
    """The condition behind one parameter of parameters().

    `by_score`: the scores give the order. Then it is asked of what stands beside them if it can be:
    asked of leads, it would seem to PostgreSQL a way to find the lead of a score.
    """
    if name in _ANY_OF:
        return _column(_ANY_OF[name], by_score) == any_(bindparam(name))
    # One value is compared by `=`: only then does an index on it also give the order.
    if name.endswith("_igual"):
        return _column(_ANY_OF[name.removesuffix("_igual")], by_score) == bindparam(name)
    if name in _EQUAL:
        return _column(name, by_score) == bindparam(name)
    if name == "responsavel_nenhum":
        return _column("responsavel_id", by_score).is_(None)
    if name in _REACHED_BY:
        return _has_contact(*_REACHED_BY[name])
    return _special(name)


def _column(name: str, by_score: bool) -> ColumnElement[Any]:
    beside = name in SCORES.c and (by_score or name not in LEADS.c)
    return (SCORES if beside else LEADS).c[name]


def _has_contact(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a lead has such a contact among all of its own.

    An array, so that the contacts are read first and the leads found by their ids: if they were
    joined, PostgreSQL might walk all leads of a tenant and look at the contacts of each.
    """
    found = select(CONTACTS.c.lead_id).where(
        CONTACTS.c.equipe_id == bindparam("equipe_id"),
        *which,
        CONTACTS.c.retirado_em.is_(None),
    )
    return LEADS.c.id == any_(func.array(found.scalar_subquery(), type_=ARRAY(BigInteger)))


def _is(kind: ContactKind) -> ColumnElement[bool]:
    return CONTACTS.c.tipo == kind.value


def _begins(column: ColumnElement[str], name: str) -> tuple[ColumnElement[bool], ...]:
    """As a range, for which row-level security lets an index be used. Nothing stands behind the
    last character of Unicode."""
    start = cast(bindparam(name), Text)
    return column >= start, column < start + func.chr(0x10FFFF)


# Parameters that say how to reach a person: few leads have them, whichever they are.
_REACHED_BY = {
    **{name: (_is(kind), CONTACTS.c.chave == bindparam(name)) for name, kind in PRINCIPAL.items()},
    "telefone_final": _begins(CONTACTS.c.final, "telefone_final"),
    "email_inicio": (
        _is(ContactKind.EMAIL),
        *_begins(CONTACTS.c.chave, "email_inicio"),
    ),
}
NARROW = frozenset({"documento", *_REACHED_BY})


def _special(name: str) -> ColumnElement[bool]:
    conditions: dict[str, ColumnElement[bool]] = {
        "etiqueta": LEADS.c.etiquetas.contains(cast(bindparam("etiqueta"), LEADS.c.etiquetas.type)),
        "criado_de": LEADS.c.criado_em >= bindparam("criado_de"),
        "criado_ate": LEADS.c.criado_em < bindparam("criado_ate"),
        "encontrados": LEADS.c.id == any_(cast(bindparam("encontrados"), ARRAY(BigInteger))),
        # Every word of it, in any order; PostgreSQL's escape is the backslash by itself.
        "q": LEADS.c.busca.op("like", is_comparison=True)(all_(cast(bindparam("q"), ARRAY(Text)))),
    }
    return conditions[name]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
