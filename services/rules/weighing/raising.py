"""What would raise a lead's score: single changes of what a seller can find out or bring about.

Not what only time changes, nor the stage: a lead is not moved for its score's sake.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from services.rules.conditions import known, predicate
from services.rules.definition import Rule, RuleSet
from services.rules.denied import by_name
from services.rules.evaluating import worth
from services.rules.fields import ATTRIBUTE, Field, Lead
from services.rules.summing import Part, score_of
from services.rules.weighing.values import ANY, named, tried

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
# What a person earns can be asked, and not be changed; so can what is not known of them yet.
_ASKED = ("renda_mensal", ATTRIBUTE)
_MOST_VALUES = 10  # of one rule


class _Ready(NamedTuple):
    """A rule, to be held against many values; `worth`: its points where it holds."""

    rule: Rule
    field: Field
    holds: Callable[[Any], bool]
    worth: int

    def points(self, value: Any) -> int:
        return self.worth if self.holds(value) else 0


def changes(rules: RuleSet, lead: Lead) -> list[Part]:
    """The largest, one for each field, with what all rules and their limits would make of it."""
    ready = [_Ready(each, known(each), predicate(each), worth(each, lead)) for each in rules.regras]
    points = [each.points(each.field.read(lead)) for each in ready]
    before, best = score_of(rules, points), dict[str, Part]()
    for rule, changed in _changed(ready, lead):
        gain = score_of(rules, _points_then(ready, points, rule.campo, lead, changed)) - before
        if gain > (best[rule.campo].pontos if rule.campo in best else 0):
            best[rule.campo] = Part(rule.campo, rule.motivo, gain)
    return sorted(best.values(), key=lambda part: -part.pontos)[:MOST]


def _points_then(
    ready: Sequence[_Ready], points: Sequence[int], campo: str, lead: Lead, changed: Lead
) -> list[int]:
    """The points after a change of a field: of rules that do not look at it, those before it."""
    differs = {name for name, value in changed.items() if value is not lead[name]}
    # One attribute says nothing of another.
    alone = campo.startswith(ATTRIBUTE)
    return [
        each.points(each.field.read(changed))
        if each.rule.campo == campo or (not alone and each.field.inputs & differs)
        else before
        for each, before in zip(ready, points, strict=True)
    ]


def _changed(ready: Sequence[_Ready], lead: Lead) -> Iterator[tuple[Rule, Lead]]:
    """The lead as it would have to be for a rule to give more than it does, each change once."""
    known_already: set[tuple[str, Any]] = set()
    for each in ready:
        rule, now = each.rule, each.field.read(lead)
        wanted = rule.pontos > 0
        asked = rule.campo.startswith(_ASKED) and now is not None
        if asked or not _can_change(rule.campo) or each.holds(now) is wanted:
            continue
        for value in _values(each, wanted):
            changed = _with(lead, rule.campo, value)
            if changed is not None and (rule.campo, value) not in known_already:
                known_already.add((rule.campo, value))
                yield rule, changed


def _values(ready: _Ready, wanted: bool) -> Iterable[Any]:
    """Those that the rule holds of, or does not; nearest first to what it compares with."""
    rule, said = ready.rule, named(ready.field, ready.rule)
    found = tried(ready.field, [rule], ()) or [*said, ANY]
    nearest = sorted((each for each in found if each is not None), key=lambda x: _away(x, said))
    # No more contacts than the rule asks for: others may ask for more.
    most = 1 if rule.campo.startswith(_CONTACTS) else _MOST_VALUES
    return [each for each in nearest if ready.holds(each) is wanted][:most]


def _away(value: Any, said: Sequence[Any]) -> float:
    """How far a number is from those that a rule names; texts stay in their order."""
    if isinstance(value, str) or not said:
        return 0.0
    return float(min(abs(value - each) for each in said))


def _can_change(campo: str) -> bool:
    """Nobody is told to change what a person must not be judged by."""
    if campo.startswith(ATTRIBUTE):
        return by_name(campo) is None
    return campo in _COLUMNS or campo.startswith(_CONTACTS)


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
