"""Scoring: any number of leads in one statement, reasons kept as they were when scored."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    Double,
    FromClause,
    Select,
    SmallInteger,
    Subquery,
    case,
    cast,
    delete,
    exists,
    func,
    literal,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import Insert, array, insert
from sqlalchemy.sql.elements import ColumnElement

from models.derived.lead_score import SCORES
from models.lead import LEADS
from models.stage import STAGES
from models.types import StageKind
from services.rules.conditions import known
from services.rules.definition import HIGHEST, LOWEST, Group, Rule, RuleSet
from services.rules.evaluating import OFTEN, eligible
from services.rules.fields import seconds_since
from services.rules.looking import look
from services.scores.card import Card, logit_sql, sum_sql
from services.scores.card import inputs as card_inputs
from services.scores.doubles import double

# How a lead and its score are joined.
OF_LEAD = (SCORES.c.equipe_id == LEADS.c.equipe_id) & (SCORES.c.lead_id == LEADS.c.id)
# Which leads, as a condition on the columns that hold their tenant and their id.
Among = Callable[[ColumnElement[int], ColumnElement[int]], ColumnElement[bool]]
# Columns of the lead that stand beside its score, so that an index can begin with them.
_COPIED = ("responsavel_id", "etapa")
# What every score follows from: these, and what takes a lead out of the ranking.
INPUTS = frozenset({"excluido_em", *_COPIED})
_SCORE = "score faixa probabilidade logit versao modelo_versao pontos".split()
# What tells one score from another.
COMPARED = (*_SCORE, *_COPIED)
_TARGET = ("equipe_id", "lead_id", *_SCORE, *_COPIED)
_DAY = 86_400.0  # seconds
# A logit beyond it is none that a float can be made a probability of.
_SURE = 700.0


class Versions(NamedTuple):
    """Of the rules and of the model; 0 for those that every tenant begins with, and for none."""

    regras: int
    modelo: int


@dataclass(frozen=True, slots=True, eq=False)
class Scoring:
    """By what a tenant's leads are scored. `inputs`: what a score by it follows from, columns of a
    lead or what services/rules/fields names beside them."""

    versions: Versions
    rules: RuleSet
    card: Card | None
    inputs: frozenset[str]

    @classmethod
    def of(cls, versions: Versions, rules: RuleSet, card: Card | None) -> "Scoring":
        looked_at = [known(rule).inputs for rule in rules.regras]
        inputs = INPUTS.union(*looked_at, card_inputs(card) if card else ())
        return cls(versions, rules, card, inputs)

    @property
    def everybodys(self) -> bool:
        """Whether other tenants' leads are scored so, too."""
        return self.versions == Versions(0, 0)

    @property
    def ages(self) -> bool:
        """Whether a score changes by the passing of time alone."""
        return self.rules.fades or any(known(rule).ages for rule in self.rules.regras)

    def fresh(self, leads: FromClause, condition: ColumnElement[bool]) -> Insert:
        """Score the rows of `leads`, a relation with its columns, that match and have no score yet:
        no conflict is looked for, which takes a third less time."""
        return insert(SCORES).from_select(list(_TARGET), scored(self, leads, condition))

    def again(self, among: Among) -> Insert:
        """Score these leads; a deleted one leaves the ranking.

        Rows that stay the same are not written again, and a score is as old as its reasons are.
        """
        alive = LEADS.c.excluido_em.is_(None)
        found = among(LEADS.c.equipe_id, LEADS.c.id) & alive
        statement = insert(SCORES).from_select(list(_TARGET), scored(self, LEADS, found))
        new = statement.excluded
        theirs = among(SCORES.c.equipe_id, SCORES.c.lead_id)
        gone = delete(SCORES).where(OF_LEAD, theirs, ~alive).cte("excluidos")
        fresh = case((_differs(new, _SCORE), func.now()), else_=SCORES.c.calculado_em)
        return statement.on_conflict_do_update(
            index_elements=["equipe_id", "lead_id"],
            set_={**{name: new[name] for name in (*_SCORE, *_COPIED)}, "calculado_em": fresh},
            where=_differs(new, COMPARED),
        ).add_cte(gone)


def _differs(new: Any, names: Sequence[str]) -> ColumnElement[bool]:
    old, given = ([columns[name] for name in names] for columns in (SCORES.c, new))
    differs: ColumnElement[bool] = func.row(*old).is_distinct_from(func.row(*given))
    return differs


