"""What the rules of a set compare, each once for each lead: many of them may look at the same."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnClause, ColumnElement, FromClause, select, true

from services.rules.conditions import compared, compared_as, condition, test_of
from services.rules.definition import Rule

Test = ColumnElement[bool]


class Looked(NamedTuple):
    """`leads`: a relation with the columns that were asked for, of which those rows count that
    match `where`; `holds`: whether each rule holds of one."""

    leads: FromClause
    where: Test
    holds: list[Test]


def look(
    rules: Sequence[Rule], leads: FromClause, where: Test, columns: Iterable[str] = ()
) -> Looked:
    """At the rows of `leads` that match. Where several rules compare the same and it is more than
    a column, a level beneath them computes it; OFFSET 0 keeps the planner from undoing that."""
    if max(computed(rules, leads).values(), default=0) < 2:
        return Looked(leads, where, [condition(rule, leads) for rule in rules])
    different = {compared_as(rule): compared(rule, leads) for rule in rules}
    names = {key: f"c{n}" for n, key in enumerate(different)}
    values = [value.label(names[key]) for key, value in different.items()]
    carried = [leads.c[name] for name in columns]
    rows = select(*carried, *values).where(where).offset(0).subquery()
    holds = [test_of(rule, rows.c[names[compared_as(rule)]]) for rule in rules]
    return Looked(rows, true(), holds)


def computed(rules: Sequence[Rule], leads: FromClause) -> Counter[object]:
    """What rules compare that is more than a column, and how many of them compare it."""
    return Counter(
        compared_as(rule) for rule in rules if not isinstance(compared(rule, leads), ColumnClause)
    )
