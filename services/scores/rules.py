"""The policy behind a score: points, each with its reason.

A rule looks at one field of the lead; the points of the rules that hold are added to the base and
the sum is kept within 0 and 100. Steps are cumulative, so that each reason can be read by itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, FromClause, any_
from sqlalchemy.dialects.postgresql import array

from models.lead import CENTS, FOLDED
from utils.money import to_cents
from utils.text import fold

BASE = 30
BASE_REASON = "Ponto de partida de todo lead"
LIMIT_REASON = "O score fica entre 0 e 100"
# faixa and the least score it takes, best first; the last one takes the rest.
BANDS = (("quente", 65), ("morno", 40), ("frio", 0))

# Version 0 is the set below; a team's own rules count from 1.
DEFAULT_VERSION = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """`operador` is one of OPERATORS; `valor` is what it compares with, if anything."""

    campo: str
    operador: str
    valor: Any
    pontos: int
    motivo: str


def _filled(column: ColumnElement[Any], _: Any) -> ColumnElement[bool]:
    return column.is_not(None)


def _at_least(column: ColumnElement[Any], valor: Any) -> ColumnElement[bool]:
    at_least: ColumnElement[bool] = column >= to_cents(valor)
    return at_least


def _one_of(column: ColumnElement[Any], valor: Any) -> ColumnElement[bool]:
    # Not IN, which is spelt out at execution only: this statement is compiled once.
    return column == any_(array([fold(each) for each in valor]))


Condition = Callable[[ColumnElement[Any], Any], ColumnElement[bool]]
OPERATORS: dict[str, Condition] = {"preenchido": _filled, "minimo": _at_least, "em": _one_of}

DEFAULT_RULES = (
    Rule("telefone", "preenchido", None, 8, "Tem telefone para contato"),
    Rule("email", "preenchido", None, 4, "Tem e-mail para contato"),
    Rule("documento", "preenchido", None, 6, "CPF ou CNPJ informado"),
    Rule("produto", "preenchido", None, 4, "Produto de interesse conhecido"),
    Rule("renda_mensal", "minimo", Decimal(3_000), 5, "Renda mensal de R$ 3 mil ou mais"),
    Rule("renda_mensal", "minimo", Decimal(8_000), 5, "Renda mensal de R$ 8 mil ou mais"),
    Rule("renda_mensal", "minimo", Decimal(20_000), 5, "Renda mensal de R$ 20 mil ou mais"),
    Rule("valor", "minimo", Decimal(20_000), 4, "Negócio de R$ 20 mil ou mais"),
    Rule("valor", "minimo", Decimal(100_000), 4, "Negócio de R$ 100 mil ou mais"),
    Rule("origem", "em", ("indicação",), 20, "Veio por indicação"),
    Rule("origem", "em", ("carteira", "cliente"), 20, "Já é cliente da carteira"),
    Rule("origem", "em", ("site", "formulário", "whatsapp"), 12, "Procurou a equipe"),
    Rule("origem", "em", ("lista", "lista fria", "comprada"), -10, "Veio de lista fria"),
    Rule("etapa", "em", ("contatado",), 5, "Já foi contatado"),
    Rule("etapa", "em", ("qualificado",), 15, "Foi qualificado"),
    Rule("etapa", "em", ("proposta",), 25, "Recebeu proposta"),
)


def holds(rule: Rule, leads: FromClause) -> ColumnElement[bool]:
    """The rule as a condition on a relation that has the columns of `leads`."""
    return OPERATORS[rule.operador](leads.c[column_of(rule)], rule.valor)


def column_of(rule: Rule) -> str:
    """The column of a lead that a rule looks at; text is compared folded, money in cents."""
    return (FOLDED | CENTS).get(rule.campo, rule.campo)


def reasons_for(points: Sequence[int]) -> list[str]:
    """The reasons that raised a score, from the points of each rule."""
    given = zip(DEFAULT_RULES, points, strict=False)
    return [rule.motivo for rule, each in given if each > 0]
