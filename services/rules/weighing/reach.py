"""Between which scores a set of rules can come out, whatever the lead."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from services.rules.conditions import known, predicate
from services.rules.definition import HIGHEST, LOWEST, Group, Rule, RuleSet
from services.rules.weighing.values import tried


class Span(NamedTuple):
    least: int
    most: int


def of_score(rules: RuleSet, stages: Collection[str]) -> Span:
    """No lead has a score outside of it; that some lead reaches its ends is not said."""
    spans = [of_group(rules, group, stages) for group in rules.grupos]
    spans.append(of_rules(in_group(rules, None), stages))
    together = _sum(spans)
    return Span(*(min(HIGHEST, max(LOWEST, rules.base + end)) for end in together))


def of_group(rules: RuleSet, group: Group, stages: Collection[str]) -> Span:
    """Within its limits."""
    span = of_rules(in_group(rules, group.nome), stages)
    return Span(*(_limited(end, group) for end in span))


def in_group(rules: RuleSet, nome: str | None) -> list[Rule]:
    return [rule for rule in rules.regras if rule.grupo == nome]


def of_rules(rules: Sequence[Rule], stages: Collection[str]) -> Span:
    """Of what rules give together, without limits: what those on one field give is looked at value
    by value, for many of them exclude each other."""
    campos = dict.fromkeys(rule.campo for rule in rules)
    by_field = ([rule for rule in rules if rule.campo == campo] for campo in campos)
    return _sum(_of_field(each, stages) for each in by_field)


def _of_field(rules: Sequence[Rule], stages: Collection[str]) -> Span:
    values = tried(known(rules[0]), rules, stages)
    if values is None:
        return _sum(Span(min(0, rule.pontos), max(0, rule.pontos)) for rule in rules)
    ready = [(predicate(rule), _alone(rule)) for rule in rules]
    spans = [_sum(span for holds, span in ready if holds(each)) for each in values]
    return Span(min(each.least for each in spans), max(each.most for each in spans))


def _alone(rule: Rule) -> Span:
    """Of one rule that may hold. Points that fade come down to nothing."""
    if rule.meia_vida_dias:
        return Span(min(0, rule.pontos), max(0, rule.pontos))
    return Span(rule.pontos, rule.pontos)


def _limited(points: int, group: Group) -> int:
    least = points if group.minimo is None else max(points, group.minimo)
    return least if group.maximo is None else min(least, group.maximo)


def _sum(spans: Iterable[Span]) -> Span:
    found = list(spans)
    return Span(sum(each.least for each in found), sum(each.most for each in found))
