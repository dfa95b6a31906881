"""The goals of a month as a reply tells them, each with what was won towards it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from services.goals.pace import Pace, WorkingDays, pace
from services.goals.reached import Reached, reached
from services.goals.wanted import Wanted
from services.metrics import team
from services.metrics.people import Won, named
from services.metrics.reading.asked import Days
from services.metrics.reading.view import View
from services.metrics.sums import rounded
from services.metrics.team import Person
from utils.calendars import number_of
from utils.money import to_money

_MONTH, _BEFORE = "mes", "antes"


def told(
    view: View, month: Days, working: Collection[date], goals: Collection[Wanted]
) -> dict[str, Any]:
    """`working`: the month's working days."""
    first, last = month.numbers
    spans = {_MONTH: (first, last), _BEFORE: (first, min(last, number_of(view.today) - 1))}
    won = reached(view, {goal.aim for goal in goals}, spans)
    days, people = WorkingDays.of(working, view.today), team.people(view.caller)
    return {
        "mes": f"{month.de:%Y-%m}",
        **view.head(),
        "dias_uteis": days.total,
        "dias_uteis_restantes": days.left,
        "metas": [_goal(goal, people, won, days) for goal in _ordered(goals, people)],
    }


def plain(goal: Wanted) -> dict[str, Any]:
    """What was asked for alone."""
    return {
        "responsavel_id": goal.responsavel_id,
        "produto": goal.produto,
        "valor": None if goal.valor is None else to_money(goal.valor),
        "ganhos": goal.ganhos,
    }


def _ordered(goals: Iterable[Wanted], people: Mapping[int, Person]) -> list[Wanted]:
    """Those of all people first, then by name; of all produtos before those of one."""

    def place(goal: Wanted) -> tuple[bool, str, int, str]:
        owner = goal.responsavel_id
        name = named(people, owner or 0)["nome"] or ""
        return owner is not None, name, owner or 0, goal.aim.produto or ""

    return sorted(goals, key=place)


def _goal(
    goal: Wanted, people: Mapping[int, Person], won: Reached, days: WorkingDays
) -> dict[str, Any]:
    now, before = (won.get((span, goal.aim), Won()) for span in (_MONTH, _BEFORE))
    return {
        **plain(goal),
        **named(people, goal.responsavel_id or 0),
        "realizado": {"valor": to_money(now.valor), "ganhos": now.ganhos},
        "ritmo": _pace(pace(now, before, days)),
    }


def _pace(found: Pace | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"valor": rounded(found.valor), "ganhos": float(round(found.ganhos, 1))}
