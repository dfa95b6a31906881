"""Scoring: any number of leads in one statement, reasons kept as they were when scored."""

from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    FromClause,
    SmallInteger,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import Insert, array, insert
from sqlalchemy.sql.elements import ColumnElement

from models.db import db
from models.db.statements import Query, compile_query, execute_here
from models.lead import LEADS
from models.lead_score import SCORES
from services.scores.rules import BANDS, BASE, DEFAULT_RULES, DEFAULT_VERSION, Rule, holds

# How a lead and its score are joined.
OF_LEAD = (SCORES.c.equipe_id == LEADS.c.equipe_id) & (SCORES.c.lead_id == LEADS.c.id)
_TARGET = ("equipe_id", "lead_id", "score", "faixa", "probabilidade", "versao", "pontos")


def score_leads(leads: FromClause, condition: ColumnElement[bool], *, fresh: bool = False) -> None:
    """Score the rows of `leads` (the table, or a relation with its columns) that match.

    Rows whose score and reasons stay the same are not written again. `fresh`: the rows have no
    score yet, so no conflict is looked for, which takes a third less time.
    """
    plain = insert(SCORES).from_select(list(_TARGET), _scored(leads, condition))
    db.session.execute(plain if fresh else _upsert(leads, condition))


def score_lead(equipe_id: int, lead_id: int) -> None:
    """Score one lead in the transaction that wrote it."""
    execute_here(_one_upsert(), {"equipe_id": equipe_id, "id": lead_id})


def forget_score(equipe_id: int, lead_id: int) -> None:
    """A deleted lead leaves the ranking."""
    key = (SCORES.c.equipe_id == equipe_id) & (SCORES.c.lead_id == lead_id)
    db.session.execute(SCORES.delete().where(key))


def _upsert(leads: FromClause, condition: ColumnElement[bool]) -> Insert:
    statement = insert(SCORES).from_select(list(_TARGET), _scored(leads, condition))
    fresh = {name: statement.excluded[name] for name in _TARGET[2:]}
    changed = func.row(*(SCORES.c[name] for name in fresh)).is_distinct_from(
        func.row(*fresh.values())
    )
    return statement.on_conflict_do_update(
        index_elements=["equipe_id", "lead_id"],
        set_={**fresh, "calculado_em": func.now()},
        where=changed,
    )


@cache
def _one_upsert() -> Query:
    """Compiled once: building it costs several times what PostgreSQL does with it."""
    one = (LEADS.c.equipe_id == bindparam("equipe_id")) & (LEADS.c.id == bindparam("id"))
    return compile_query(_upsert(LEADS, one))


def _scored(leads: FromClause, condition: ColumnElement[bool]) -> Any:
    """One SELECT: points of each rule, their bounded sum, its band.

    Each level ends in OFFSET 0, which keeps the planner from computing a rule once per use.
    """
    points = [_points(rule, leads).label(f"p{n}") for n, rule in enumerate(DEFAULT_RULES)]
    per_rule = select(leads.c.equipe_id, leads.c.id, *points).where(condition).offset(0).subquery()
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
    )


def _points(rule: Rule, leads: FromClause) -> ColumnElement[int]:
    return case((holds(rule, leads), rule.pontos), else_=0)
