"""Values that tell rules on one field apart: where two leads differ in a field and all its rules
hold of both alike, one of the values here stands for both."""

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from itertools import pairwise
from math import ceil, floor
from typing import Any

from models.activity import Result
from services.rules.conditions import OPERATORS, Takes, is_numeric, predicate, ready
from services.rules.definition import Rule
from services.rules.fields import Field, Kind
from services.rules.texts import plain_text, text_of
from utils.brazil.states import STATES

# Of a text, a label, a contact: one that no rule names. It is no word of any language.
ANY = "\u00b7"
_MOST_TRIED = 20_000  # values times rules
_PLACES = 10  # of a number in `atributos`
_ALWAYS_THERE = ("etapa", "dias_desde_criacao", "dias_na_etapa", "atividades", "tentativas")


def tried(field: Field, rules: Sequence[Rule], stages: Collection[str]) -> list[Any] | None:
    """All kinds of values that a lead may have in a field, as Field.read gives them; None where
    they are too many to tell. `stages`: the keys of the equipe's stages."""
    values = list(dict.fromkeys([*_values(field, rules, stages), *_nothing(field)]))
    combined = any(rule.operador == "contem" for rule in rules)
    if (combined and not _closed(field, stages)) or len(values) * len(rules) > _MOST_TRIED:
        return None
    return values


def can_hold(rule: Rule, field: Field, stages: Collection[str]) -> bool:
    """Whether the rule holds of any value that its field may have."""
    values = tried(field, [rule], stages)
    return values is None or any(map(predicate(rule), values))


def named(field: Field, rule: Rule) -> list[Any]:
    """What a rule compares with, ready to be compared."""
    if OPERATORS[rule.operador].takes is Takes.NOTHING:
        return []
    value = ready(field, rule)
    return value if isinstance(value, list) else [value]


def _values(field: Field, rules: Sequence[Rule], stages: Collection[str]) -> Iterable[Any]:
    if closed := _closed(field, stages):
        return map(plain_text, closed)
    if field.kind in (Kind.PRESENCA, Kind.ETIQUETAS):
        return [ANY]
    numbers = [each for rule in rules for each in _numbers(field, rule)]
    texts = [each for rule in rules for each in named(field, rule) if isinstance(each, str)]
    if field.kind is Kind.TEXTO:
        return [*texts, ANY]
    if field.kind is Kind.ATRIBUTO:
        return [*texts, *map(as_attribute, _between(numbers)), ANY]
    return [each for each in map(float, _whole(numbers)) if each >= 0]


def as_attribute(value: Any) -> str | None:
    """A number or a text as it would be read of `atributos`."""
    return text_of(Decimal(repr(value)).normalize()) if isinstance(value, float) else value


def _numbers(field: Field, rule: Rule) -> list[Any]:
    if field.kind is Kind.TEXTO or (field.kind is Kind.ATRIBUTO and not is_numeric(rule)):
        return []
    return named(field, rule)


def _between(numbers: Iterable[float]) -> list[float]:
    """Numbers, what is between them and beyond them."""
    found = sorted({0.0, *numbers})
    middles = [(low + high) / 2 for low, high in pairwise(found)]
    around = [round(each, _PLACES) for each in (found[0] - 1, *middles, found[-1] + 1)]
    return [*found, *around]


def _whole(numbers: Iterable[float]) -> list[int]:
    """The same of counts, days and cents, which are whole."""
    return sorted(
        {0, *(each + step for x in numbers for each in (floor(x), ceil(x)) for step in (-1, 0, 1))}
    )


def _nothing(field: Field) -> list[None]:
    there = field.campo in _ALWAYS_THERE or field.campo.startswith("contatos")
    return [] if there else [None]


def _closed(field: Field, stages: Collection[str]) -> Collection[str]:
    """All that a field may hold, where that is known."""
    known: dict[str, Collection[str]] = {
        "uf": STATES,
        "ultimo_resultado": [each.value for each in Result],
        "etapa": stages,
    }
    return known.get(field.campo, ())
