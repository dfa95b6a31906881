"""How a rule compares: each operator once, as SQL and as Python.

A field without a value satisfies nothing but `vazio`, `diferente` and `fora_de`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, any_, func, or_
from sqlalchemy.dialects.postgresql import array

from models.lead import MONEY_DIGITS, MONEY_PLACES
from services.rules.definition import Rule, Scalar
from services.rules.fields import Field, Kind, Lead, between_commas, find
from services.rules.texts import as_number, number_of, plain, plain_text, text_of
from utils.money import to_cents
from utils.text import fold

_NO_MONEY = "O valor tem de ser uma quantia, como 3000.00."
_TOO_MUCH = Decimal(10) ** (MONEY_DIGITS - MONEY_PLACES)


class Takes(StrEnum):
    """What an operator compares with."""

    NOTHING = "nada"
    ONE = "um"
    PAIR = "dois"
    MANY = "varios"


Column = ColumnElement[Any]
Test = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Operator:
    """`sql` and `holds` get the field's value, in SQL or Python, and what it is compared with,
    ready to be compared; a value of None never comes to `holds` unless `empty`."""

    takes: Takes
    kinds: frozenset[Kind]
    sql: Callable[[Column, Any], Test]
    holds: Callable[[Any, Any], bool]
    empty: bool = False


_TEXTS = frozenset({Kind.TEXTO, Kind.ATRIBUTO})
_AMOUNTS = frozenset({Kind.DINHEIRO, Kind.NUMERO, Kind.ATRIBUTO})
_EVERY = frozenset(Kind)
_COUNTABLE = _TEXTS | _AMOUNTS


def _within(column: Column, ends: Sequence[Any]) -> Test:
    return and_(column >= ends[0], column <= ends[1])


def _contains(column: Column, part: str) -> Test:
    return func.strpos(column, part) > 0


# Not IN, which is spelt out at execution only: a statement is compiled once.
OPERATORS: dict[str, Operator] = {
    "preenchido": Operator(Takes.NOTHING, _EVERY, lambda c, _: c.is_not(None), lambda *_: True),
    "vazio": Operator(
        Takes.NOTHING, _EVERY, lambda c, _: c.is_(None), lambda v, _: v is None, empty=True
    ),
    "igual": Operator(Takes.ONE, _COUNTABLE, lambda c, x: c == x, lambda v, x: v == x),
    "diferente": Operator(
        Takes.ONE,
        _COUNTABLE,
        lambda c, x: c.is_distinct_from(x),
        lambda v, x: v != x,
        empty=True,
    ),
    "em": Operator(
        Takes.MANY, _COUNTABLE, lambda c, xs: c == any_(array(xs)), lambda v, xs: v in xs
    ),
    "fora_de": Operator(
        Takes.MANY,
        _COUNTABLE,
        lambda c, xs: or_(c.is_(None), ~(c == any_(array(xs)))),
        lambda v, xs: v not in xs,
        empty=True,
    ),
    "minimo": Operator(Takes.ONE, _AMOUNTS, lambda c, x: c >= x, lambda v, x: v >= x),
    "maximo": Operator(Takes.ONE, _AMOUNTS, lambda c, x: c <= x, lambda v, x: v <= x),
    "acima": Operator(Takes.ONE, _AMOUNTS, lambda c, x: c > x, lambda v, x: v > x),
    "abaixo": Operator(Takes.ONE, _AMOUNTS, lambda c, x: c < x, lambda v, x: v < x),
    "entre": Operator(Takes.PAIR, _AMOUNTS, _within, lambda v, ends: ends[0] <= v <= ends[1]),
    # Of labels: whether there is this one.
    "contem": Operator(Takes.ONE, _TEXTS | {Kind.ETIQUETAS}, _contains, lambda v, x: x in v),
}
_OF_TAKES = {
    Takes.MANY: "Este operador compara com uma lista de valores.",
    Takes.PAIR: "Este operador compara com dois valores: o menor e o maior.",
}


class Unfit(ValueError):
    """Why a rule cannot be applied, and which of its parts is wrong."""

    def __init__(self, part: str, why: str) -> None:
        super().__init__(why)
        self.part = part


def condition(rule: Rule, leads: FromClause) -> Test:
    """The rule as a condition on a relation with the columns of `leads`."""
    return test_of(rule, compared(rule, leads))


def compared(rule: Rule, leads: FromClause) -> Column:
    """What a rule compares of a lead: what its field has, ready to be compared. Rules of one
    compared_as() compare the same."""
    column, kind = known(rule).column(leads), compared_as(rule)[1]
    if kind is None:
        return column
    return as_number(column) if kind is Kind.NUMERO else plain(column)


def compared_as(rule: Rule) -> tuple[str, Kind | None]:
    """The field, and as what an attribute is taken where it is not only looked for."""
    looked_for = OPERATORS[rule.operador].takes is Takes.NOTHING
    if known(rule).kind is not Kind.ATRIBUTO or looked_for:
        return rule.campo, None
    return rule.campo, Kind.NUMERO if is_numeric(rule) else Kind.TEXTO


def test_of(rule: Rule, value: Column) -> Test:
    """The rule as a condition on what it compares."""
    return OPERATORS[rule.operador].sql(value, ready(known(rule), rule))


def holds(rule: Rule, lead: Lead) -> bool:
    """Whether the rule holds of a lead."""
    return satisfies(rule, known(rule).read(lead))


def satisfies(rule: Rule, value: Any) -> bool:
    """Whether the rule holds where its field has this value, as Field.read gives it."""
    return predicate(rule)(value)


def predicate(rule: Rule) -> Callable[[Any], bool]:
    """satisfies() of one rule, for many values."""
    operator, compared_with = OPERATORS[rule.operador], ready(known(rule), rule)
    kind = compared_as(rule)[1]
    taken = kind and (number_of if kind is Kind.NUMERO else plain_text)

    def holds_of(value: Any) -> bool:
        if taken and value is not None:
            value = taken(value)
        return (value is not None or operator.empty) and operator.holds(value, compared_with)

    return holds_of


def known(rule: Rule) -> Field:
    """The rule's field. Raises Unfit."""
    field = find(rule.campo)
    if field is None:
        raise Unfit("campo", "Este campo não existe.")
    return field


