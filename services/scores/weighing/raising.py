"""What would raise a lead's score: single changes of what a seller can find out or bring about.

Not what only time changes, nor the stage: a lead is not moved for its score's sake.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from services.scores.conditions import known, satisfies
from services.scores.definition import Rule, RuleSet
from services.scores.evaluating import points_by, points_of
from services.scores.fields import ATTRIBUTE, Lead
from services.scores.summing import Part, total
from services.scores.weighing.values import ANY, named, tried

MOST = 3
# Field → the column that holds it.
_COLUMNS = {
    "telefone": "telefone",
    "email": "email",
    "documento": "documento",
    "produto": "produto_chave",
    "valor": "valor_centavos",
    "renda_mensal": "renda_centavos",
}
_CONTACTS = "contatos"
# What a person earns can be asked, and not be changed.
_ASKED = ("renda_mensal",)
_MOST_VALUES = 10  # of one rule


def changes(rules: RuleSet, lead: Lead) -> list[Part]:
    """The largest, one for each field, with what all rules and their limits would make of it."""
    points = points_of(rules, lead)
    before = total(rules, points).score
    best: dict[str, Part] = {}
    for rule in rules.regras:
        for changed in _changed(rule, lead):
            gain = total(rules, _points_then(rules, points, lead, changed)).score - before
            if gain > (best[rule.campo].pontos if rule.campo in best else 0):
                best[rule.campo] = Part(rule.campo, rule.motivo, gain)
    return sorted(best.values(), key=lambda part: -part.pontos)[:MOST]


def _points_then(rules: RuleSet, points: Sequence[int], lead: Lead, changed: Lead) -> Sequence[int]:
    """The points after a change: of what does not look at it, those before it."""
    differs = {name for name, value in changed.items() if value is not lead[name]}
    return [
        points_by(rule, changed) if known(rule).inputs & differs else before
        for rule, before in zip(rules.regras, points, strict=True)
    ]


def _changed(rule: Rule, lead: Lead) -> Iterator[Lead]:
    """The lead as it would have to be for a rule to give more than it does."""
    if not _can_change(rule.campo):
        return
    wants, now = rule.pontos > 0, known(rule).read(lead)
    if satisfies(rule, now) is wants or (rule.campo in _ASKED and now is not None):
        return
    for value in _values(rule, wants):
        changed = _with(lead, rule.campo, value)
        if changed is not None:
            yield changed


def _values(rule: Rule, wanted: bool) -> Iterable[Any]:
    """Those that the rule holds of, or does not; nearest first to what it compares with."""
    field = known(rule)
    said = named(field, rule)
    found = tried(field, [rule], ()) or [*said, ANY]
    nearest = sorted((each for each in found if each is not None), key=lambda x: _away(x, said))
    # No more contacts than the rule asks for: others may ask for more.
    most = 1 if rule.campo.startswith(_CONTACTS) else _MOST_VALUES
    return [each for each in nearest if satisfies(rule, each) is wanted][:most]


def _away(value: Any, said: Sequence[Any]) -> float:
    """How far a number is from those that a rule names; texts stay in their order."""
    if isinstance(value, str) or not said:
        return 0.0
    return float(min(abs(value - each) for each in said))


def _can_change(campo: str) -> bool:
    return campo in _COLUMNS or campo.startswith((_CONTACTS, ATTRIBUTE))


def _with(lead: Lead, campo: str, value: Any) -> Lead | None:
    """The lead with another value of a field; None where no seller can do that."""
    if campo.startswith(_CONTACTS):
        return _with_contacts(lead, campo, int(value))
    if campo.startswith(ATTRIBUTE):
        inner = _set(lead["atributos"], campo.removeprefix(ATTRIBUTE).split("."), value)
        return None if inner is None else {**lead, "atributos": inner}
    changed = {**lead, _COLUMNS[campo]: int(value) if isinstance(value, float) else value}
    # The principal ones are contacts too.
    return _one_more(changed, campo) if campo in ("telefone", "email") else changed


def _with_contacts(lead: Lead, campo: str, wanted: int) -> Lead | None:
    more = wanted - known(Rule(campo, "preenchido", None, 1, "")).read(lead)
    return _one_more(lead, campo.partition(".")[2] or "telefone", int(more)) if more > 0 else None


def _one_more(lead: Lead, kind: str, more: int = 1) -> Lead:
    counts = lead[_CONTACTS]
    return {**lead, _CONTACTS: {**counts, kind: counts.get(kind, 0) + more}}


def _set(inside: dict[str, Any], path: Sequence[str], value: Any) -> dict[str, Any] | None:
    """The object with a value at a path; None where something else stands in its way."""
    key, *rest = path
    found = inside.get(key)
    if not rest:
        return None if isinstance(found, (dict, list)) else {**inside, key: value}
    if not (found is None or isinstance(found, dict)):
        return None
    deeper = _set(found or {}, rest, value)
    return None if deeper is None else {**inside, key: deeper}
