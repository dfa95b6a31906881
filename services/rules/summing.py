"""The points of a lead's rules, as its score and as the parts that add up to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.rules.definition import HIGHEST, LOWEST, Group, RuleSet
from services.rules.standard import BASE_REASON, LIMIT_REASON


@dataclass(frozen=True, slots=True)
class Part:
    campo: str
    motivo: str
    pontos: int


@dataclass(frozen=True, slots=True)
class Total:
    """The points of `partes` add up to the score exactly."""

    score: int
    faixa: str
    partes: list[Part]


def total(rules: RuleSet, points: Sequence[int]) -> Total:
    """What these points come to, one for each of the rules (services/scores/statement has the same
    in SQL): the base, the rules that gave any, what the limits of their groups took or gave, and
    what those of a score did."""
    parts = [Part("base", BASE_REASON, rules.base)]
    for rule, each in zip(rules.regras, points, strict=True):
        if each:
            parts.append(Part(rule.campo, rule.motivo, each))
    parts += _limited(rules, points)
    whole = sum(part.pontos for part in parts)
    score = min(HIGHEST, max(LOWEST, whole))
    if score != whole:
        parts.append(Part("limite", LIMIT_REASON, score - whole))
    return Total(score, band(rules, score), parts)


def score_of(rules: RuleSet, points: Sequence[int]) -> int:
    """The score alone."""
    sums: dict[str | None, int] = {None: 0, **{group.nome: 0 for group in rules.grupos}}
    for rule, each in zip(rules.regras, points, strict=True):
        sums[rule.grupo] += each
    whole = rules.base + sums[None] + sum(within(each, sums[each.nome]) for each in rules.grupos)
    return min(HIGHEST, max(LOWEST, whole))


def band(rules: RuleSet, score: int) -> str:
    if score >= rules.faixas.quente:
        return "quente"
    return "morno" if score >= rules.faixas.morno else "frio"


def _limited(rules: RuleSet, points: Sequence[int]) -> Iterator[Part]:
    given = list(zip(rules.regras, points, strict=True))
    for group in rules.grupos:
        whole = sum(each for rule, each in given if rule.grupo == group.nome)
        if rest := within(group, whole) - whole:
            yield Part(f"grupo:{group.nome}", _limits(group), rest)


def within(group: Group, points: int) -> int:
    if group.maximo is not None:
        points = min(points, group.maximo)
    return points if group.minimo is None else max(points, group.minimo)


def _limits(group: Group) -> str:
    if group.minimo is None:
        return f"O grupo {group.nome} soma no máximo {group.maximo}"
    if group.maximo is None:
        return f"O grupo {group.nome} soma no mínimo {group.minimo}"
    return f"O grupo {group.nome} soma entre {group.minimo} e {group.maximo}"