def check(rule: Rule) -> None:
    """Raise Unfit unless the rule's field, operator and value go together."""
    field = known(rule)
    if field.kind not in OPERATORS[rule.operador].kinds:
        raise Unfit("operador", "Este operador não serve para este campo.")
    ready(field, rule)


def ready(field: Field, rule: Rule) -> Any:
    """The rule's value as its field's is compared: plain, in cents, as a float. Raises Unfit."""
    takes = OPERATORS[rule.operador].takes
    if takes is Takes.NOTHING:
        return _nothing(rule)
    if takes is Takes.ONE:
        return _one(field, rule, rule.valor)
    values = [_one(field, rule, each) for each in _many(rule, takes)]
    if takes is Takes.PAIR and values[0] > values[1]:
        raise Unfit("valor", "Nada está entre estes dois valores: o menor vem primeiro.")
    return values


def is_numeric(rule: Rule) -> bool:
    """Whether a rule on an attribute compares numbers: by its values where its operator compares
    texts too."""
    kinds = OPERATORS[rule.operador].kinds
    if not {Kind.TEXTO, Kind.NUMERO} <= kinds:
        return Kind.NUMERO in kinds
    values = rule.valor if isinstance(rule.valor, tuple) else (rule.valor,)
    return all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in values)


def _nothing(rule: Rule) -> None:
    if rule.valor is not None:
        raise Unfit("valor", "Este operador não compara com um valor.")


def _many(rule: Rule, takes: Takes) -> tuple[Scalar, ...]:
    values = rule.valor
    if not isinstance(values, tuple) or not values or (takes is Takes.PAIR and len(values) != 2):
        raise Unfit("valor", _OF_TAKES[takes])
    return values


def _one(field: Field, rule: Rule, value: Any) -> Any:
    if value is None or isinstance(value, tuple):
        raise Unfit("valor", "Este operador compara com um só valor.")
    if field.kind is Kind.DINHEIRO:
        return _cents(value)
    if field.kind is Kind.NUMERO or (field.kind is Kind.ATRIBUTO and is_numeric(rule)):
        return _number(value)
    text = text_of(value) or ""
    if field.kind is Kind.ETIQUETAS:
        return between_commas(text)
    return fold(text) if field.campo in ("origem", "produto") else plain_text(text)


def _number(value: Scalar) -> float:
    number = None if isinstance(value, bool) else number_of(value)
    if number is None:
        raise Unfit("valor", "O valor tem de ser um número.")
    return number


def _cents(value: Scalar) -> int:
    try:
        amount = Decimal(str(value))
    except InvalidOperation as error:
        raise Unfit("valor", _NO_MONEY) from error
    if not amount.is_finite():
        raise Unfit("valor", _NO_MONEY)
    if abs(amount) >= _TOO_MUCH:
        raise Unfit("valor", "A quantia é maior do que a de qualquer lead.")
    if amount != round(amount, MONEY_PLACES):
        raise Unfit("valor", "A quantia tem no máximo duas casas decimais.")
    return to_cents(amount)
