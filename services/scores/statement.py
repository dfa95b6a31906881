"""Scoring: any number of leads in one statement, reasons kept as they were when scored."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    FromClause,
    SmallInteger,
    case,
    cast,
    delete,
    func,
    literal,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import Insert, array, insert
from sqlalchemy.sql.elements import ColumnElement

from models.lead import LEADS
from models.lead_score import SCORES
from services.scores.rules import (
    BANDS,
    BASE,
    DEFAULT_RULES,
    DEFAULT_VERSION,
    Rule,
    column_of,
    holds,
)

# How a lead and its score are joined.
OF_LEAD = (SCORES.c.equipe_id == LEADS.c.equipe_id) & (SCORES.c.lead_id == LEADS.c.id)
# Which leads, as a condition on the columns that hold their tenant and their id.
Among = Callable[[ColumnElement[int], ColumnElement[int]], ColumnElement[bool]]
# Columns of the lead that stand beside its score, so that an index can begin with them.
_COPIED = ("responsavel_id", "etapa")
# The columns that a score follows from, with the one that takes a lead out of the ranking.
INPUTS = frozenset(column_of(rule) for rule in DEFAULT_RULES) | {"excluido_em", *_COPIED}
_SCORE = ("score", "faixa", "probabilidade", "versao", "pontos")
_TARGET = ("equipe_id", "lead_id", *_SCORE, *_COPIED)


def fresh(leads: FromClause, condition: ColumnElement[bool]) -> Insert:
    """Score the rows of `leads`, a relation with its columns, that match and have no score yet: no
    conflict is looked for, which takes a third less time."""
    return insert(SCORES).from_select(list(_TARGET), _scored(leads, condition))


def again(among: Among) -> Insert:
    """Score these leads; a deleted one leaves the ranking.

    Rows that stay the same are not written again, and a score is as old as its reasons are.
    """
    alive = LEADS.c.excluido_em.is_(None)
    found = among(LEADS.c.equipe_id, LEADS.c.id) & alive
    statement = insert(SCORES).from_select(list(_TARGET), _scored(LEADS, found))
    new = statement.excluded
    theirs = among(SCORES.c.equipe_id, SCORES.c.lead_id)
    gone = delete(SCORES).where(OF_LEAD, theirs, ~alive).cte("excluidos")
    return statement.on_conflict_do_update(
        index_elements=["equipe_id", "lead_id"],
        set_={
            **{name: new[name] for name in (*_SCORE, *_COPIED)},
            "calculado_em": case((_differs(new, _SCORE), func.now()), else_=SCORES.c.calculado_em),
        },
        where=_differs(new, (*_SCORE, *_COPIED)),
    ).add_cte(gone)


def _differs(new: Any, names: Sequence[str]) -> ColumnElement[bool]:
    old, given = ([columns[name] for name in names] for columns in (SCORES.c, new))
    differs: ColumnElement[bool] = func.row(*old).is_distinct_from(func.row(*given))
    return differs


def _scored(leads: FromClause, condition: ColumnElement[bool]) -> Any:
    """One SELECT: points of each rule, their bounded sum, its band.

    Each level ends in OFFSET 0, which keeps the planner from computing a rule once per use.
    """
    points = [_points(rule, leads).label(f"p{n}") for n, rule in enumerate(DEFAULT_RULES)]
    copied = [leads.c[name] for name in ("equipe_id", "id", *_COPIED)]
    per_rule = select(*copied, *points).where(condition).offset(0).subquery()
    columns = [per_rule.c[f"p{n}"] for n in range(len(points))]
    total: ColumnElement[int] = literal(BASE)
    for column in columns:
        total = total + column
    summed = (
        select(
            per_rule.c.equipe_id,
            per_rule.c.id,
            func.least(100, func.greatest(0, total)).label("score"),
            cast(array(columns), ARRAY(SmallInteger)).label("pontos"),
            *(per_rule.c[name] for name in _COPIED),
        )
        .offset(0)
        .subquery()
    )
    return select(
        summed.c.equipe_id,
        summed.c.id,
        summed.c.score,
        case(*((summed.c.score >= least, faixa) for faixa, least in BANDS)),
        null(),
        literal(DEFAULT_VERSION),
        summed.c.pontos,
        *(summed.c[name] for name in _COPIED),
    )


def _points(rule: Rule, leads: FromClause) -> ColumnElement[int]:
    return case((holds(rule, leads), rule.pontos), else_=0)