def scored(
    scoring: Scoring,
    leads: FromClause,
    condition: ColumnElement[bool],
    beside: frozenset[str] = frozenset(),
) -> Select[Any]:
    """One SELECT with the columns of a score: points of each rule, their bounded sum, its band, and
    what the model makes of the lead. `beside`: columns of the lead that come with them.

    Each level ends in OFFSET 0, which keeps the planner from computing a rule once per use.
    """
    told = sorted(beside.union(_COPIED))
    summed = _summed(scoring, _per_rule(scoring, leads, condition, beside), told)
    logit = logit_sql(scoring.card, summed.c.soma) if scoring.card else None
    bands = scoring.rules.faixas
    band = case(
        (summed.c.score >= bands.quente, "quente"),
        (summed.c.score >= bands.morno, "morno"),
        else_="frio",
    )
    return select(
        summed.c.equipe_id,
        summed.c.id,
        summed.c.score,
        band.label("faixa"),
        (cast(null(), Double) if logit is None else _probability(logit)).label("probabilidade"),
        (cast(null(), Double) if logit is None else logit).label("logit"),
        literal(scoring.versions.regras).label("versao"),
        literal(scoring.versions.modelo).label("modelo_versao"),
        summed.c.pontos,
        *(summed.c[name] for name in (*_COPIED, *sorted(beside.difference(_COPIED)))),
    )


def _per_rule(
    scoring: Scoring, leads: FromClause, condition: ColumnElement[bool], beside: frozenset[str]
) -> Subquery:
    """The points of each rule as p0, p1 …, and the columns that are looked at behind them."""
    needed = {"equipe_id", "id", *_COPIED, *beside}
    if scoring.card:
        needed |= {name for name in card_inputs(scoring.card) if name in LEADS.c}
    fading = {known(rule).since for rule in scoring.rules.regras if rule.meia_vida_dias}
    columns = needed | fading | ({"criado_em"} if fading else set())
    found = look(scoring.rules.regras, leads, condition, sorted(columns))
    points = [
        case((test, _worth(rule, found.leads)), else_=0).label(f"p{n}")
        for n, (rule, test) in enumerate(zip(scoring.rules.regras, found.holds, strict=True))
    ]
    carried = [found.leads.c[name] for name in sorted(needed)]
    return select(*carried, *points).where(found.where).offset(0).subquery()


def _summed(scoring: Scoring, per_rule: Subquery, told: Sequence[str]) -> Subquery:
    points = [per_rule.c[f"p{n}"] for n in range(len(scoring.rules.regras))]
    total = func.least(HIGHEST, func.greatest(LOWEST, _total(scoring.rules, points)))
    columns = [
        *(per_rule.c[name] for name in ("equipe_id", "id", *told)),
        total.label("score"),
        cast(array(points), ARRAY(SmallInteger)).label("pontos"),
    ]
    if scoring.card:
        columns.append(_points(scoring, scoring.card, per_rule, points).label("soma"))
    return select(*columns).offset(0).subquery()


def _worth(rule: Rule, leads: FromClause) -> Any:
    """Its points where it holds; services/rules/evaluating has the same in Python."""
    if not rule.meia_vida_dias:
        return rule.pontos
    since = func.coalesce(leads.c[known(rule).since], leads.c.criado_em)
    days = seconds_since(since) / double(_DAY)
    halved = func.least(days / double(rule.meia_vida_dias), double(OFTEN))
    left = func.power(double(0.5), halved)
    return cast(func.round(double(rule.pontos) * left), SmallInteger)


def _total(rules: RuleSet, points: Sequence[ColumnElement[int]]) -> ColumnElement[int]:
    given = list(zip(rules.regras, points, strict=True))
    alone = [each for rule, each in given if rule.grupo is None]
    grouped = [
        _within(group, [each for rule, each in given if rule.grupo == group.nome])
        for group in rules.grupos
    ]
    return _sum([*alone, *grouped], literal(rules.base))


def _within(group: Group, points: Sequence[ColumnElement[int]]) -> ColumnElement[int]:
    total = _sum(points, literal(0))
    if group.maximo is not None:
        total = func.least(total, group.maximo)
    return total if group.minimo is None else func.greatest(total, group.minimo)


def _sum(points: Sequence[ColumnElement[Any]], start: ColumnElement[Any]) -> ColumnElement[Any]:
    """In halves: a chain of hundreds would be compiled that deep."""
    if not points:
        return start
    half = len(points) // 2
    return _sum(points[half + 1 :], _sum(points[:half], start) + points[half])


def _points(
    scoring: Scoring, card: Card, leads: Subquery, points: Sequence[ColumnElement[int]]
) -> ColumnElement[Any]:
    """Of open leads; what became of the others is known."""
    prior = _sum([points[n] for n in eligible(scoring.rules, card.sight)], literal(0))
    is_open = exists().where(
        STAGES.c.equipe_id == leads.c.equipe_id,
        STAGES.c.chave == leads.c.etapa,
        STAGES.c.tipo == StageKind.ABERTA.value,
    )
    return case((is_open, sum_sql(card, leads, prior)))


def _probability(logit: ColumnElement[Any]) -> ColumnElement[Any]:
    """Null where there is no logit."""
    near = func.greatest(double(-_SURE), func.least(double(_SURE), logit))
    known = func.power(double(1) + func.exp(-near), double(-1))
    return case((logit.is_not(None), known))
